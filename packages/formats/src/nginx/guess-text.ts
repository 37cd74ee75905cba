import type { LogFormat, LogFormatField } from './log-format.ts';
import { nameColumns } from './naming.ts';

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
const heads: readonly Head[] = [
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
  const labelled = guessLabelled(lines);
  const guesses = heads.map((head) => guessBehind(head, lines)).filter((guess) => guess !== undefined);
  return labelled === undefined ? guesses : [labelled, ...guesses];
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
  const variables = nameColumns(keys, (index) => alike.map((row) => row[index] ?? ''));
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
  const { lead, fields } = tokenTail(tails, taken);
  return { lead, fields, name: fields.length > 0 ? `${head.name} and more` : undefined };
}

/** One piece of a tail: the text in front of its value, its key if it has one, and what closes it. */
interface Token {
  readonly before: string;
  readonly key: string | undefined;
  readonly close: string;
  readonly value: string;
}

/**
 * `key=value`, `key="value"`, `"value"`, `[value]` or a bare value. A bare value ends where the next piece begins, so
 * that lists over attempts stay whole.
 */
const tokenPattern =
  /(\s*)(?:([A-Za-z_][\w.-]*)=)?(?:"([^"]*)"|\[([^\]]*)\]|([^\s"[](?:.*?)(?=(?<![,:])\s+(?!: )(?:[^\s=:]|$)|\s*$)|(?=\s|$)))/y;

function tokensOf(tail: string): readonly Token[] {
  const text = tail.trimEnd();
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < text.length) {
    const start = tokenPattern.lastIndex;
    const match = tokenPattern.exec(text);
    if (match === null || match[0] === '') {
      tokenPattern.lastIndex = start;
      break;
    }
    const [, space = '', key, inQuotes, inBrackets, bare] = match;
    const open = inQuotes !== undefined ? '"' : inBrackets !== undefined ? '[' : '';
    const close = inQuotes !== undefined ? '"' : inBrackets !== undefined ? ']' : '';
    tokens.push({
      before: `${space}${key === undefined ? '' : `${key}=`}${open}`,
      key,
      close,
      value: inQuotes ?? inBrackets ?? bare ?? '',
    });
  }
  return tokens;
}

function tokenTail(tails: readonly string[], taken: ReadonlySet<string>): Omit<Tail, 'name'> {
  const rows = tails.map(tokensOf);
  const shapeOf = (row: readonly Token[]) => row.map((token) => token.before + token.close).join('\0');
  const common = commonest(rows.map(shapeOf));
  const alike = rows.filter((row) => shapeOf(row) === common);
  const model = alike[0] ?? [];
  // A text that differs in its words from line to line is no pattern; the tail is then left unread.
  if (model.length === 0 || alike.length * 2 < tails.length) return { lead: '', fields: [] };
  const valuesAt = (index: number) => alike.map((row) => row[index]?.value ?? '');
  const variables = nameColumns(
    model.map((token) => token.key),
    valuesAt,
    taken,
  );
  nameTimes(variables, model, valuesAt);
  return {
    lead: model[0]!.before,
    fields: model.map((token, index) => ({
      variable: variables[index]!,
      literal: token.close + (model[index + 1]?.before ?? ''),
    })),
  };
}

/**
 * Seconds without a key: `$request_time` is the one column that never is `-`; of two columns the first is
 * `$request_time` and the second `$upstream_response_time` where the first is never the smaller one.
 */
function nameTimes(
  variables: string[],
  model: readonly Token[],
  valuesAt: (index: number) => readonly string[],
): void {
  if (variables.includes('request_time')) return;
  const isUnnamed = (index: number) =>
    model[index]!.key === undefined && variables[index]!.startsWith('field_');
  const seconds = variables.flatMap((_, index) =>
    isUnnamed(index) && valuesAt(index).every((value) => /^(\d+\.\d{3}|-)$/.test(value)) ? [index] : [],
  );
  const always = seconds.filter((index) => valuesAt(index).every((value) => value !== '-'));
  const [first, second] = seconds;
  if (always.length === 1) variables[always[0]!] = 'request_time';
  else if (seconds.length === 1 && valuesAt(first!).some((value) => value !== '-'))
    variables[first!] = 'request_time';
  else if (seconds.length === 2 && always.includes(first!)) {
    const shorter = valuesAt(second!);
    const isWhole = valuesAt(first!).every((value, row) => !(Number(value) + 0.001 < Number(shorter[row])));
    if (!isWhole) return;
    variables[first!] = 'request_time';
    variables[second!] = 'upstream_response_time';
  }
}

function commonest(texts: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}
