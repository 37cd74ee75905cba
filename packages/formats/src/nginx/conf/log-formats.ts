import { type Directive, everyDirective } from './directives.ts';

/** The `log_format` directives of a configuration by name; `combined` is built in (ngx_http_log_module). */
export function logFormatsOf(directives: readonly Directive[]): ReadonlyMap<string, string> {
  const formats = new Map([['combined', combined]]);
  for (const { words, text } of everyDirective(directives)) {
    if (words[0] === 'log_format' && words[1] !== undefined) formats.set(words[1], text);
  }
  return formats;
}

const combined =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';
