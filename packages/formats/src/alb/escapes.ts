const backslash = 0x5c;
const quote = 0x22;

/**
 * The text of a value: `\"` and `\\` are a quote and a backslash, `\xHH` a byte; any other backslash stands for itself.
 * The user guide does not say how quotes are written; lines are seen with bytes beyond ASCII raw and as `\xHH`. Bytes that
 * are no UTF-8 become U+FFFD.
 */
export function unescaped(bytes: Buffer, from: number, to: number): string {
  const first = bytes.subarray(from, to).indexOf(backslash);
  if (first < 0) return bytes.toString('utf8', from, to);
  const plain = Buffer.allocUnsafe(to - from);
  let length = bytes.copy(plain, 0, from, from + first);
  for (let at = from + first; at < to; at++) {
    const byte = bytes[at]!;
    const next = at + 1 < to ? bytes[at + 1] : undefined;
    if (byte === backslash && (next === quote || next === backslash)) {
      plain[length++] = next;
      at++;
      continue;
    }
    const hex =
      byte === backslash && next === 0x78 && at + 3 < to ? bytes.toString('latin1', at + 2, at + 4) : '';
    if (/^[0-9a-f]{2}$/i.test(hex)) {
      plain[length++] = Number.parseInt(hex, 16);
      at += 3;
      continue;
    }
    plain[length++] = byte;
  }
  return plain.toString('utf8', 0, length);
}
