import { backslash, closingBrace, closingBracket, openingBrace, openingBracket, quote, space } from './bytes';
import { loadedAtOnce } from './search';

// Values of JSON in [from, to). 0 stands for what does not end, or is not as it should be.

/** No log nests deeper. */
const deepest: i32 = 32;

/** Behind the blanks at `from`. */
export function afterBlanks(from: usize, to: usize): usize {
  let at = from;
  while (at < to && load<u8>(at) <= space) at++;
  return at;
}

/** The quote or backslash that comes first. */
export function quoteOrEscape(from: usize, to: usize): usize {
  for (let at = from; at < to; at += loadedAtOnce) {
    const bytes = v128.load(at);
    const found = i8x16.bitmask(
      v128.or(i8x16.eq(bytes, i8x16.splat(quote)), i8x16.eq(bytes, i8x16.splat(backslash))),
    );
    if (found !== 0) return at + ctz(found) < to ? at + ctz(found) : 0;
  }
  return 0;
}

/** The quote that closes the string whose first byte, behind its quote, is at `from`. */
export function stringEnd(from: usize, to: usize): usize {
  let at = quoteOrEscape(from, to);
  while (at !== 0 && load<u8>(at) === backslash) at = quoteOrEscape(at + 2, to);
  return at;
}

/** Behind the number, `true` or `false` at `from`; `null` is none of these. */
export function scalarEnd(from: usize, to: usize): usize {
  let at = from;
  while (at < to && isOfScalar(load<u8>(at))) at++;
  return at > from && load<u8>(from) !== 0x6e ? at : 0;
}

function isOfScalar(byte: u8): bool {
  if (byte >= 0x30 && byte <= 0x39) return true;
  const lower = byte | 0x20;
  return (lower >= 0x61 && lower <= 0x7a) || byte === 0x5f || byte === 0x2e || byte === 0x2b || byte === 0x2d;
}

/** Behind the object or array at `from`, of which no more is looked at than where it ends. */
export function nestedEnd(from: usize, to: usize): usize {
  let depth = 0;
  for (let at = from; at < to; at++) {
    const byte = load<u8>(at);
    if (byte === quote) {
      at = stringEnd(at + 1, to);
      if (at === 0) return 0;
    } else if (byte === openingBrace || byte === openingBracket) {
      if (++depth > deepest) return 0;
    } else if (byte === closingBrace || byte === closingBracket) {
      if (--depth === 0) return at + 1;
    }
  }
  return 0;
}
