const quote = 0x22;
const backslash = 0x5c;
const space = 0x20;

/**
 * Places the words of the line in [from, to), quoted ones without their quotes: word k lies in [spans[2k], spans[2k + 1]).
 * In quotes `\"` and `\\` are escapes, and a bare quote ends the word in front of a space or the end of the line only;
 * where the next word is known to be quoted, in front of its quote, if there is such a place. A quote that is never
 * closed goes on to the end of the line, which was cut.
 * @returns how many words there are, at most as many as `spans` has room for
 */
export function placeWords(
  bytes: Uint8Array,
  from: number,
  to: number,
  spans: Int32Array,
  isQuoted: (word: number) => boolean,
): number {
  const most = spans.length >> 1;
  let count = 0;
  for (let at = from; at < to && count < most; count++) {
    if (bytes[at] === space) {
      // Spaces at the end of the line are no word; two in a row have an empty one between them.
      if (isBlank(bytes, at, to)) break;
      spans[2 * count] = at;
      spans[2 * count + 1] = at++;
      continue;
    }
    const end =
      bytes[at] === quote ? closing(bytes, at + 1, to, isQuoted(count + 1)) : wordEnd(bytes, at, to);
    const isWord = bytes[at] !== quote;
    spans[2 * count] = isWord ? at : at + 1;
    spans[2 * count + 1] = end;
    at = isWord ? end + 1 : end + 2;
  }
  return count;
}

function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] !== space) return false;
  return true;
}

function wordEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] !== space) at++;
  return at;
}

function closing(bytes: Uint8Array, from: number, to: number, beforeQuote: boolean): number {
  let first = -1;
  for (let at = from; at < to; at++) {
    if (bytes[at] === backslash) {
      at++;
      continue;
    }
    if (bytes[at] !== quote) continue;
    if (at + 1 === to) return first < 0 ? at : first;
    if (bytes[at + 1] !== space) continue;
    if (!beforeQuote || (bytes[at + 2] === quote && at + 2 < to)) return at;
    if (first < 0) first = at;
  }
  return first < 0 ? to : first;
}
