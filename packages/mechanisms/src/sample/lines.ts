// Lines of nginx for the cases of mechanisms: what a case leaves out is ordinary.

/** One value, or one for each try of the request. */
type EachTry<T> = T | readonly T[];

/** A time in seconds, or `-` where it did not come that far. */
type Took = number | '-';

export interface AccessSample {
  /** Seconds after 10:00:00, at which the request ended; 15 unless given. */
  readonly second?: number;
  /** `GET` unless given. */
  readonly method?: string;
  /** `/b` unless given. */
  readonly path?: string;
  readonly status: number;
  /** Seconds that the whole request took; 0.001 unless given. */
  readonly took?: number;
  /** `-` for a request that was never sent to a peer; `192.0.2.10:9000` unless given. */
  readonly peer?: EachTry<string>;
  /** Status of each try; that of the request unless given. */
  readonly upstream?: EachTry<number | '-'>;
  /** 0 unless given. */
  readonly connect?: EachTry<Took>;
  /** As long as the try where its status is below 500, else `-`, unless given. */
  readonly header?: EachTry<Took>;
  /** Seconds that each try took; as long as the request unless given. */
  readonly response?: EachTry<Took>;
  /** Bytes received from the peer; logged where given. */
  readonly received?: EachTry<number>;
}

/** A line of an access log: combined and a tail of `key=value`. */
export function access(sample: AccessSample): string {
  const { method = 'GET', path = '/b', status, took = 0.001, peer = '192.0.2.10:9000', received } = sample;
  const asked = peer !== '-';
  const upstream = asked ? (sample.upstream ?? status) : '-';
  const response = asked ? (sample.response ?? took) : '-';
  const connect = asked ? (sample.connect ?? 0) : '-';
  const header = sample.header ?? (typeof upstream === 'number' && upstream < 500 ? response : '-');
  return [
    `203.0.113.7 - - [10/Nov/2026:${clock(sample.second)} +0000]`,
    `"${method} ${path} HTTP/1.1" ${status} 157 "-" "x" rt=${seconds(took)}`,
    `uct="${list(connect, seconds)}" uht="${list(header, seconds)}" urt="${list(response, seconds)}"`,
    `ua="${list(peer, String)}" us="${list(upstream, String)}"`,
    ...(received === undefined ? [] : [`ubr="${list(received, String)}"`]),
    'host="a.test"',
  ].join(' ');
}

export interface ErrorSample {
  /** Seconds after 10:00:00; 15 unless given. */
  readonly second?: number;
  /** The `*N` of the line; 12 unless given. */
  readonly connection?: number;
  /** `error` unless given. */
  readonly level?: string;
  readonly message: string;
  /** What nginx was doing: `connecting to upstream`. */
  readonly action?: string;
  /** `GET` unless given. */
  readonly method?: string;
  /** `/b` unless given. */
  readonly path?: string;
  /** `http` unless given. */
  readonly scheme?: string;
  /** `-` for a line about no peer; `192.0.2.10:9000` unless given. */
  readonly peer?: string;
  readonly subrequest?: string;
}

/** A line of an error log about a request (ngx_http_log_error_handler in ngx_http_request.c). */
export function error(sample: ErrorSample): string {
  const { connection = 12, level = 'error', message, action, subrequest, peer = '192.0.2.10:9000' } = sample;
  const { method = 'GET', path = '/b', scheme = 'http' } = sample;
  return [
    `2026/11/10 ${clock(sample.second)} [${level}] 7#7: *${connection} ${message}`,
    ...(action === undefined ? [] : [` while ${action}`]),
    `, client: 203.0.113.7, server: a.test, request: "${method} ${path} HTTP/1.1"`,
    ...(subrequest === undefined ? [] : [`, subrequest: "${subrequest}"`]),
    ...(peer === '-'
      ? []
      : [`, upstream: "${scheme}://${peer}${peer.startsWith('unix:') ? ':' : ''}${path}"`]),
    ', host: "a.test"',
  ].join('');
}

export interface SteadySample {
  /** Seconds after 10:00:00; the first and the last with an answer. */
  readonly from: number;
  readonly to: number;
  /** Asked for in turn; `/a` alone unless given. */
  readonly routes?: readonly string[];
  /** Asked in turn; `192.0.2.10:9000` alone unless given. */
  readonly peers?: readonly string[];
  readonly method?: string;
  /** Seconds that each answer took; 0.04 unless given. */
  readonly took?: number;
  /** Answers in each second; 1 unless given. */
  readonly perSecond?: number;
}

/** Traffic that goes well. */
export function steady(sample: SteadySample): string {
  const { from, to, routes = ['/a'], peers = ['192.0.2.10:9000'], perSecond = 1 } = sample;
  return repeat((to - from + 1) * perSecond, (i) =>
    access({
      second: from + Math.floor(i / perSecond),
      status: 200,
      took: sample.took ?? 0.04,
      method: sample.method ?? 'GET',
      path: routes[i % routes.length]!,
      peer: peers[i % peers.length]!,
    }),
  );
}

export function repeat(count: number, line: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => line(i)).join('\n');
}

/** Lines or blocks of lines as one log, in the order of their times. */
export function log(...blocks: readonly string[]): string {
  const lines = blocks.join('\n').split('\n');
  const time = (line: string) => /\d\d:\d\d:\d\d/.exec(line)![0];
  return lines.sort((a, b) => (time(a) < time(b) ? -1 : time(a) > time(b) ? 1 : 0)).join('\n');
}

function clock(second = 15): string {
  const twoDigits = (n: number) => String(n).padStart(2, '0');
  return `10:${twoDigits(Math.floor(second / 60))}:${twoDigits(second % 60)}`;
}

function seconds(took: Took): string {
  return took === '-' ? took : took.toFixed(3);
}

/** nginx joins the values of several tries with a comma (ngx_http_upstream.c: ngx_http_upstream_addr_variable). */
function list<T>(value: EachTry<T>, text: (one: T) => string): string {
  return Array.isArray(value) ? value.map(text).join(', ') : text(value as T);
}
