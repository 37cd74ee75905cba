import { timeLocalWidth } from '../time.ts';

/**
 * What a field of an access log means, and the nginx variables that hold it, the best first
 * (https://nginx.org/en/docs/varindex.html; `the_real_ip`, `proxy_upstream_name` and `req_id` are ingress-nginx's, `opentelemetry_*`
 * those of the module that it had for OpenTelemetry before nginx had one).
 */
const variablesOf = {
  msec: ['msec'],
  iso: ['time_iso8601'],
  local: ['time_local'],
  status: ['status'],
  request: ['request'],
  method: ['request_method'],
  target: ['request_uri', 'uri'],
  protocol: ['server_protocol'],
  host: ['host', 'http_host', 'server_name'],
  service: ['proxy_host', 'proxy_upstream_name'],
  duration: ['request_time'],
  peers: ['upstream_addr'],
  statuses: ['upstream_status'],
  connects: ['upstream_connect_time'],
  headers: ['upstream_header_time'],
  responses: ['upstream_response_time'],
  received: ['upstream_bytes_received'],
  sent: ['upstream_bytes_sent'],
  client: ['remote_addr', 'the_real_ip', 'realip_remote_addr'],
  userAgent: ['http_user_agent'],
  requestId: ['request_id', 'req_id', 'http_x_request_id'],
  connection: ['connection'],
  responseBytes: ['body_bytes_sent', 'bytes_sent'],
  ray: ['http_cf_ray'],
  amazonTrace: ['http_x_amzn_trace_id'],
  traceparent: ['http_traceparent'],
  otelTrace: ['otel_trace_id', 'opentelemetry_trace_id'],
  otelSpan: ['otel_span_id', 'opentelemetry_span_id'],
  forwardedFor: ['http_x_forwarded_for'],
} as const satisfies Record<string, readonly string[]>;

export type Role = keyof typeof variablesOf;

/** Every role, in one order. */
const roles = Object.keys(variablesOf) as readonly Role[];

/** Index of the field of each role among the variables of a format, -1 where the format lacks it. */
export type FieldIndexes = Readonly<Record<Role, number>>;

export function fieldIndexes(variables: readonly string[]): FieldIndexes {
  const indexOf = (role: Role) =>
    variablesOf[role].map((name) => variables.indexOf(name)).find((index) => index >= 0) ?? -1;
  return Object.fromEntries(roles.map((role) => [role, indexOf(role)])) as Record<Role, number>;
}

/** A list over attempts: its values hold ", " and " : " themselves (ngx_http_upstream_addr_variable and its kin). */
export function isList(variable: string): boolean {
  return /^upstream_(addr|status|connect_time|header_time|response_time|response_length|bytes_(received|sent))$/.test(
    variable,
  );
}

/** No client can bring a space into these. */
export function isSpaceless(variable: string): boolean {
  return spaceless.has(variable);
}

const spaceless: ReadonlySet<string> = new Set(
  (
    'remote_addr server_port msec time_iso8601 status body_bytes_sent bytes_sent request_time request_length ' +
    'request_id connection pid otel_trace_id otel_span_id'
  ).split(' '),
);

/** Bytes that every value has: nginx pads a status to three digits and writes times with three decimals. */
export function leastWidth(variable: string): number {
  switch (variable) {
    case 'time_local':
      return timeLocalWidth;
    case 'request_time':
      return 5;
    case 'status':
      return 3;
    default:
      return 0;
  }
}
