import type { Chance } from '../world/chance.ts';
import type { Trip } from '../world/trip.ts';
import type { World } from '../world/world.ts';
import type { EdgeLine, EdgeLogSettings } from './edge-log.ts';

const who = ['ClientIP', 'ClientRequestHost', 'ClientRequestMethod', 'ClientRequestURI'];
const when = ['EdgeStartTimestamp', 'EdgeEndTimestamp', 'EdgeResponseStatus', 'RayID'];
const place = ['ClientRequestSource', 'EdgeColoCode', 'CacheCacheStatus'];
const origin = ['OriginIP', 'OriginResponseStatus', 'OriginResponseDurationMs'];
const timing = [
  'OriginDNSResponseTimeMs',
  'OriginTCPHandshakeDurationMs',
  'OriginTLSHandshakeDurationMs',
  'OriginRequestHeaderSendDurationMs',
  'OriginResponseHeaderReceiveDurationMs',
];

/** Which fields a job delivers. Fields are chosen for each job, and any may be absent. */
const sets = {
  full: [
    ...who,
    'ClientRequestProtocol',
    'ClientRequestUserAgent',
    ...place,
    ...when,
    'EdgeResponseBytes',
    'EdgeTimeToFirstByteMs',
    'EdgePathingSrc',
    'EdgePathingOp',
    'EdgePathingStatus',
    'EdgeRequestHost',
    'EdgeServerIP',
    ...origin,
    ...timing,
    'OriginSSLProtocol',
    'ParentRayID',
    'WorkerStatus',
    'WorkerSubrequest',
    'ZoneName',
  ],
  /** In the order of the alphabet, as some tools write jobs, and without what is said about Workers and pathing. */
  timed: [
    ...who,
    'ClientRequestUserAgent',
    'ClientRequestProtocol',
    ...place,
    ...when,
    'EdgeResponseBytes',
    ...origin,
    ...timing,
    'OriginSSLProtocol',
    'ParentRayID',
  ].sort(),
  /** No timing of the origin but the whole. */
  plain: [...who, 'ClientRequestUserAgent', ...place, ...when, 'EdgeResponseBytes', ...origin],
  /** What was the default for a long time: nothing about the origin's address or time. */
  old: [...who, 'ClientRequestUserAgent', ...when, 'EdgeResponseBytes', 'OriginResponseStatus'],
} as const;

export type Fields = keyof typeof sets;

export function fieldsOf(
  world: World,
  settings: EdgeLogSettings,
  trip: Trip,
  line: EdgeLine,
  chance: Chance,
): string {
  const { ask } = trip;
  const [source, op, status] = line.pathing;
  const time = (moment: number) => stamp(settings.timestamps, world.date(moment), chance);
  const all: Record<string, string> = {
    ...texts({
      ClientIP: ask.client,
      ClientRequestHost: ask.host,
      ClientRequestMethod: ask.method,
      ClientRequestURI: ask.path,
      ClientRequestProtocol: ask.protocol,
      ClientRequestUserAgent: ask.agent,
      ClientRequestSource: ask.source,
      EdgeColoCode: line.colo.code,
      CacheCacheStatus: line.cache,
      RayID: line.ray,
      EdgePathingSrc: source,
      EdgePathingOp: op,
      EdgePathingStatus: status,
      EdgeRequestHost: line.requestHost,
      EdgeServerIP: line.egress,
      OriginIP: line.originAddress,
      OriginSSLProtocol: line.secure,
      ParentRayID: line.parent,
      WorkerStatus: line.worker,
      ZoneName: settings.zone,
    }),
    EdgeStartTimestamp: time(line.began),
    EdgeEndTimestamp: time(line.ended),
    EdgeResponseStatus: `${line.status}`,
    EdgeResponseBytes: `${line.status === 499 || line.status === 0 ? 0 : line.bytes}`,
    EdgeTimeToFirstByteMs: `${Math.round(line.ended - line.began)}`,
    OriginResponseStatus: `${line.originStatus}`,
    OriginResponseDurationMs: `${line.response}`,
    OriginDNSResponseTimeMs: `${line.dns}`,
    OriginTCPHandshakeDurationMs: `${line.tcp}`,
    OriginTLSHandshakeDurationMs: `${line.tls}`,
    OriginRequestHeaderSendDurationMs: '0',
    OriginResponseHeaderReceiveDurationMs: `${line.header}`,
    WorkerSubrequest: `${line.parent !== '00'}`,
  };
  const fields = sets[settings.fields].map((name) => `"${name}":${all[name]}`);
  if (settings.purposes && ask.purpose !== '') {
    fields.push(`"RequestHeaders":{"sec-purpose":"${ask.purpose}"}`);
  }
  if (settings.codes && line.code !== '') fields.push(`"ResponseHeaders":{"cf-error-type":"${line.code}"}`);
  return `{${fields.join(',')}}`;
}

function texts(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)]));
}

/** Nanoseconds are beyond what a number holds exactly, so they are put together as text. */
function stamp(form: EdgeLogSettings['timestamps'], milliseconds: number, chance: Chance): string {
  if (form === 'unix') return `${Math.floor(milliseconds / 1000)}`;
  if (form === 'rfc3339') return `"${new Date(milliseconds).toISOString().slice(0, 19)}Z"`;
  const micros = Math.floor((milliseconds % 1000) * 1000);
  return `${Math.floor(milliseconds / 1000)}${`${micros}`.padStart(6, '0')}${`${chance.whole(0, 999)}`.padStart(3, '0')}`;
}
