/** One directive: its words, quotes and backslashes undone, and its text as written, without the `;`. */
export interface Directive {
  readonly words: readonly string[];
  readonly text: string;
}

/** Every simple directive of a configuration, at any depth, in order. The opening of a block counts as one. */
export function directivesOf(conf: string): readonly Directive[] {
  const found: Directive[] = [];
  let words: string[] = [];
  let start = 0;
  const token =
    /#[^\n]*|[;{}]|"((?:[^"\\]|\\[\s\S])*)"|'((?:[^'\\]|\\[\s\S])*)'|(?:\$\{\w*\}|\\[\s\S]|[^\s;{}"'#\\])(?:\$\{\w*\}|\\[\s\S]|[^\s;{}\\])*/g;
  const flush = (end: number) => {
    if (words.length > 0) found.push({ words, text: conf.slice(start, end).trim() });
    words = [];
  };
  for (const match of conf.matchAll(token)) {
    const text = match[0];
    if (text.startsWith('#')) continue;
    if (text === ';' || text === '{' || text === '}') {
      flush(match.index);
      continue;
    }
    if (words.length === 0) start = match.index;
    words.push(unquote(match[1] ?? match[2] ?? text));
  }
  flush(conf.length);
  return found;
}

/** The `log_format` directives of a configuration by name; `combined` is built in (ngx_http_log_module). */
export function logFormatsOf(conf: string): ReadonlyMap<string, string> {
  const formats = new Map([['combined', combined]]);
  for (const { words, text } of directivesOf(conf)) {
    if (words[0] === 'log_format' && words[1] !== undefined) formats.set(words[1], text);
  }
  return formats;
}

const combined =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';

/** What ngx_conf_read_token undoes: the two quotes, the backslash, and \t \r \n. */
function unquote(text: string): string {
  return text.replace(/\\(["'\\trn])/g, (_, char: string) => controls[char] ?? char);
}

const controls: Readonly<Record<string, string>> = { t: '\t', r: '\r', n: '\n' };
