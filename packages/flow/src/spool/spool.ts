import { join } from 'node:path';
import { Problem } from '@why502/model';
import type { Place } from '../live/queue-scan.ts';
import {
  frameLength,
  frameOf,
  headerLength,
  headerOf,
  isSegmentName,
  linesOf,
  offsetOfName,
  readHeader,
  recover,
  segmentName,
} from './segment.ts';
import { diskSpool, type SpoolFile, type SpoolFiles } from './spool-files.ts';

export interface SpoolOptions {
  readonly folder: string;
  /** It takes no more than this of the disk, bytes. */
  readonly mostBytes: number;
  /** A segment is ended when it is so long. Default: 8 MiB, or an eighth of the whole if that is less. */
  readonly segmentBytes?: number;
  /** Somebody has read so far: where the disk has lost that, what is appended begins behind it all the same. */
  readonly reached?: Place;
  readonly files?: SpoolFiles;
}

const defaultSegmentBytes = 8 * 1024 * 1024;

export interface Segment {
  readonly path: string;
  readonly begin: Place;
  /** Of the file, bytes. */
  size: number;
}

/** Texts that are brought to the disk together. */
interface Waiting {
  readonly texts: readonly Uint8Array[];
  readonly done: (end: Place) => void;
  readonly failed: (cause: unknown) => void;
}

const lineBreak = 0x0a;

/**
 * A stream of bytes on the disk: appended in records, read from any place, let go of at its beginning. What an `append`
 * has resolved for survives the end of the process and of the machine; what a crash has torn is cut off.
 */
export class Spool {
  readonly #options: SpoolOptions;
  readonly #files: SpoolFiles;
  readonly #segments: Segment[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #waiting: Waiting[] = [];
  #working: Promise<void> | undefined;
  /** That of the last segment, to append to; undefined where a new one is to be begun. */
  #file: SpoolFile | undefined;
  #end: Place = { offset: 0, line: 0 };
  #endsLine = true;
  #cutBytes = 0;

  private constructor(options: SpoolOptions) {
    this.#options = options;
    this.#files = options.files ?? diskSpool;
  }

  /**
   * Opens what is in the folder. One process at a time may do so.
   *
   * @throws Problem W502_SPOOL_FAILED
   */
  static async open(options: SpoolOptions): Promise<Spool> {
    const spool = new Spool(options);
    spool.#attempt(() => spool.#recover());
    return spool;
  }

  /** Where the stream begins that is kept. */
  get begin(): Place {
    return this.#segments[0]?.begin ?? this.#end;
  }

  /** Up to here it is on the disk. */
  get end(): Place {
    return this.#end;
  }

  /** Nothing was appended yet, or what was ends with a line. */
  get endsLine(): boolean {
    return this.#endsLine;
  }

  /** Bytes that were cut off when it was opened: a crash had kept them from being finished. */
  get cutBytes(): number {
    return this.#cutBytes;
  }

  /** What it takes of the disk, bytes. */
  get size(): number {
    return this.#segments.reduce((sum, { size }) => sum + size, 0);
  }

  get segments(): readonly Segment[] {
    return this.#segments;
  }

  get files(): SpoolFiles {
    return this.#files;
  }

  /**
   * Appends each text as a record. Resolves to where the last of them ends when all are on the disk; where it rejects
   * none of them is.
   *
   * @throws Problem W502_SPOOL_FULL, W502_SPOOL_FAILED
   */
  append(texts: readonly Uint8Array[]): Promise<Place> {
    return new Promise((done, failed) => {
      this.#waiting.push({ texts: texts.filter(({ length }) => length > 0), done, failed });
      this.#working ??= this.#work();
    });
  }

  /** Whether so many bytes more would be taken. */
  hasRoom(bytes: number): boolean {
    return this.size + bytes + frameLength + headerLength <= this.#options.mostBytes;
  }

  /** Lets go of segments that lie wholly before a place. The last one stays. */
  release({ offset }: Pick<Place, 'offset'>): void {
    this.#attempt(() => {
      while (this.#segments.length > 1 && this.#segments[1]!.begin.offset <= offset) {
        this.#files.remove(this.#segments[0]!.path);
        this.#segments.shift();
      }
    });
  }

  /** Tells each time that there is more; the function that is returned ends it. */
  onGrown(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when what was appended is on the disk or has failed. */
  async close(): Promise<void> {
    await this.#working;
    this.#file?.close();
    this.#file = undefined;
  }

  #recover(): void {
    const { folder, reached } = this.#options;
    for (const name of this.#files.list(folder).filter(isSegmentName).sort()) this.#find(name);
    const last = this.#segments.at(-1);
    if (last !== undefined) {
      const file = this.#files.open(last.path);
      const { end, place, endsLine } = recover(file, last.begin);
      this.#cutBytes += last.size - end;
      if (last.size > end) file.truncate(end);
      last.size = end;
      this.#end = place;
      this.#endsLine = endsLine;
      this.#file = file;
    }
    if (reached === undefined || reached.offset <= this.#end.offset) return;
    // The disk has lost what was read: its places are not given to other bytes.
    this.#end = reached;
    this.#file?.close();
    this.#file = undefined;
  }

  #find(name: string): void {
    const path = join(this.#options.folder, name);
    const file = this.#files.open(path);
    const size = file.size();
    const begin = readHeader(file);
    file.close();
    if (begin !== undefined) this.#segments.push({ path, begin, size });
    else if (size > headerLength) {
      // The disk has damaged its header; its name tells the same, save for the lines.
      const line = this.#segments.at(-1)?.begin.line ?? 0;
      this.#segments.push({ path, begin: { offset: offsetOfName(name), line }, size });
    } else {
      this.#cutBytes += size;
      this.#files.remove(path);
    }
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) await this.#commit(this.#fitting(this.#waiting.splice(0)));
    this.#working = undefined;
  }

  /** Those for which there is room; the others are told. */
  #fitting(all: readonly Waiting[]): readonly Waiting[] {
    let bytes = 0;
    return all.filter(({ texts, failed }) => {
      const more = texts.reduce((sum, { length }) => sum + length + frameLength, 0);
      const fits = this.hasRoom(bytes + more);
      if (fits) bytes += more;
      else failed(new Problem('W502_SPOOL_FULL', { where: this.#options.folder }));
      return fits;
    });
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    const texts = group.flatMap((one) => one.texts);
    const ends: Place[] = [];
    let { offset, line } = this.#end;
    for (const one of group) {
      for (const text of one.texts) {
        offset += text.length;
        line += linesOf(text);
      }
      ends.push({ offset, line });
    }
    try {
      if (texts.length > 0) await this.#write(Buffer.concat(texts.flatMap((text) => [frameOf(text), text])));
    } catch (cause) {
      const problem = this.#problem(cause);
      for (const { failed } of group) failed(problem);
      return;
    }
    this.#end = { offset, line };
    this.#endsLine = texts.length === 0 ? this.#endsLine : texts.at(-1)!.at(-1) === lineBreak;
    for (const [at, { done }] of group.entries()) done(ends[at]!);
    for (const listener of this.#listeners) listener();
  }

  /** Brings bytes to the disk; where that fails none of them stays. */
  async #write(bytes: Buffer): Promise<void> {
    const file = await this.#current();
    const segment = this.#segments.at(-1)!;
    try {
      file.write(bytes, segment.size);
      await file.sync();
    } catch (error) {
      // After a fault nobody knows what of the file is on the disk: what follows begins another one.
      this.#file = undefined;
      try {
        file.truncate(segment.size);
      } finally {
        file.close();
      }
      throw error;
    }
    segment.size += bytes.length;
  }

  /** The file to append to. A segment ends with a line where that does not make it twice as long as it should be. */
  async #current(): Promise<SpoolFile> {
    const { folder, mostBytes } = this.#options;
    const { segmentBytes = Math.min(defaultSegmentBytes, mostBytes / 8) } = this.#options;
    const size = this.#segments.at(-1)?.size ?? 0;
    const isLong = size >= (this.#endsLine ? segmentBytes : 2 * segmentBytes);
    if (this.#file !== undefined && !isLong) return this.#file;
    const path = join(folder, segmentName(this.#end.offset));
    // Nothing was ever finished in one that begins at the same place.
    if (this.#segments.at(-1)?.begin.offset === this.#end.offset) this.#segments.pop();
    const file = this.#files.open(path);
    try {
      file.truncate(0);
      file.write(headerOf(this.#end), 0);
      await file.sync();
      await this.#files.syncFolder(folder);
    } catch (error) {
      file.close();
      this.#files.remove(path);
      throw error;
    }
    this.#file?.close();
    this.#file = file;
    this.#segments.push({ path, begin: this.#end, size: headerLength });
    return file;
  }

  #attempt<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      throw this.#problem(cause);
    }
  }

  #problem(cause: unknown): Problem {
    return new Problem(
      'W502_SPOOL_FAILED',
      { where: this.#options.folder, excerpt: String(cause).slice(0, 200) },
      { cause },
    );
  }
}
