import type { Format, LoggedField } from '@why502/model';
import type { FieldName } from './fields.ts';
import { jsonRequests } from './http-requests.ts';

/** The fields of http_requests that a thing is told by. */
const fieldsFor: Partial<Readonly<Record<LoggedField, readonly FieldName[]>>> = {
  attempts: ['OriginIP'],
  attempt_status: ['OriginResponseStatus'],
  attempt_connect: [
    'OriginTCPHandshakeDurationMs',
    'OriginTLSHandshakeDurationMs',
    'OriginDNSResponseTimeMs',
  ],
  attempt_header: ['OriginResponseHeaderReceiveDurationMs'],
  attempt_response: ['OriginResponseDurationMs'],
  duration: ['EdgeStartTimestamp', 'EdgeEndTimestamp'],
  host: ['ClientRequestHost'],
  service: ['ClientRequestHost'],
  method: ['ClientRequestMethod', 'ClientRequestURI'],
  client: ['ClientIP'],
  user_agent: ['ClientRequestUserAgent'],
  place: ['EdgeColoCode'],
  trail: ['RayID', 'ParentRayID'],
};

/** What tells whose request it is and how the edge came to its answer; no thing of its own. */
const others: readonly FieldName[] = [
  'ClientRequestSource',
  'ClientRequestProtocol',
  'CacheCacheStatus',
  'EdgePathingSrc',
  'EdgePathingOp',
  'EdgePathingStatus',
  'WorkerSubrequest',
  'WorkerStatus',
];

/** Names to choose for a job, so that its lines tell these things. */
export function edgeFieldsFor(told: readonly LoggedField[]): readonly string[] {
  return [...new Set(told.flatMap((field) => fieldsFor[field] ?? []))];
}

/** A log as a job with few fields would write it. */
export interface EdgeSubset {
  readonly format: Format;
  /** A line of all fields as the job would write it. */
  line(whole: string): string;
}

/** What a job writes that was told to write what these things are told by. */
export function edgeSubset(told: ReadonlySet<LoggedField>): EdgeSubset {
  const chosen = new Set<string>([
    ...['EdgeResponseStatus', 'EdgeEndTimestamp', ...others, ...edgeFieldsFor([...told])],
    ...(told.has('code') ? ['RequestHeaders', 'ResponseHeaders'] : []),
  ]);
  return {
    format: jsonRequests([]),
    line(whole) {
      const object: Readonly<Record<string, unknown>> = JSON.parse(whole);
      return JSON.stringify(Object.fromEntries(Object.entries(object).filter(([key]) => chosen.has(key))));
    },
  };
}
