// Lines of Cloudflare's Logpush for the cases of mechanisms: what a case leaves out is ordinary.
import { repeat } from './lines.ts';

export interface CloudflareSample {
  /** Seconds after 10:00:00, at which the answer ended; 15 unless given. */
  readonly second?: number;
  /** `GET` unless given. */
  readonly method?: string;
  /** `/b` unless given. */
  readonly path?: string;
  /** `a.test` unless given. */
  readonly host?: string;
  readonly status: number;
  /** Seconds since the request came in; 0.04 unless given. */
  readonly took?: number;
  /** Code of the place of the edge; `FRA` unless given. */
  readonly colo?: string;
  /** Empty where none was asked, or none has an address; `192.0.2.10` unless given. */
  readonly origin?: string;
  /** What the origin answered, 0 for nothing; the status itself below 499, else 0, unless given. */
  readonly answered?: number;
  /** Milliseconds until the name was looked up; 0 unless given. */
  readonly lookup?: number;
  /** Milliseconds until the connection was up, and then TLS; 0 as on a reused one unless given. */
  readonly connect?: readonly [number, number];
  /** `cf-error-type` of the answer; not logged unless given. */
  readonly errorType?: string;
  /** `WorkerStatus`; `unknown` unless given. */
  readonly worker?: string;
  /** `ClientRequestSource`; `eyeball` unless given. */
  readonly source?: string;
  /** EdgePathing's source, operation and status; `bic wl nr`, for a request that passed, unless given. */
  readonly pathing?: string;
  /** `ClientIP`; `203.0.113.7` unless given. */
  readonly client?: string;
}

/** A line of the data set `http_requests`. */
export function cloudflare(sample: CloudflareSample): string {
  const { second = 15, method = 'GET', path = '/b', host = 'a.test', status, took = 0.04 } = sample;
  const { origin = '192.0.2.10', worker = 'unknown', source = 'eyeball', pathing = 'bic wl nr' } = sample;
  const answered = sample.answered ?? (status < 499 ? status : 0);
  const [tcp, tls] = sample.connect ?? [0, 0];
  const ms = Math.round(took * 1_000);
  const [pathingSource, pathingOperation, pathingStatus] = pathing.split(' ');
  return JSON.stringify({
    EdgeEndTimestamp: stamp(second),
    EdgeStartTimestamp: stamp(second - took),
    RayID: rayId(sample),
    ClientIP: sample.client ?? '203.0.113.7',
    ClientRequestSource: source,
    ClientRequestMethod: method,
    ClientRequestHost: host,
    ClientRequestURI: path,
    EdgeColoCode: sample.colo ?? 'FRA',
    EdgePathingSrc: pathingSource,
    EdgePathingOp: pathingOperation,
    EdgePathingStatus: pathingStatus,
    EdgeResponseStatus: status,
    CacheCacheStatus: 'dynamic',
    WorkerStatus: worker,
    OriginIP: origin,
    OriginResponseStatus: answered,
    OriginDNSResponseTimeMs: sample.lookup ?? 0,
    OriginTCPHandshakeDurationMs: tcp,
    OriginTLSHandshakeDurationMs: tls,
    OriginResponseHeaderReceiveDurationMs: answered === 0 ? 0 : ms,
    OriginResponseDurationMs: origin === '' && answered === 0 ? 0 : ms,
    ...(sample.errorType === undefined ? {} : { ResponseHeaders: { 'cf-error-type': sample.errorType } }),
  });
}

export interface CloudflareSteadySample {
  /** Seconds after 10:00:00; the first and the last with an answer. */
  readonly from: number;
  readonly to: number;
  /** Asked for in turn; `/a` alone unless given. */
  readonly routes?: readonly string[];
  /** Asked in turn; `192.0.2.10` alone unless given. */
  readonly origins?: readonly string[];
  /** In turn; `FRA` alone unless given. */
  readonly colos?: readonly string[];
  /** Answers in each second; 1 unless given. */
  readonly perSecond?: number;
  /** As in `CloudflareSample`. */
  readonly host?: string;
  readonly took?: number;
  readonly method?: string;
  readonly connect?: readonly [number, number];
}

/** Traffic that goes well. */
export function cloudflareSteady(sample: CloudflareSteadySample): string {
  const { from, to, routes = ['/a'], origins = ['192.0.2.10'], colos = ['FRA'], ...rest } = sample;
  const { perSecond = 1, ...same } = rest;
  return repeat((to - from + 1) * perSecond, (i) =>
    cloudflare({
      ...same,
      second: from + i / perSecond,
      status: 200,
      path: routes[i % routes.length]!,
      origin: origins[i % origins.length]!,
      colo: colos[Math.floor(i / origins.length) % colos.length]!,
    }),
  );
}

/** Another one for another request: FNV-1a, twice, of what is said about it. */
function rayId(sample: CloudflareSample): string {
  const text = JSON.stringify(sample);
  return [0x811c9dc5, 0x01000193].map((seed) => hash(text, seed).toString(16).padStart(8, '0')).join('');
}

function hash(text: string, seed: number): number {
  let sum = seed;
  for (const letter of text) sum = Math.imul(sum ^ letter.charCodeAt(0), 0x01000193);
  return sum >>> 0;
}

function stamp(second: number): string {
  return new Date(Date.UTC(2026, 10, 10, 10) + Math.round(second * 1_000)).toISOString();
}
