import type { Entry } from '../neighbour-log.ts';

/** Levels as the console writes them, by the names that JSON has for them (zerolog console.go, globals.go). */
const levels: Readonly<Record<string, string>> = {
  TRC: 'trace',
  DBG: 'debug',
  INF: 'info',
  WRN: 'warn',
  ERR: 'error',
  FTL: 'fatal',
  PNC: 'panic',
};

/** Colours, for a terminal. */
const colour = /\x1b\[[0-9;]*m/g;

const head =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) (TRC|DBG|INF|WRN|ERR|FTL|PNC)(?: |$)/;
/** What cloudflared wrote before 2020.12. */
const oldHead = /^time="[^"]+" level=\w+ /;

/** `key=value`, where the value may be a string of Go in quotes. */
const pair = /(?:^|\s)([A-Za-z]\w*)=("(?:[^"\\]|\\.)*"|[^\s"]*)(?=\s|$)/g;

/** Whether a line begins as those of cloudflared do. */
export function isConsoleLine(line: string): boolean {
  const text = line.replace(colour, '');
  return head.test(text) || oldHead.test(text);
}

/** `2023-07-07T20:08:33Z ERR message error="…" key=value`, by keys; undefined for anything else. */
export function consoleEntry(line: string): Entry | undefined {
  const text = line.replace(colour, '');
  const found = head.exec(text);
  if (found === null && !oldHead.test(text)) return undefined;
  const body = found === null ? text : text.slice(found[0].length);
  const pairs = [...body.matchAll(pair)];
  const entry = new Map(pairs.map(([, key = '', value = '']) => [key, unquoted(value)]));
  if (found !== null) {
    entry.set('time', found[1]!);
    entry.set('level', levels[found[2]!]!);
    entry.set('message', body.slice(0, pairs[0]?.index ?? body.length).trim());
  } else entry.set('message', entry.get('msg') ?? '');
  return entry;
}

/** The text that a quoted string of Go stands for (strconv.Quote). Escapes of bytes stay: they show what came. */
function unquoted(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replace(/\\(["\\])/g, '$1') : value;
}
