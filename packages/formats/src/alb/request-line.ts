const space = 0x20;
const colon = 0x3a;
const slash = 0x2f;
const question = 0x3f;
const opening = 0x5b;
const closing = 0x5d;

/** No method, and no scheme of a URL, is longer. */
const longestWord = 24;

/**
 * Where host and target stand in a request as a load balancer logs it: `GET https://host:443/path?query HTTP/1.1`, and
 * `- http://host:80- -` for one that never was whole. The method may be missing.
 */
export class RequestPlaces {
  /** Of the method, empty where there is none. */
  methodTo = 0;
  /** Of the host, empty where there is none. */
  hostFrom = 0;
  hostTo = 0;
  /** Where the path and query begin, or -1; they end with the URL, in front of the protocol. */
  targetFrom = -1;

  find(bytes: Uint8Array, from: number, to: number): void {
    const first = wordEnd(bytes, from, Math.min(to, from + longestWord));
    const hasMethod = first < to && bytes[first] === space;
    this.methodTo = hasMethod ? first : from;
    const url = hasMethod ? first + 1 : from;
    this.hostFrom = this.hostTo = url;
    this.targetFrom = -1;
    if (bytes[url] === slash && url < to) {
      this.targetFrom = url;
      return;
    }
    const scheme = wordEnd(bytes, url, Math.min(to, url + longestWord));
    if (bytes[scheme] !== colon || bytes[scheme + 1] !== slash || bytes[scheme + 2] !== slash) return;
    if (scheme + 3 > to) return;
    this.hostFrom = scheme + 3;
    this.hostTo = hostEnd(bytes, scheme + 3, to);
    let at = this.hostTo;
    while (at < to && bytes[at] !== slash && bytes[at] !== question && bytes[at] !== space) at++;
    if (at < to && bytes[at] !== space) this.targetFrom = at;
  }
}

/** The first place that is no letter, `_` or `-`. */
function wordEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && isWordByte(bytes[at]!)) at++;
  return at;
}

function isWordByte(byte: number): boolean {
  const lower = byte | 0x20;
  return (lower >= 0x61 && lower <= 0x7a) || byte === 0x2d || byte === 0x5f;
}

function hostEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  if (bytes[at] === opening) {
    while (at < to && bytes[at] !== closing && bytes[at] !== space && bytes[at] !== slash) at++;
    return at < to && bytes[at] === closing ? at + 1 : at;
  }
  for (; at < to; at++) {
    const byte = bytes[at];
    if (byte === colon || byte === slash || byte === question || byte === space) return at;
  }
  return at;
}
