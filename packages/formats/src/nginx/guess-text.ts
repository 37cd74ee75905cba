import type { LogFormat, LogFormatField } from './log-format.ts';
import { nameColumns } from './naming.ts';
import { piecesOf } from './pieces.ts';

/** A `log_format` that sample lines seem to follow. */
export interface Guess {
  readonly name: string;
  readonly format: LogFormat;
  /** How little other text would fit by chance, up to 1. */
  readonly specific: number;
}

interface Head {
  readonly name: string;
  readonly format: string;
  readonly specific: number;
}

const request = '[$time_local] "$request" $status $body_bytes_sent';
const agents = ' "$http_referer" "$http_user_agent"';
const managed =
  '$status - $request_method $scheme $host "$request_uri" ' +
  '[Client $remote_addr] [Length $body_bytes_sent] [Gzip $gzip_ratio]';

/** How lines may begin; what follows is read off the sample. The likelier first. */
const datedHeads: readonly Head[] = [
  { name: 'combined', format: `$remote_addr - $remote_user ${request}${agents}`, specific: 1 },
  {
    name: 'combined with host',
    format: `$host:$server_port $remote_addr - $remote_user ${request}${agents}`,
    specific: 1,
  },
  // BunkerWeb
  {
    name: 'combined with host and id',
    format: `$host $remote_addr - $request_id - ${request}${agents}`,
    specific: 1,
  },
  {
    name: 'combined with host',
    format: `$host $remote_addr - $remote_user ${request}${agents}`,
    specific: 1,
  },
  // ingress-nginx before 0.26
  {
    name: 'ingress',
    format: `$remote_addr - [$the_real_ip] - $remote_user ${request}${agents}`,
    specific: 1,
  },
  {
    name: 'combined without user',
    format: `$remote_addr - ${request}${agents}`,
    specific: 1,
  },
  { name: 'common', format: `$remote_addr - $remote_user ${request}`, specific: 0.95 },
  { name: 'common with host', format: `$host $remote_addr - $remote_user ${request}`, specific: 0.95 },
  {
    name: 'common without user',
    format: `$remote_addr [$time_local] "$request" $status $bytes_sent`,
    specific: 0.9,
  },
  {
    name: 'Nginx Proxy Manager proxy',
    format: `[$time_local] $upstream_cache_status $upstream_status ${managed}`,
    specific: 1,
  },
  { name: 'Nginx Proxy Manager standard', format: `[$time_local] ${managed}`, specific: 1 },
  {
    name: 'NPMplus',
    format:
      '[$time_local] $host $remote_addr $request_time "$request" $status $body_bytes_sent $bytes_sent ' +
      '$http_referer $http_user_agent',
    specific: 1,
  },
];

/** Any of these may hold the time: nginx has no other variables for it. */
const timeVariables = ['$time_local', '$time_iso8601', '$msec'] as const;

const heads = timeVariables.flatMap((variable) =>
  datedHeads.map((head): Head => ({ ...head, format: head.format.replace('$time_local', variable) })),
);

/**
 * Tails without keys that are known by heart: those of ingress-nginx (its docs/user-guide/nginx-configuration/log-format.md)
 * and of Nginx Proxy Manager (its docker/rootfs/etc/nginx/conf.d/include/log-proxy.conf).
 */
const ingressStart = ' $request_length $request_time [$proxy_upstream_name]';
const ingressLists = '$upstream_addr $upstream_response_length $upstream_response_time $upstream_status';
const alternative = ' [$proxy_alternative_upstream_name]';
const knownTails: readonly { readonly format: string; readonly name: string | undefined }[] = [
  { format: `${ingressStart}${alternative} ${ingressLists} $req_id`, name: 'ingress-nginx' },
  { format: `${ingressStart}${alternative} ${ingressLists}`, name: 'ingress-nginx' },
  { format: `${ingressStart} ${ingressLists} $req_id`, name: 'ingress-nginx' },
  { format: `${ingressStart} ${ingressLists}`, name: 'ingress-nginx' },
];
const managedTails: typeof knownTails = [
  { format: ' [Sent-to $server] "$http_user_agent" "$http_referer"', name: undefined },
  { format: ' "$http_user_agent" "$http_referer"', name: undefined },
];

/** Guesses for the sample lines, in no order of likelihood. */
export function guessText(lines: readonly string[]): readonly Guess[] {
  const guesses = heads.map((head) => guessBehind(head, lines));
  return [guessLabelled(lines), guessPairs(lines), ...guesses].filter((guess) => guess !== undefined);
}

function guessBehind(head: Head, lines: readonly string[]): Guess | undefined {
  const pattern = patternOf(head.format, '(.*)$');
  const tails = lines.map((line) => pattern.exec(line)?.[1]).filter((tail) => tail !== undefined);
  if (tails.length === 0) return undefined;
  const headFields = fieldsOf(head.format);
  const tail = tailOf(head, tails, new Set(headFields.fields.map((field) => field.variable)));
  const fields = [...headFields.fields];
  const joint = fields[fields.length - 1]!;
  fields[fields.length - 1] = { variable: joint.variable, literal: joint.literal + tail.lead };
  return {
    name: `nginx ${tail.name ?? head.name}`,
    format: { escaping: 'default', lead: headFields.lead, fields: [...fields, ...tail.fields] },
    specific: head.specific,
  };
}

/** Nothing but `key=value` and `key="value"`. */
function guessPairs(lines: readonly string[]): Guess | undefined {
  const { lead, fields, keyed } = piecesOf(lines, new Set());
  if (keyed < 4 || keyed < fields.length) return undefined;
  return { name: 'nginx key=value', format: { escaping: 'default', lead, fields }, specific: 0.95 };
}

/** Labelled values with tabs between (LTSV): `time:…<TAB>status:…`. */
function guessLabelled(lines: readonly string[]): Guess | undefined {
  const label = /^([\w.-]+):/;
  const first = lines.find(
    (line) => line.includes('\t') && line.split('\t').every((part) => label.test(part)),
  );
  if (first === undefined) return undefined;
  const keys = first.split('\t').map((part) => label.exec(part)?.[1] ?? '');
  const rows = lines.map((line) => line.split('\t').map((part) => part.replace(label, '')));
  const alike = rows.filter((row) => row.length === keys.length);
  const valuesAt = (index: number) => alike.map((row) => row[index] ?? '');
  // In LTSV `host` is the client, and `vhost` the site (ltsv.org, labels for web servers).
  const isClient = (key: string, index: number) => key === 'host' && valuesAt(index).every(isAddress);
  const names = keys.map((key, index) => (isClient(key, index) ? 'remote_addr' : key));
  const variables = nameColumns(names, valuesAt);
  return {
    name: 'nginx LTSV',
    format: {
      escaping: 'default',
      lead: `${keys[0]}:`,
      fields: variables.map((variable, index) => ({
        variable,
        literal: keys[index + 1] === undefined ? '' : `\t${keys[index + 1]}:`,
      })),
    },
    specific: 0.95,
  };
}

function isAddress(text: string): boolean {
  return /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:.]*)$/i.test(text);
}

function fieldsOf(format: string): { readonly lead: string; readonly fields: readonly LogFormatField[] } {
  const [lead = '', ...pieces] = format.split(/\$(\w+)/);
  const fields: LogFormatField[] = [];
  for (let i = 0; i < pieces.length; i += 2)
    fields.push({ variable: pieces[i]!, literal: pieces[i + 1] ?? '' });
  return { lead, fields };
}

/** What each variable may hold inside a head, so that heads do not fit each other's lines. */
const headShapes: Readonly<Record<string, string>> = {
  time_local: String.raw`\d\d\/[A-Z][a-z]{2}\/\d{4}:[\d:]{8} [+-]\d{4}`,
  time_iso8601: String.raw`\d{4}-\d\d-\d\dT[\d:]{8}(?:Z|[+-]\d\d:\d\d)`,
  msec: String.raw`\d{10}\.\d{3}`,
  status: String.raw`\d{3}`,
  body_bytes_sent: String.raw`(?:\d+|-)`,
  bytes_sent: String.raw`(?:\d+|-)`,
  server_port: String.raw`\d+`,
  request_id: '[0-9a-f]{32}',
  request_time: String.raw`\d+\.\d{3}`,
  request_method: '[A-Z_-]+',
  upstream_cache_status: '(?:-|[A-Z]+)',
  upstream_status: String.raw`(?:-|\d{3})(?:(?:, | : )(?:-|\d{3})?)*`,
  remote_user: '.+?',
  request: '[^"]*',
  http_referer: '[^"]*?',
  http_user_agent: '[^"]*',
  request_uri: '[^"]*',
  server: String.raw`[^\]]*`,
};

function patternOf(format: string, rest: string): RegExp {
  const { lead, fields } = fieldsOf(format);
  const body = fields.map((field) => (headShapes[field.variable] ?? String.raw`\S*`) + quote(field.literal));
  return new RegExp(`^${quote(lead)}${body.join('')}${rest}`, 's');
}

function quote(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}

interface Tail {
  /** What lines with it are called; undefined where the head says it. */
  readonly name: string | undefined;
  readonly lead: string;
  readonly fields: readonly LogFormatField[];
}

function tailOf(head: Head, tails: readonly string[], taken: ReadonlySet<string>): Tail {
  const known = (head.format.endsWith(managed) ? managedTails : knownTails).find(({ format }) => {
    const pattern = patternOf(format.replaceAll(/\$upstream_(\w+)/g, '$list_$1'), String.raw`\s*$`);
    const listed = new RegExp(
      pattern.source.replaceAll(String.raw`\S*`, String.raw`\S*(?:(?:, | : )\S*)*`),
      's',
    );
    return tails.filter((text) => listed.test(text)).length * 2 > tails.length;
  });
  if (known !== undefined) return { ...fieldsOf(known.format), name: known.name };
  const { lead, fields } = piecesOf(tails, taken);
  return { lead, fields, name: fields.length > 0 ? `${head.name} and more` : undefined };
}
