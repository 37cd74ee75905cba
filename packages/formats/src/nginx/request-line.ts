const space = 0x20;
const longestMethod = 24;

/** Where the target of a request line begins, -1 where the line does not begin with a method and a space. */
export function targetStart(bytes: Uint8Array, from: number, to: number): number {
  const stop = Math.min(to, from + longestMethod);
  let at = from;
  // ngx_http_parse_request_line takes upper-case letters, `_` and `-` for a method.
  while (
    at < stop &&
    ((bytes[at]! >= 0x41 && bytes[at]! <= 0x5a) || bytes[at] === 0x5f || bytes[at] === 0x2d)
  )
    at++;
  return at > from && at + 1 < to && bytes[at] === space ? at + 1 : -1;
}

/** A request line as text, taken apart; a target may hold raw spaces, so the protocol is the last word. */
export function requestParts(line: string): {
  readonly method: string | undefined;
  readonly target: string | undefined;
} {
  const parts = /^([A-Z_-]{1,23}) (.+?)(?: HTTP\/[\d.]+)?$/s.exec(line);
  return { method: parts?.[1], target: parts?.[2] };
}
