const mostSegments = 4;
const longestSegment = 16;
/** Room for the longest class: four segments with their slashes. */
export const routeClassRoom = mostSegments * (longestSegment + 1);

const slash = 0x2f;
const star = 0x2a;

/**
 * Writes the route class of a request target: its first four path segments, where one that holds a digit, is longer
 * than 16 bytes or holds a byte that a log may escape becomes `*`; the query and a final slash are dropped. Escaped or
 * not, a target has the same class.
 * @returns the length written; 0 for an empty target
 */
export function writeRouteClass(target: Uint8Array, from: number, to: number, into: Uint8Array): number {
  if (from >= to) return 0;
  let at = pathStart(target, from, to);
  let length = 0;
  for (let segment = 0; segment < mostSegments; segment++) {
    const start = length;
    into[length++] = slash;
    let plain = true;
    let byte = 0;
    for (; at < to; at++) {
      byte = target[at]!;
      const kind = kinds[byte];
      if (kind === separators) break;
      if (kind === unlike || length - start > longestSegment) plain = false;
      else into[length++] = byte;
    }
    if (!plain) {
      into[start + 1] = star;
      length = start + 2;
    }
    const ended = at >= to || byte !== slash;
    if (length === start + 1 && ended && segment > 0) length = start;
    if (ended) break;
    at++;
  }
  return length;
}

/** Behind the first slash of the path: a target may be absolute (`http://host/path`), or name a host only. */
function pathStart(target: Uint8Array, from: number, to: number): number {
  if (target[from] === slash) return from + 1;
  for (let at = from; at + 2 < to && target[at] !== slash && target[at] !== 0x3f; at++) {
    if (target[at] !== 0x3a || target[at + 1] !== slash || target[at + 2] !== slash) continue;
    let path = at + 3;
    while (path < to && target[path] !== slash && target[path] !== 0x3f) path++;
    return target[path] === slash && path < to ? path + 1 : path;
  }
  return from;
}

const separators = 1;
const unlike = 2;

/** What a byte means for a route class: 0 it is kept, else that it ends a segment, or makes it `*`. */
const kinds = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === slash || byte === 0x3f || byte === 0x20) return separators;
  return isPlain(byte) ? 0 : unlike;
});

/** Neither a digit nor a byte that some `escape=` of nginx changes: controls, quote, backslash, DEL and above. */
function isPlain(byte: number): boolean {
  return byte > 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c && (byte < 0x30 || byte > 0x39);
}
