/** Whether the path holds a wildcard of glob(3). */
export function isPattern(path: string): boolean {
  return /[*?[]/.test(path);
}

/** Whether a file's name fits one part of a pattern: `*`, `?`, `[a-z]`, `[!a-z]`. Hidden names must be asked for. */
export function fitsName(part: string, name: string): boolean {
  if (name.startsWith('.') && !part.startsWith('.')) return false;
  let at = 0;
  let from = 0;
  let star = -1;
  let starFrom = 0;
  // One star is looked back at, the last: a linear walk where a regular expression could take for ever.
  while (from < name.length) {
    const length = fit(part, at, name[from]!);
    if (part[at] === '*') {
      star = at++;
      starFrom = from;
    } else if (length > 0) {
      at += length;
      from++;
    } else if (star >= 0) {
      at = star + 1;
      from = ++starFrom;
    } else return false;
  }
  while (part[at] === '*') at++;
  return at === part.length;
}

/** How many characters of the pattern stand for this one of the name; 0 where they do not. */
function fit(part: string, at: number, char: string): number {
  if (part[at] === '?') return 1;
  const end = part[at] === '[' ? part.indexOf(']', at + 2) : -1;
  if (end < 0) return part[at] === char ? 1 : 0;
  const negated = part[at + 1] === '!';
  let inside = false;
  for (let i = negated ? at + 2 : at + 1; i < end; i++) {
    if (part[i + 1] === '-' && i + 2 < end) {
      inside ||= char >= part[i]! && char <= part[i + 2]!;
      i += 2;
    } else inside ||= char === part[i];
  }
  return inside !== negated ? end - at + 1 : 0;
}
