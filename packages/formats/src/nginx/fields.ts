import { timeLocalWidth } from '../time.ts';

/**
 * What a field of an access log means, and the nginx variables that hold it, the best first
 * (https://nginx.org/en/docs/varindex.html; `the_real_ip`, `proxy_upstream_name` and `req_id` are ingress-nginx's).
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
} as const satisfies Record<string, readonly string[]>;

export type Role = keyof typeof variablesOf;

/** Every role, in one order. */
export const roles = Object.keys(variablesOf) as readonly Role[];

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

/** Values are mostly a hundred bytes and more: below that a native search for the end costs more than it saves. */
export function isLong(variable: string): boolean {
  return /^(http_user_agent|http_cookie|cookie_.*)$/.test(variable);
}

/** What values of a variable look like; variables that are absent here take any text. */
const shapes: Readonly<Record<string, RegExp>> = {
  msec: /^\d{10}(\.\d{3}|\d{3})$/,
  time_iso8601: /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/,
  time_local: /^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}$/,
  status: /^\d{3}$/,
  request_time: /^(\d+(\.\d+)?|-|)$/,
  body_bytes_sent: /^(\d+|-|)$/,
  bytes_sent: /^(\d+|-|)$/,
  remote_addr: /^([\d.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*|unix:|-|)$/,
  request_method: /^([A-Z_-]{2,20}|)$/,
  server_protocol: /^(HTTP\/\d(\.\d)?|-|)$/,
  request_uri: /^([/*].*|[a-z]+:\/\/.*|[^\s/]+:\d+|-|)$/i,
  request_id: /^([0-9a-fA-F-]{16,}|-|)$/,
  connection: /^(\d+|-|)$/,
  upstream_addr: /^(-|)$|^(unix:\S+|\S*:\d+|[\w.-]+)?((, | : )(unix:\S+|\S*:\d+|[\w.-]+)?)*$/,
  upstream_status: /^(\d{3}|-|)((, | : )(\d{3}|-|))*$/,
  upstream_connect_time: /^(\d+\.\d+|-|)((, | : )(\d+\.\d+|-|))*$/,
  upstream_header_time: /^(\d+\.\d+|-|)((, | : )(\d+\.\d+|-|))*$/,
  upstream_response_time: /^(\d+(\.\d+)?|-|)((, | : )(\d+(\.\d+)?|-|))*$/,
  upstream_bytes_received: /^(\d+|-|)((, | : )(\d+|-|))*$/,
  upstream_bytes_sent: /^(\d+|-|)((, | : )(\d+|-|))*$/,
  host: /^[^\s/]*$/,
  proxy_host: /^[^\s/]*$/,
  request: /^([A-Z_-]{2,20} \S.*|-|)$/,
};

/** Names that people give to a variable in `key=value` tails and JSON keys, besides the variable's own name. */
const synonyms: Readonly<Record<string, readonly string[]>> = {
  msec: ['t', 'ts', 'time', 'timestamp', 'epoch', 'time_msec'],
  time_iso8601: ['t', 'ts', 'time', 'timestamp', 'datetime', 'date', 'time_iso', 'iso8601', 'time_local'],
  time_local: ['t', 'ts', 'time', 'timestamp', 'datetime', 'date', 'local_time'],
  status: ['st', 'status_code', 'code', 'http_status', 'response', 'response_status', 'response_code', 'sc'],
  request_time: [
    ...[
      'rt',
      'req_time',
      'reqtime',
      'request_duration',
      'response_time',
      'duration',
      'time_taken',
      'apptime',
    ],
    ...['latency', 'elapsed', 'total_time', 'took'],
  ],
  upstream_connect_time: ['uct', 'connect_time', 'upstream_connect', 'us_ct', 'upconnect'],
  upstream_header_time: ['uht', 'header_time', 'upstream_header', 'us_ht'],
  upstream_response_time: [
    'urt',
    'upstream_time',
    'upstream_response',
    'us_rt',
    'upstream_duration',
    'uptime',
  ],
  upstream_addr: [
    'ua',
    'up',
    'upstream',
    'upstream_address',
    'uaddr',
    'backend',
    'backend_addr',
    'peer',
    'us_addr',
  ],
  upstream_status: ['us', 'ust', 'upstatus', 'upstream_status_code', 'backend_status', 'us_status'],
  upstream_bytes_received: ['ubr', 'upstream_received', 'upstream_bytes'],
  upstream_bytes_sent: ['ubs', 'upstream_sent'],
  host: ['h', 'vhost', 'domain', 'virtual_host', 'req_host', 'request_host'],
  proxy_host: ['pn', 'upstream_name', 'proxy', 'service', 'service_name', 'upstream_group', 'backend_name'],
  remote_addr: [
    'ca',
    'client',
    'client_ip',
    'clientip',
    'client_addr',
    'remote_ip',
    'remote',
    'ip',
    'src',
    'src_ip',
  ],
  request_method: ['m', 'method', 'verb', 'http_method', 'req_method'],
  request_uri: ['u', 'uri', 'url', 'path', 'request_path', 'request_url', 'target'],
  server_protocol: ['p', 'protocol', 'proto', 'http_version', 'http_protocol'],
  request: ['req', 'request_line', 'r'],
  request_id: ['rid', 'id', 'req_id', 'reqid', 'requestid', 'x_request_id', 'http_x_request_id', 'trace_id'],
  connection: ['cn', 'conn', 'connection_id', 'conn_id', 'cid'],
  body_bytes_sent: [
    'b',
    'bytes',
    'size',
    'body_bytes',
    'response_size',
    'response_bytes',
    'bytes_out',
    'body_size',
  ],
  http_user_agent: ['agent', 'useragent', 'user_agent', 'ua', 'http_ua'],
  http_referer: ['ref', 'referer', 'referrer', 'http_referrer'],
  http_x_forwarded_for: ['xff', 'x_forwarded_for', 'forwarded_for'],
};

const variablesByKey = new Map<string, string[]>();
for (const [variable, keys] of Object.entries(synonyms)) {
  for (const key of [variable, ...keys]) {
    const known = variablesByKey.get(key) ?? [];
    // Under its own name a variable is more likely than under a synonym.
    if (key === variable) known.unshift(variable);
    else known.push(variable);
    variablesByKey.set(key, known);
  }
}
for (const variable of Object.values(variablesOf).flat()) {
  if (!variablesByKey.has(variable)) variablesByKey.set(variable, [variable]);
}

/**
 * The variable that a key stands for, its values in a sample being these; undefined where neither the key nor the
 * shape of the values tells.
 */
export function variableOf(key: string, values: readonly string[]): string | undefined {
  const name = key.toLowerCase().replace(/^[$@]/, '').replaceAll(/[-. ]/g, '_');
  const known = variablesByKey.get(name)?.find((variable) => mayHold(variable, values));
  return known ?? variableByShape(values);
}

/**
 * Values that only one variable has: a list of `address:port`, 32 hex digits, a list of statuses, a time. Single
 * numbers tell nothing.
 */
export function variableByShape(values: readonly string[]): string | undefined {
  const telling = values.filter((value) => value !== '-' && value !== '');
  if (telling.length === 0) return undefined;
  const all = (shape: RegExp) => telling.every((value) => shape.test(value));
  if (all(/^(unix:\S+|\S+:\d+)((, | : )(unix:\S+|\S*:\d+|[\w.-]+)?)*$/) && !all(/^[a-z]+:\/\//i)) {
    return 'upstream_addr';
  }
  if (all(/^[0-9a-f]{32}$/)) return 'request_id';
  if (mayHold('upstream_status', telling) && telling.some((value) => /(, | : )/.test(value))) {
    return 'upstream_status';
  }
  return ['time_local', 'time_iso8601'].find((variable) => mayHold(variable, telling));
}

function mayHold(variable: string, values: readonly string[]): boolean {
  const shape = shapes[variable];
  return shape === undefined || values.every((value) => shape.test(value));
}
