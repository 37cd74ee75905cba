const quote = 0x22;
const backslash = 0x5c;
const space = 0x20;

/** Whether a word stands in quotes; `surely` ones may be bare all the same, as `-` is in some lines. */
export type Quoting = 'never' | 'perhaps' | 'surely';

/**
 * Places the words of the line in [from, to), quoted ones without their quotes: word k lies in [spans[2k], spans[2k + 1]),
 * and at -1 where the line ends before it. In quotes `\"` and `\\` are escapes, and a bare quote ends the word in front of
 * a separator or the end of the line only; where the next word is known to be quoted, in front of its quote, if there is
 * such a place. A quote that is never closed goes on to the end of the line, which was cut.
 * @param first number of the word at `from`
 * @returns how many words there are, at most as many as `spans` has room for
 */
export function placeWords(
  bytes: Uint8Array,
  from: number,
  to: number,
  spans: Int32Array,
  separator: number,
  quoting: (word: number) => Quoting,
  first = 0,
): number {
  const most = spans.length >> 1;
  // Spaces at the end of the line are no words.
  let stop = to;
  while (separator === space && stop > from && bytes[stop - 1] === space) stop--;
  let count = first;
  for (let at = from; at <= stop && count < most; count++) {
    if (at === stop && bytes[at - 1] !== separator) break;
    const inQuotes = at < stop && bytes[at] === quote && quoting(count) !== 'never';
    const end = inQuotes
      ? closing(bytes, at + 1, stop, separator, quoting(count + 1) === 'surely')
      : wordEnd(bytes, at, stop, separator);
    spans[2 * count] = inQuotes ? at + 1 : at;
    spans[2 * count + 1] = end;
    at = inQuotes ? end + 2 : end + 1;
  }
  spans.fill(-1, 2 * count);
  return count;
}

function wordEnd(bytes: Uint8Array, from: number, to: number, separator: number): number {
  let at = from;
  while (at < to && bytes[at] !== separator) at++;
  return at;
}

function closing(
  bytes: Uint8Array,
  from: number,
  to: number,
  separator: number,
  beforeQuote: boolean,
): number {
  let first = -1;
  for (let at = from; at < to; at++) {
    if (bytes[at] === backslash) {
      at++;
      continue;
    }
    if (bytes[at] !== quote) continue;
    if (at + 1 === to) return first < 0 ? at : first;
    if (bytes[at + 1] !== separator) continue;
    if (!beforeQuote || (at + 2 < to && bytes[at + 2] === quote)) return at;
    if (first < 0) first = at;
  }
  return first < 0 ? to : first;
}
