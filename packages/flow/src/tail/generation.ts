import type { Place } from '../live/queue-scan.ts';
import type { FileStat, OpenFile } from './file-layer.ts';
import { guardLength, headLength, type Position, type Print, printOf } from './position.ts';

/** Bytes read at once. */
const readSize = 256 * 1024;

const lineBreak = 0x0a;

/** How bytes come out of a packed file; handed in, for flow knows no format. */
export type Unpack = (chunks: AsyncIterable<Uint8Array>, name: string) => AsyncIterable<Uint8Array>;

/** gzip (RFC 1952) and zstd (RFC 8878) by their first bytes. */
export function looksPacked(head: Uint8Array): boolean {
  return (
    (head[0] === 0x1f && head[1] === 0x8b) ||
    (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd)
  );
}

/** What became of a look for more bytes. */
export type Found =
  | { readonly kind: 'bytes'; readonly chunk: Uint8Array }
  /** Nothing new. */
  | { readonly kind: 'end' }
  /** What is there is another text than what was read. */
  | { readonly kind: 'rewritten' };

/** One file that is followed, under whatever name, by a handle that stays. */
export class Generation {
  readonly id: string;
  readonly device: number;
  readonly inode: number;
  /** As shown. Stays the first name, also when the file is renamed. */
  readonly name: string;
  /** Where it is now. */
  path: string;
  /** Since when its name belongs to another file or to none, ms by the clock; undefined while it does not. */
  leftSince: number | undefined;
  /** Since when there has been nothing new in it, ms. */
  quietSince: number | undefined;
  /** Nothing of it was read since it was opened. */
  isUntouched = true;
  /** It is a copy that was made: nobody writes to it any more. */
  isWhole = false;
  /** All that was there at some time since was read. */
  hasCaughtUp = false;
  readonly #file: OpenFile;
  #offset: number;
  #head: Buffer;
  #guard: Buffer;

  /** @param offset where reading begins; what stands in front of it is known */
  constructor(id: string, name: string, path: string, file: OpenFile, offset: number) {
    const stat = file.stat();
    this.id = id;
    this.name = name;
    this.path = path;
    this.device = stat.device;
    this.inode = stat.inode;
    this.#file = file;
    this.#offset = offset;
    this.#head = bytesAt(file, 0, Math.min(headLength, offset));
    this.#guard = bytesAt(file, Math.max(0, offset - guardLength), Math.min(guardLength, offset));
  }

  get offset(): number {
    return this.#offset;
  }

  stat(): FileStat {
    return this.#file.stat();
  }

  /** Reads on, into the buffer, which the chunk is a part of. */
  read(buffer: Buffer): Found {
    const guard = this.#guard;
    const from = this.#offset - guard.length;
    const length = this.#file.read(buffer, from);
    // Together with what is new comes what was last: if that has changed, all has.
    if (length < guard.length || guard.compare(buffer, 0, guard.length) !== 0) return { kind: 'rewritten' };
    // What was looked at before it was read may have been replaced since.
    const isKnown = this.#offset > 0 || this.#head.length > 0;
    if ((length > guard.length || this.#offset === 0) && isKnown && !this.#hasHead())
      return { kind: 'rewritten' };
    if (length < buffer.length) this.hasCaughtUp = true;
    if (length === guard.length) return { kind: 'end' };
    const chunk = buffer.subarray(guard.length, length);
    this.isUntouched = false;
    if (this.#head.length < headLength) {
      const before = this.#head.subarray(0, this.#offset);
      this.#head = Buffer.concat([before, chunk.subarray(0, headLength - before.length)]);
    }
    this.#offset += chunk.length;
    const known = Buffer.concat([guard, chunk.subarray(Math.max(0, chunk.length - guardLength))]);
    this.#guard = known.subarray(Math.max(0, known.length - guardLength));
    return { kind: 'bytes', chunk };
  }

  /** Whether what was read of it still stands there. */
  isSame(): boolean {
    const from = this.#offset - this.#guard.length;
    return this.#hasHead() && bytesAt(this.#file, from, this.#guard.length).compare(this.#guard) === 0;
  }

  #hasHead(): boolean {
    return bytesAt(this.#file, 0, this.#head.length).compare(this.#head) === 0;
  }

  bytesAt(position: number, length: number): Buffer {
    return bytesAt(this.#file, position, length);
  }

  /** What stood at its beginning when that was read. */
  get head(): Uint8Array {
    return this.#head;
  }

  /** The same; where nothing was read, what stands there now, and must stand there still when it is read. */
  beginning(): Uint8Array {
    if (this.#offset === 0 && this.#head.length === 0) this.#head = this.bytesAt(0, headLength);
    return this.#head;
  }

  get guard(): Print {
    return printOf(this.#guard);
  }

  /** What was read ends with a line. */
  get endsLine(): boolean {
    return this.#offset === 0 || this.#guard.at(-1) === lineBreak;
  }

  /** By what it is found again, to be read from a place that has been read. */
  position(place: Place): Position {
    const length = this.#isThere() ? Math.min(guardLength, place.offset) : 0;
    return {
      generation: this.id,
      name: this.name,
      device: this.device,
      inode: this.inode,
      head: printOf(this.#head.subarray(0, Math.min(this.#head.length, place.offset))),
      guard: printOf(bytesAt(this.#file, place.offset - length, length)),
      place,
    };
  }

  /** What was read may have been replaced by a text that nobody has looked at yet, or the disk may be gone. */
  #isThere(): boolean {
    try {
      return this.isSame();
    } catch {
      return false;
    }
  }

  close(): void {
    this.#file.close();
  }
}

export function bytesAt(file: OpenFile, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let at = 0;
  while (at < length) {
    const read = file.read(bytes.subarray(at), position + at);
    if (read === 0) break;
    at += read;
  }
  return bytes.subarray(0, at);
}

export function newBuffer(): Buffer {
  return Buffer.allocUnsafeSlow(readSize + guardLength);
}

/** Where the last whole line in front of a place ends: a line that is being written is read whole. */
export function endOfLine(file: OpenFile, before: number): number {
  for (let to = before; to > 0; ) {
    const from = Math.max(0, to - 64 * 1024);
    const at = bytesAt(file, from, to - from).lastIndexOf(lineBreak);
    if (at >= 0) return from + at + 1;
    to = from;
  }
  return 0;
}

/** Line breaks in front of a place. */
export function linesBefore(file: OpenFile, before: number): number {
  const buffer = newBuffer();
  let lines = 0;
  for (let at = 0; at < before; ) {
    const read = Math.min(file.read(buffer, at), before - at);
    if (read === 0) break;
    const chunk = buffer.subarray(0, read);
    for (let found = chunk.indexOf(lineBreak); found >= 0; found = chunk.indexOf(lineBreak, found + 1))
      lines++;
    at += read;
  }
  return lines;
}

/** Chunks of a file from its beginning, for whoever unpacks it; then it is closed. */
export async function* fileChunks(file: OpenFile): AsyncGenerator<Uint8Array> {
  try {
    for (let at = 0; ; ) {
      const bytes = bytesAt(file, at, readSize);
      if (bytes.length === 0) return;
      at += bytes.length;
      yield bytes;
    }
  } finally {
    file.close();
  }
}
