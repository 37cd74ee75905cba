/** So many bytes are looked at in one go, and may be read behind the end of what is searched. */
export const loadedAtOnce: i32 = 16;

/** The first place in [from, to) of the byte that all of `needle` is; `to` or behind it without one. */
export function placeOf(from: usize, to: usize, needle: v128): usize {
  for (let at = from; at < to; at += loadedAtOnce) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), needle));
    if (found !== 0) return at + ctz(found);
  }
  return to;
}

/** Whether two stretches of `length` bytes are the same. */
export function isSame(a: usize, b: usize, length: i32): bool {
  let i = 0;
  for (; i + 4 <= length; i += 4) if (load<i32>(a + i) !== load<i32>(b + i)) return false;
  for (; i < length; i++) if (load<u8>(a + i) !== load<u8>(b + i)) return false;
  return true;
}

/** As `hashBytes` of words.ts. */
export function hashOf(from: usize, length: i32): i32 {
  let hash: i32 = length * 0x9e3779b1;
  if (length < 4) {
    for (let i = 0; i < length; i++) hash = (hash ^ i32(load<u8>(from + i))) * 0x01000193;
  } else {
    const last = length - 4;
    for (let i = 0; i < last; i += 4) {
      hash = ((hash ^ load<i32>(from + i)) * 0x85ebca6b) ^ i32(u32(hash) >>> 15);
    }
    hash = (hash ^ load<i32>(from + last)) * 0xc2b2ae35;
  }
  return hash ^ i32(u32(hash) >>> 13);
}
