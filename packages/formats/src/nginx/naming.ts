/** What values of a variable look like; variables that are absent here take any text. */
const shapes: Readonly<Record<string, RegExp>> = {
  msec: /^\d{10}(\.\d{3}|\d{3})$/,
  time_iso8601: /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/,
  time_local: /^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}$/,
  status: /^\d{3}$/,
  request_time: /^(\d+(\.\d+)?|-|)$/,
  body_bytes_sent: /^(\d+|-|)$/,
  remote_addr: /^([\d.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*|unix:|-|)$/,
  request_method: /^([A-Z_-]{2,20}|-|)$/,
  server_protocol: /^(HTTP\/\d(\.\d)?|-|)$/,
  request_uri: /^([/*].*|[a-z]+:\/\/.*|[^\s/]+:\d+|-|)$/is,
  request: /^([A-Z_-]{2,20} \S.*|-|)$/s,
  request_id: /^([0-9a-fA-F-]{16,}|-|)$/,
  connection: /^(\d+|-|)$/,
  http_cf_ray: /^([0-9a-f]{16}(-[A-Z]{3})?|-|)$/i,
  http_x_amzn_trace_id: /^(\w[\w-]*=[^;]*(;[^;]*)*|-|)$/,
  http_traceparent: /^([0-9a-f]{2}-[0-9a-f]{32}-.*|-|)$/i,
  otel_trace_id: /^([0-9a-f]{32}|-|)$/i,
  otel_span_id: /^([0-9a-f]{16}|-|)$/i,
  host: /^[^\s/]*$/,
  proxy_host: /^[^\s/]*$/,
  upstream_addr: listOf(String.raw`unix:\S+|\S*:\d+|[\w.-]+|`),
  upstream_status: listOf(String.raw`\d{3}|-|`),
  upstream_connect_time: listOf(String.raw`\d+\.\d+|-|`),
  upstream_header_time: listOf(String.raw`\d+\.\d+|-|`),
  upstream_response_time: listOf(String.raw`\d+(?:\.\d+)?|-|`),
  upstream_bytes_received: listOf(String.raw`\d+|-|`),
  upstream_bytes_sent: listOf(String.raw`\d+|-|`),
};

function listOf(entry: string): RegExp {
  return new RegExp(`^(${entry})((, | : )(${entry}))*$`);
}

/** Keys that people give to a variable in `key=value` tails and JSON, besides the variable's own name. */
const synonyms: Readonly<Record<string, string>> = {
  msec: 't ts time timestamp epoch time_msec',
  time_iso8601: 't ts time timestamp datetime date time_iso iso8601 time_local',
  time_local: 't ts time timestamp datetime date local_time',
  status: 'st status_code code http_status response response_status response_code sc',
  request_time:
    'rt req_time reqtime request_duration response_time duration time_taken apptime latency elapsed total_time took',
  upstream_connect_time: 'uct connect_time upstream_connect us_ct upconnect',
  upstream_header_time: 'uht header_time upstream_header us_ht',
  upstream_response_time: 'urt upstream_time upstream_response us_rt upstream_duration uptime',
  upstream_addr: 'ua up upstream upstream_address uaddr backend backend_addr peer us_addr',
  upstream_status: 'us ust upstatus upstream_status_code backend_status us_status',
  upstream_bytes_received: 'ubr upstream_received upstream_bytes',
  upstream_bytes_sent: 'ubs upstream_sent',
  host: 'h vhost domain virtual_host req_host request_host',
  proxy_host: 'pn upstream_name proxy service service_name upstream_group backend_name',
  remote_addr: 'ca client client_ip clientip client_addr remote_ip remote_host remote ip src src_ip',
  request_method: 'm method verb http_method req_method',
  request_uri: 'u uri url path request_path request_url target',
  server_protocol: 'p protocol proto http_version http_protocol',
  request: 'req request_line r',
  request_id: 'rid id req_id reqid requestid x_request_id http_x_request_id trace_id',
  connection: 'cn conn connection_id conn_id cid',
  body_bytes_sent: 'b bytes size body_bytes response_size response_bytes bytes_out body_size',
  http_user_agent: 'agent useragent user_agent ua http_ua',
  http_referer: 'ref referer referrer http_referrer',
  http_x_forwarded_for: 'xff x_forwarded_for forwarded_for',
  http_cf_ray: 'ray cf_ray cfray ray_id',
  http_x_amzn_trace_id: 'amz amzn xamzn amzn_trace_id x_amzn_trace_id trace trace_id',
  http_traceparent: 'tp traceparent w3c_trace',
  otel_trace_id: 'opentelemetry_trace_id trace',
  otel_span_id: 'opentelemetry_span_id span span_id spanid',
};

const variablesByKey = new Map<string, string[]>();
for (const [variable, keys] of Object.entries(synonyms)) {
  for (const key of keys.split(' ')) variablesByKey.set(key, [...(variablesByKey.get(key) ?? []), variable]);
}

/** Names of nginx's own variables: a key of such a name means that variable, whatever its values look like. */
const ownName =
  /^(remote_|realip_|server_|request$|request_|upstream_|http_|sent_http_|cookie_|arg_|ssl_|proxy_|geoip|gzip_|connection|body_bytes_sent|bytes_sent|status$|host$|hostname|pid|pipe|scheme|args|query_string|uri$|time_local|time_iso8601|msec$|limit_|nginx_version|content_|document_|binary_|tcpinfo_)/;

/**
 * A variable for each column of a sample, told by its key, and for keys that mean nothing by the shape of the values.
 * Each variable is given once; a column that nothing tells is `field_N`.
 */
export function nameColumns(
  keys: readonly (string | undefined)[],
  valuesAt: (column: number) => readonly string[],
  taken: ReadonlySet<string> = new Set(),
): string[] {
  const used = new Set(taken);
  const claim = (variable: string | undefined) => {
    if (variable === undefined || used.has(variable)) return undefined;
    used.add(variable);
    return variable;
  };
  // Keys first: clients write some of the values, and could make one look like a column that has a name.
  const named = keys.map((key, column) =>
    key === undefined ? undefined : claim(variableByKey(meant(key, keys), valuesAt(column))),
  );
  return named.map(
    (variable, column) => variable ?? claim(variableByShape(valuesAt(column))) ?? `field_${column + 1}`,
  );
}

/**
 * Beside `vhost`, `host` is who asked: the labels of LTSV (http://ltsv.org) are those of Apache. Beside `span_id`, `trace_id` is
 * that of OpenTelemetry (https://opentelemetry.io/docs/specs/otel/compatibility/logging_trace_context/).
 */
function meant(key: string, keys: readonly (string | undefined)[]): string {
  if (key === 'host' && keys.includes('vhost')) return 'remote_host';
  return key === 'trace_id' && keys.includes('span_id') ? 'otel_trace_id' : key;
}

function variableByKey(key: string, values: readonly string[]): string | undefined {
  const name = key.toLowerCase().replace(/^[$@]/, '').replaceAll(/[-. ]/g, '_');
  const isTime = ['msec', 'time_local', 'time_iso8601'].includes(name);
  if (ownName.test(name) && !variablesByKey.has(name) && (!isTime || mostlyHolds(name, values))) return name;
  const [own, ...others] = [name, ...(variablesByKey.get(name) ?? [])];
  if (Object.hasOwn(shapes, own!) && mostlyHolds(own!, values)) return own;
  return others.find((variable) => mostlyHolds(variable, values));
}

/**
 * The variable whose values alone look like this: a list of `address:port`, 32 hex digits, a list of statuses, a time.
 * Single numbers tell nothing.
 */
function variableByShape(values: readonly string[]): string | undefined {
  const telling = values.filter((value) => value !== '-' && value !== '');
  if (telling.length === 0) return undefined;
  const all = (shape: RegExp) => telling.every((value) => shape.test(value));
  if (all(/^(unix:\S+|\S+:\d+)((, | : )(unix:\S+|\S*:\d+|[\w.-]+)?)*$/) && !all(/^[a-z]+:\/\//i)) {
    return 'upstream_addr';
  }
  if (all(/^[0-9a-f]{32}$/)) return 'request_id';
  if (all(shapes.upstream_status!) && telling.some((value) => /\d(, | : )/.test(value)))
    return 'upstream_status';
  return ['time_local', 'time_iso8601'].find((variable) => all(shapes[variable]!));
}

/** Most, not all: a client can send what has the shape of nothing. */
function mostlyHolds(variable: string, values: readonly string[]): boolean {
  const shape = shapes[variable];
  // A group without a free peer stands there by its name, but among addresses.
  if (variable === 'upstream_addr' && values.some((value) => /\w/.test(value))) {
    if (!values.some((value) => value.includes(':'))) return false;
  }
  return shape === undefined || values.filter((value) => shape.test(value)).length * 5 >= values.length * 4;
}
