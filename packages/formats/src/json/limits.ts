/** No log nests deeper, or has more keys; what does is made to be slow to read. */
const deepest = 32;
const mostKeys = 1_024;

/** Whether an object of JSON is worth the time of parsing it. */
export function isWithinLimits(bytes: Uint8Array, from: number, to: number): boolean {
  let depth = 0;
  let keys = 0;
  let quoted = false;
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!;
    if (byte === 0x5c) at++;
    else if (byte === 0x22) quoted = !quoted;
    else if (quoted) continue;
    else if (byte === 0x3a || byte === 0x2c) keys++;
    else if (byte === 0x7b || byte === 0x5b) depth++;
    else if (byte === 0x7d || byte === 0x5d) depth--;
    if (depth > deepest || keys > 2 * mostKeys) return false;
  }
  return true;
}
