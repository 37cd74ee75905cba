import type { ConfiguredFormat, LoggedField } from '@why502/model';
import { loggedFields } from './access.ts';
import { fieldIndexes } from './fields.ts';

/** What an access log should hold behind `combined`: key, variable, and what it is for. */
export const advised: readonly (readonly [key: string, variable: string, field: LoggedField | undefined])[] =
  [
    ['rt', 'request_time', 'duration'],
    ['uct', 'upstream_connect_time', 'attempt_connect'],
    ['uht', 'upstream_header_time', 'attempt_header'],
    ['urt', 'upstream_response_time', 'attempt_response'],
    ['ua', 'upstream_addr', 'attempts'],
    ['us', 'upstream_status', 'attempt_status'],
    ['ubr', 'upstream_bytes_received', 'attempt_bytes_received'],
    ['host', 'host', 'host'],
    ['pn', 'proxy_host', 'service'],
    ['rid', 'request_id', 'request_id'],
    ['conn', 'connection', 'connection'],
    ['ts', 'msec', undefined],
  ];

const unquoted: ReadonlySet<string> = new Set(['request_time', 'request_id', 'connection', 'msec']);

export const combined =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';

/** Widest line of a configuration that is easy to read. */
const lineWidth = 88;

/** What a log holds whose format has these variables. */
export function loggedBy(variables: readonly string[]): ReadonlySet<LoggedField> {
  return loggedFields(fieldIndexes(variables));
}

/** The variable to add for a field; undefined for what every format has. */
export function variableOf(field: LoggedField): string | undefined {
  return advised.find(([, , one]) => one === field)?.[1];
}

/**
 * A `log_format` with all that tells causes apart: `combined`, or the format in use, and behind it what that lacks.
 * JSON stays JSON.
 */
export function advisedFormat(inUse?: ConfiguredFormat): string {
  const has = new Set(inUse?.variables ?? []);
  const lacks = advised.filter(
    ([, variable, field]) => !has.has(variable) && (field === undefined || !loggedBy([...has]).has(field)),
  );
  const name = inUse === undefined ? 'why502' : inUse.name;
  const escaping =
    inUse === undefined || inUse.escape === 'default'
      ? ''
      : ` escape=${inUse.escape === 'none' ? 'json' : inUse.escape}`;
  const base = inUse === undefined ? combined : bodyOf(inUse);
  const closing = /\}\s*$/.exec(base);
  const body =
    closing === null
      ? base + lacks.map(([key, variable]) => textPair(key, variable)).join('')
      : base.slice(0, closing.index) +
        lacks.map(([, variable]) => jsonPair(variable)).join('') +
        base.slice(closing.index);
  return `log_format ${name}${escaping}\n${pieces(body)};`;
}

/** What to add to a format of which only the log is known: behind its last field, or inside its object. */
export function advisedAddition(missing: ReadonlySet<LoggedField>, isJson: boolean): string {
  return advised
    .filter(([, , field]) => field !== undefined && missing.has(field))
    .map(([key, variable]) => (isJson ? jsonPair(variable) : textPair(key, variable)))
    .join('');
}

/** Ids that a load balancer or an edge in front sends along, so that a request is found in their logs as well. */
const ofChain = [
  ['ray', 'http_cf_ray'],
  ['amz', 'http_x_amzn_trace_id'],
] as const;

/** What to add to a format for them. */
export function chainAddition(isJson: boolean): string {
  return ofChain.map(([key, variable]) => (isJson ? jsonPair(variable) : textPair(key, variable))).join('');
}

function jsonPair(variable: string): string {
  return `,"${variable}":"$${variable}"`;
}

function textPair(key: string, variable: string): string {
  return ` ${key}=${unquoted.has(variable) ? `$${variable}` : `"$${variable}"`}`;
}

/** The strings of a directive as one. */
function bodyOf({ text }: ConfiguredFormat): string {
  const strings = text.replace(/^\s*log_format\s+\S+\s*(?:escape=\w+\s*)?/, '');
  const quoted = [...strings.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(\S+)/gs)];
  return quoted
    .map(([, single, double, bare]) => single ?? double ?? bare ?? '')
    .join('')
    .replace(/\\(["'])/g, '$1');
}

/** The body as quoted strings, broken in front of fields. */
function pieces(body: string): string {
  const lines = [''];
  for (const part of body.split(/(?=[ ,](?:\S+=)?"?[\w"]*:?"?\$)/)) {
    const last = lines.at(-1)!;
    if (last !== '' && last.length + part.length > lineWidth) lines.push(part);
    else lines[lines.length - 1] = last + part;
  }
  return lines.map((line) => `  '${line.replace(/'/g, "\\'")}'`).join('\n');
}
