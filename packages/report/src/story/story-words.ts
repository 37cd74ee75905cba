import {
  type HopSource,
  hopOf,
  type Instant,
  type RequestIdentity,
  redactId,
  type SearchedLog,
  type Story,
  type Verdict,
} from '@why502/model';
import { hopNames } from './row-words.ts';

const kinds: Readonly<Record<RequestIdentity['kind'], string>> = {
  ray: 'Ray',
  parent_ray: 'Ray',
  trace_root: 'Trace',
  trace_self: 'Trace',
  traceparent: 'Trace',
  request: 'Request',
  connection: 'Connection',
};

/** `Ray 84a1b2c3d4e5f607` */
export function askedFor({ asked, rows }: Story): string {
  const ids = asked.map(({ kind, value }) => `${kinds[kind]} ${redactId(value)}`).join(', ');
  const [first] = rows;
  return first === undefined ? ids : `${ids}, ${new Date(first.at).toISOString().slice(0, 10)}, times in UTC`;
}

/** Logs of requests, of hops at which the request was not found: that it is in one file of a hop is why it is not in the next. */
export function silentLogs({ logs }: Story): readonly SearchedLog[] {
  const seen = new Set(logs.filter(({ found }) => found > 0).map(({ source }) => hopOf(source)));
  return logs.filter(({ source }) => source === hopOf(source) && !seen.has(hopOf(source)));
}

/** `10:15:03.120`: in UTC, as hops may stand in several zones. */
export function timeOfDay(at: Instant): string {
  return new Date(at).toISOString().slice(11, 23);
}

/** Who made the status, as a clause. */
export function madeBy({ hop, generator }: Verdict): string {
  switch (hop) {
    case 'app':
      return 'the application, or a hop behind those that log';
    case 'lambda':
    case 'worker':
      return 'a function';
    case 'client':
      return 'the client, who left';
    case 'other':
      return 'another hop';
    default:
      return generator === 'client'
        ? `nobody: ${hopNames[hop]} logged that the client had left`
        : hopNames[hop];
  }
}

/** Whether the silence of the logs means anything. */
export function absence(story: Story): string {
  const logs = silentLogs(story);
  if (logs.length === 0) return 'There was no log of requests to look through.';
  const telling = logs.filter(({ holdsSuchIds }) => holdsSuchIds);
  if (telling.length === 0)
    return 'That proves nothing, as none of them logs ids of this kind: the request may be in them under another name.';
  return telling.length === logs.length
    ? 'All of them log ids of this kind, so no hop saw the request in the time that they cover.'
    : 'Those that log ids of this kind did not see it in the time that they cover; the others may have.';
}

/** The field by which each hop would know the request by its id. */
const fields: Readonly<Record<HopSource, string>> = {
  cloudflare: 'RayID in the http_requests log of Cloudflare',
  alb: 'the access log of the load balancer, which holds X-Amzn-Trace-Id',
  nginx: '$http_cf_ray, $http_x_amzn_trace_id or $request_id in the log_format of nginx',
  other: '',
};

/** Logs that were not given, and fields that those given lack. */
export function whatWouldShow({ logs }: Story): readonly string[] {
  const hops = ['cloudflare', 'alb', 'nginx'] as const;
  const missing = hops.filter(
    (hop) => !logs.some(({ source, holdsSuchIds }) => hopOf(source) === hop && holdsSuchIds),
  );
  return missing.map((hop) => {
    const given = logs.some(({ source }) => hopOf(source) === hop);
    return given || hop !== 'nginx' ? fields[hop] : `the access log of nginx, with ${fields.nginx}`;
  });
}
