const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openingBrace = 0x7b;
const closingBrace = 0x7d;
const openingBracket = 0x5b;
const closingBracket = 0x5d;

/** No log nests deeper; what does is made to be slow to read. */
const deepest = 32;

/** Behind the blanks at `from`. */
export function afterBlanks(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at]! <= 0x20) at++;
  return at;
}

/** The quote that closes the string whose first byte, behind its quote, is at `from`; -1 where none does. */
export function stringEnd(bytes: Uint8Array, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!;
    if (byte === quote) return at;
    if (byte === backslash) at++;
  }
  return -1;
}

/** Behind the number, `true`, `false` or `null` at `from`; `from` where none stands there. */
export function scalarEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && ofScalar[bytes[at]!] === 1) at++;
  return at;
}

/** Behind the value of JSON at `from`; -1 where it does not end, or nests too deeply. */
export function valueEnd(bytes: Uint8Array, from: number, to: number): number {
  let depth = 0;
  for (let at = from; at < to; ) {
    const byte = bytes[at]!;
    if (byte === quote) {
      at = stringEnd(bytes, at + 1, to) + 1;
      if (at === 0) return -1;
    } else if (byte === openingBrace || byte === openingBracket) {
      if (++depth > deepest) return -1;
      at++;
      continue;
    } else if (byte === closingBrace || byte === closingBracket) {
      depth--;
      at++;
    } else if (depth > 0 && (byte <= 0x20 || byte === comma || byte === 0x3a)) {
      at++;
      continue;
    } else {
      const end = scalarEnd(bytes, at, to);
      if (end === at) return -1;
      at = end;
    }
    if (depth <= 0) return depth < 0 ? -1 : at;
  }
  return -1;
}

/** Whether a byte may be of a number, `true`, `false` or `null`. */
const ofScalar = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[\w.+-]/.test(String.fromCharCode(byte)) ? 1 : 0,
);
