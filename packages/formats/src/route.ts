import type { NameTable } from '@why502/model';
import { ByteMap } from './byte-map.ts';

const mostSegments = 4;
const longestSegment = 16;
/** Room for the longest class: four segments with their slashes. */
const classRoom = mostSegments * (longestSegment + 1);

/** The same memory in two forms. */
interface Written {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/** Classes remembered; their ids are at most half as many. */
const mostRemembered = 4_096;

const slash = 0x2f;
const star = 0x2a;
const factor = 0x01000193;

/**
 * Route classes of request targets: a target's first four path segments, where one that holds a digit, is longer than
 * 16 bytes or holds a byte that a log may escape becomes `*`; the query and a final slash are dropped. Escaped or not, a
 * target has the same class.
 */
export class RouteClasses {
  readonly #table: NameTable;
  /** The class last written. */
  readonly #bytes: Buffer = Buffer.alloc(classRoom);
  readonly #written: Written = {
    bytes: this.#bytes,
    view: new DataView(this.#bytes.buffer, this.#bytes.byteOffset, classRoom),
  };
  #length = 0;
  #hash = 0;
  readonly #known = new ByteMap(mostRemembered);
  /** By number of the value, from 1. */
  readonly #ids: number[] = [0];

  constructor(table: NameTable) {
    this.#table = table;
  }

  /** The id of the class of the target in [from, to); 0 for an empty target. */
  idOf(target: Uint8Array, from: number, to: number): number {
    this.#write(target, from, to);
    return this.idOfClass(this.#written, 0, this.#length, this.#hash);
  }

  /** The id of a class that is written already, with its hash as it is made here; 0 for an empty one. */
  idOfClass({ bytes, view }: Written, at: number, length: number, hash: number): number {
    if (length === 0) return 0;
    const known = this.#known.find(view, at, length, hash);
    if (known > 0) return this.#ids[known]!;
    const id = this.#table.idOfBytes(bytes, at, at + length);
    if (!this.#known.full) this.#ids[this.#known.add(view, at, length, hash)] = id;
    return id;
  }

  /** The class as text; undefined for an empty target. */
  textOf(target: Uint8Array, from: number, to: number): string | undefined {
    this.#write(target, from, to);
    return this.#bytes.toString('latin1', 0, this.#length) || undefined;
  }

  /** Writes the class, and hashes it meanwhile: to read four bytes at once right after they were written one by one stalls. */
  #write(target: Uint8Array, from: number, to: number): void {
    const into = this.#bytes;
    let at = from >= to ? to : pathStart(target, from, to);
    let length = 0;
    let hash = 0;
    for (let segment = 0; segment < mostSegments && from < to; segment++) {
      hash = Math.imul(hash ^ slash, factor);
      into[length++] = slash;
      const start = at;
      while (at < to && kinds[target[at]!] === 0) at++;
      if (at - start > longestSegment || (at < to && kinds[target[at]!] === unlike)) {
        while (at < to && kinds[target[at]!] !== separators) at++;
        hash = Math.imul(hash ^ star, factor);
        into[length++] = star;
      } else {
        for (let i = start; i < at; i++) {
          const byte = target[i]!;
          hash = Math.imul(hash ^ byte, factor);
          into[length++] = byte;
        }
      }
      if (at >= to || target[at] !== slash) {
        if (at === start && segment > 0) length--;
        break;
      }
      at++;
    }
    this.#length = length;
    this.#hash = hash ^ (hash >>> 15);
  }
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
