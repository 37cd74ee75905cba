import type { Bytes, HttpStatus, Instant, Millis } from './units.ts';

/** The log a row was read from. */
export type SourceKind = (typeof sourceKinds)[number];

/**
 * `nginx`, `alb` and `cloudflare` are requests; `nginx_error` and `cloudflared` are what a proxy says beside them, and
 * `alb_health` and `alb_connection` what a load balancer tells of its targets and its clients. `other` is a hop whose log
 * is not read: all that is known of it is a page that it made.
 */
export const sourceKinds = [
  'nginx',
  'nginx_error',
  'alb',
  'alb_health',
  'alb_connection',
  'cloudflare',
  'cloudflared',
  'other',
] as const;

/** The sources whose rows are requests: hops that a request may pass. */
export type HopSource = Extract<SourceKind, 'nginx' | 'alb' | 'cloudflare' | 'other'>;

export function isOfRequests(source: SourceKind): source is HopSource {
  return source === 'nginx' || source === 'alb' || source === 'cloudflare' || source === 'other';
}

/** The hop that a log is of. */
export function hopOf(source: SourceKind): HopSource {
  if (source.startsWith('nginx')) return 'nginx';
  if (source === 'other') return 'other';
  return source.startsWith('alb') ? 'alb' : 'cloudflare';
}

/** Where a row stands. `file` is the path as given (`<argument>/<relative>` below a folder); lines count from 1. */
export interface RowRef {
  readonly source: SourceKind;
  readonly file: string;
  readonly line: number;
}

/**
 * One try of a proxy at one peer. A field is `undefined` where the log does not hold it or the try ended before it;
 * `RequestRecord.logged` tells the two apart.
 */
export interface Attempt {
  /** Internal redirects start a new pass (nginx separates passes by " : "); 0 is the first. */
  readonly pass: number;
  /** `address:port`, `unix:/path`, or the name of the group when no peer could be picked. */
  readonly peer: string | undefined;
  readonly status: HttpStatus | undefined;
  /** Until the name of the peer was resolved; undefined where the log does not tell. */
  readonly lookup?: Millis | undefined;
  /** Until the connection, TLS included, was up; 0 on a reused one. */
  readonly connect: Millis | undefined;
  /** Until a valid response header had arrived. */
  readonly header: Millis | undefined;
  /** Until the last byte or the failure. */
  readonly response: Millis | undefined;
  readonly bytesReceived: Bytes | undefined;
  readonly bytesSent: Bytes | undefined;
}

/**
 * An identifier that several hops may log of one request. `ray`: Cloudflare's RayID, without the place behind it.
 * `parent_ray`: that of the request for whose sake this one was made. `trace_root` and `trace_self`: the two parts of
 * X-Amzn-Trace-Id. `traceparent`: the trace id of W3C Trace Context, which several requests may share. `request`: of a
 * proxy or application. `connection`: ALB's TID, one per connection of the client.
 */
export interface RequestIdentity {
  readonly kind:
    | 'ray'
    | 'parent_ray'
    | 'trace_root'
    | 'trace_self'
    | 'traceparent'
    | 'request'
    | 'connection';
  readonly value: string;
}

/** Where a request belongs in a trace: lower-case hex digits, never zeros (https://www.w3.org/TR/trace-context/). */
export interface TraceContext {
  /** 32 digits. */
  readonly traceId: string;
  /** 16 digits; of the hop itself where its log tells that, else of whoever called it. */
  readonly spanId: string | undefined;
}

/** What ties the request as this hop saw it to the same request at other hops. */
export interface Trail {
  readonly ids: readonly RequestIdentity[];
  /** Absent where the log names no trace. */
  readonly trace?: TraceContext | undefined;
  /** Addresses of X-Forwarded-For as logged, the first being who began; never trusted alone, since clients can send it. */
  readonly forwardedFor: string | undefined;
  /** Address from which this hop went to the next one, which is that hop's client. */
  readonly egress: string | undefined;
}

/** What a hop says about a failure by a code in the request's own line. */
export interface Statement {
  readonly symptom: Symptom;
  /** The code as the log or the vendor spells it: `LambdaThrottling`, `1016`, `521`. */
  readonly code: string;
}

/** What a log can hold about a request; the names are those shown to users in `would_settle`. */
export type LoggedField =
  | 'attempts'
  | 'attempt_status'
  | 'attempt_connect'
  | 'attempt_header'
  | 'attempt_response'
  | 'attempt_bytes_received'
  | 'duration'
  | 'host'
  | 'service'
  | 'request_id'
  | 'connection'
  | 'client'
  | 'method'
  | 'user_agent'
  | 'place'
  | 'code'
  | 'trail';

/** One request as one hop logged it. */
export interface RequestRecord {
  readonly kind: 'request';
  readonly row: RowRef;
  /** Hash of the exact bytes of the line, without its line break: the root of the verdict's id. */
  readonly lineHash: string;
  /** When the request ended, which for nginx is when the line was written. */
  readonly end: Instant;
  /** How coarse `end` is: the true end lies in [end, end + resolution). */
  readonly resolution: Millis;
  /** Offset of the log's local time from UTC, in minutes, where the line states it. */
  readonly zoneOffsetMin: number | undefined;
  readonly duration: Millis | undefined;
  /** When the request came in, where the line states it by itself; else it is `end` less `duration`. */
  readonly start: Instant | undefined;
  readonly status: HttpStatus;
  readonly method: string | undefined;
  /** Path and query as the client sent them, escapes of the log undone. Never print it: use `redactTarget`. */
  readonly target: string | undefined;
  /** The request line as logged, for joining only; without the protocol where the log lacks that. */
  readonly requestLine: string | undefined;
  /** Route class of the target, as in the `route` column. */
  readonly route: string | undefined;
  readonly host: string | undefined;
  readonly client: string | undefined;
  readonly userAgent: string | undefined;
  readonly requestId: string | undefined;
  /** nginx `$connection`, equal to the `*N` of its error log within one start. */
  readonly connection: string | undefined;
  readonly responseBytes: Bytes | undefined;
  /** The body is as long as the page that the proxy makes by itself for this status; undefined where that is not known. */
  readonly ownPage: boolean | undefined;
  /** Upstream group or target group where logged. */
  readonly service: string | undefined;
  /** The tries in order. Empty with `attempts` logged: no peer was tried. */
  readonly attempts: readonly Attempt[];
  /** What the hop says of the failure by a code of its own; undefined without one, or for a code nothing is known of. */
  readonly said: Statement | undefined;
  /** Where at the hop: the colo of an edge, the node of a load balancer. */
  readonly place: string | undefined;
  /**
   * Whose request it is. `subrequest`: made by a program at this hop for a visitor's; `probe`: a check of health;
   * `internal`: the hop's own, which no visitor saw fail.
   */
  readonly asker: 'visitor' | 'subrequest' | 'probe' | 'internal';
  /** The answer came out of a store of this hop, without a peer. */
  readonly cached: boolean;
  readonly trail: Trail;
  readonly logged: ReadonlySet<LoggedField>;
}

/** One line of a proxy's error log. */
export interface ErrorRecord {
  readonly kind: 'error_line';
  readonly row: RowRef;
  readonly lineHash: string;
  /** The local time as written, read as if it were UTC: nginx logs no zone (nginx src/core/ngx_times.c). */
  readonly wall: Instant;
  /** Offset of `wall` from UTC in minutes, where what the line came wrapped in tells it. */
  readonly zoneOffsetMin: number | undefined;
  readonly level: string;
  readonly pid: number | undefined;
  readonly connection: string | undefined;
  readonly symptom: Symptom;
  /** The message up to the context, for display. Never print it raw: use `visible`. */
  readonly message: string;
  /** What nginx was doing, from " while …". */
  readonly action: string | undefined;
  readonly client: string | undefined;
  readonly server: string | undefined;
  readonly requestLine: string | undefined;
  /** Set for lines about a subrequest, whose failure no visitor saw by itself. */
  readonly subrequest: string | undefined;
  readonly scheme: string | undefined;
  readonly peer: string | undefined;
  readonly host: string | undefined;
  /** Ids of the request that it names; absent without one. */
  readonly ids?: readonly RequestIdentity[];
  /** Cut at the proxy's line limit, so context may be missing. */
  readonly truncated: boolean;
  /**
   * A line break that a client sent may have broken up the message: `begun`, the line quotes something and ends without
   * context; `ended`, it is about a request that holds an escaped line break. Absent where neither is so.
   */
  readonly broken?: 'begun' | 'ended';
}

export type LogRecord = RequestRecord | ErrorRecord;

/** What a proxy's own words say happened, in words of no particular proxy. */
export type Symptom = (typeof symptoms)[number];

export const symptoms = [
  // while connecting
  'connect_refused',
  'socket_missing',
  'socket_permission',
  'socket_refused',
  'socket_queue_full',
  'socket_wrong_type',
  'connect_forbidden',
  'connect_no_local_port',
  'connect_invalid_address',
  'connect_no_route',
  'connect_network_unreachable',
  'connect_timed_out',
  'connect_reset',
  // while agreeing on TLS with the peer
  'tls_peer_speaks_plain',
  'tls_refused',
  'tls_name_refused',
  'tls_client_certificate_refused',
  'tls_certificate_unverified',
  'tls_certificate_name',
  'tls_closed',
  'tls_timed_out',
  // while sending and waiting for the header
  'reset_before_header',
  'closed_before_header',
  'send_failed',
  'send_timed_out',
  'header_timed_out',
  'header_too_big',
  'header_malformed',
  'not_http',
  'early_response',
  'stream_refused',
  // after the header
  'body_closed',
  'body_reset',
  'body_timed_out',
  'body_malformed',
  'body_excess',
  // no peer to ask
  'no_live_peer',
  'peer_disabled',
  'name_not_found',
  'resolver_failed',
  'resolver_missing',
  'resolver_noise',
  // the proxy's own limits and configuration
  'proxy_connections_exhausted',
  'proxy_files_exhausted',
  'proxy_bind_failed',
  'proxy_address_family',
  'upstream_invalid',
  'redirect_cycle',
  'auth_subrequest_failed',
  'requests_limited',
  'connections_limited',
  'worker_process_died',
  'configuration_reloaded',
  // what a hop says by codes in the request's own line
  /** The answer was closed, empty, reset, malformed or too large: the hop does not tell which. */
  'answer_unusable',
  /** No way leads to the origin: its name is unknown, or the tunnel to it is down. */
  'origin_unfound',
  'tunnel_down',
  'address_forbidden',
  'request_loop',
  'requests_queued',
  /** The hop failed by itself, or a service of its own did. */
  'hop_failed',
  'no_peer_registered',
  'protocol_version_refused',
  'rewrite_failed',
  /** A rule gave the answer, as it was told to. */
  'answered_by_rule',
  'function_failed',
  'function_throttled',
  'function_set_up_wrong',
  'function_answer_invalid',
  'function_unreachable',
  'login_service_failed',
  'login_refused',
  // what checks of a peer's health say
  'health_check_timed_out',
  'health_check_reset',
  'health_check_answer_wrong',
  'health_check_failed',
  // what the application or the client did
  'application_memory',
  'application_fatal',
  'application_stderr',
  'client_closed',
  'client_timed_out',
  'client_invalid',
  /** A line that says something else. */
  'other',
] as const;
