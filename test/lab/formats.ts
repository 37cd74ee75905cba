/** Access log formats of the recordings. Each holds `$request_id`, by which verdicts are matched with their labels. */
export const textFormats = {
  /** What the nginx packages call `main`, with times behind it, unquoted. */
  mainTimes:
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" ' +
    '"$http_user_agent" "$http_x_forwarded_for" $request_id rt=$request_time ua="$upstream_addr" ' +
    'us="$upstream_status" ut="$upstream_response_time" ul="$upstream_response_length" cs=$upstream_cache_status',
  /** Combined with quoted lists behind it, in the order status, address, times. */
  combinedLists:
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" ' +
    '"$http_user_agent" rid="$request_id" us="$upstream_status" ua="$upstream_addr" rt="$request_time" ' +
    'uct="$upstream_connect_time" uht="$upstream_header_time" urt="$upstream_response_time" ' +
    'ubr="$upstream_bytes_received" ubs="$upstream_bytes_sent" conn=$connection/$connection_requests',
  /** Combined with the names of variables written out behind it, unquoted. */
  longNames:
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" ' +
    '"$http_user_agent" host=$host request_id=$request_id request_time=$request_time ' +
    'upstream_addr=$upstream_addr upstream_response_time=$upstream_response_time ' +
    'upstream_connect_time=$upstream_connect_time upstream_header_time=$upstream_header_time ' +
    'upstream_status=$upstream_status',
  /** Labelled values between tabs (LTSV). */
  ltsv:
    'time:$time_iso8601\\thost:$remote_addr\\tvhost:$host\\tmethod:$request_method\\turi:$request_uri\\t' +
    'status:$status\\tsize:$body_bytes_sent\\treqtime:$request_time\\tupstream_addr:$upstream_addr\\t' +
    'upstream_status:$upstream_status\\tupstream_connect_time:$upstream_connect_time\\t' +
    'upstream_header_time:$upstream_header_time\\tupstream_response_time:$upstream_response_time\\t' +
    'request_id:$request_id\\tua:$http_user_agent',
  /** The format of ingress-nginx (docs/user-guide/nginx-configuration/log-format.md), as far as nginx alone knows it. */
  ingress:
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" ' +
    '"$http_user_agent" $request_length $request_time [$proxy_host] [] $upstream_addr ' +
    '$upstream_response_length $upstream_response_time $upstream_status $request_id',
  /** Keys and values only. */
  keyValue:
    'time=$time_iso8601 request_id=$request_id remote_addr=$remote_addr host=$host method=$request_method ' +
    'uri="$request_uri" protocol=$server_protocol status=$status bytes=$body_bytes_sent ' +
    'request_time=$request_time upstream_addr="$upstream_addr" upstream_status="$upstream_status" ' +
    'upstream_connect_time="$upstream_connect_time" upstream_header_time="$upstream_header_time" ' +
    'upstream_response_time="$upstream_response_time" user_agent="$http_user_agent"',
  /** Host first and milliseconds since 1970 in the place of the date. */
  virtualHost:
    '$host $remote_addr - $remote_user [$msec] "$request" $status $body_bytes_sent "$http_referer" ' +
    '"$http_user_agent" upstream=$upstream_addr upstream_status=$upstream_status request_time=$request_time ' +
    'upstream_response_time=$upstream_response_time upstream_connect_time=$upstream_connect_time ' +
    'upstream_header_time=$upstream_header_time request_id=$request_id',
} as const;

/** Those that are written with `escape=json`. */
export const jsonFormats = {
  /** The format that why502 recommends. */
  recommended: object({
    t: '$msec',
    id: '$request_id',
    h: '$host',
    m: '$request_method',
    u: '$request_uri',
    p: '$server_protocol',
    st: '$status',
    rt: '$request_time',
    b: '$body_bytes_sent',
    ua: '$upstream_addr',
    us: '$upstream_status',
    uct: '$upstream_connect_time',
    uht: '$upstream_header_time',
    urt: '$upstream_response_time',
    ubr: '$upstream_bytes_received',
    ubs: '$upstream_bytes_sent',
    pn: '$proxy_host',
    pid: '$pid',
    cn: '$connection',
    cr: '$connection_requests',
    ca: '$remote_addr',
    xff: '$http_x_forwarded_for',
  }),
  /** Keys named after the variables. */
  variables: object({
    time_iso8601: '$time_iso8601',
    remote_addr: '$remote_addr',
    request_method: '$request_method',
    request_uri: '$request_uri',
    server_protocol: '$server_protocol',
    status: '$status',
    body_bytes_sent: '$body_bytes_sent',
    request_time: '$request_time',
    host: '$host',
    upstream_addr: '$upstream_addr',
    upstream_status: '$upstream_status',
    upstream_connect_time: '$upstream_connect_time',
    upstream_header_time: '$upstream_header_time',
    upstream_response_time: '$upstream_response_time',
    http_user_agent: '$http_user_agent',
    request_id: '$request_id',
    connection: '$connection',
  }),
  /** Local time, and one key for the request line. */
  local: object({
    time_local: '$time_local',
    client: '$remote_addr',
    request: '$request',
    status: '$status',
    body_bytes_sent: '$body_bytes_sent',
    request_time: '$request_time',
    upstream_addr: '$upstream_addr',
    upstream_status: '$upstream_status',
    upstream_response_time: '$upstream_response_time',
    upstream_header_time: '$upstream_header_time',
    upstream_connect_time: '$upstream_connect_time',
    request_id: '$request_id',
    vhost: '$host',
    agent: '$http_user_agent',
  }),
} as const;

export type TextFormat = keyof typeof textFormats;
export type JsonFormat = keyof typeof jsonFormats;

function object(fields: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(fields).map(([key, variable]) => `"${key}":"${variable}"`);
  return `{${pairs.join(',')}}`;
}

/** `log_format` with its text in pieces of a line's width, as people write it. */
export function logFormat(name: string, text: string, escaping = ''): string {
  const pieces = text.match(/.{1,88}(?:[ ,]|\\t|$)/g) ?? [];
  const lines = pieces.map((piece) => `        '${piece}'`);
  return `    log_format ${name}${escaping && ` escape=${escaping}`}\n${lines.join('\n')};`;
}
