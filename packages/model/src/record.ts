import type { Bytes, HttpStatus, Instant, Millis } from './units.ts';

/** The log a row was read from. */
export type SourceKind = 'nginx' | 'nginx_error' | 'alb' | 'cloudflare';

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
  /** Until the connection, TLS included, was up; 0 on a reused one. */
  readonly connect: Millis | undefined;
  /** Until a valid response header had arrived. */
  readonly header: Millis | undefined;
  /** Until the last byte or the failure. */
  readonly response: Millis | undefined;
  readonly bytesReceived: Bytes | undefined;
  readonly bytesSent: Bytes | undefined;
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
  | 'user_agent';

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
