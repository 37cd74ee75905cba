import type { FileStat } from './file-layer.ts';
import { fits, headLength, type Position, type Print, printOf, type Settled } from './position.ts';

/** Files that are done with are remembered, the latest of them. */
const mostSettled = 20_000;

/** Of a file that needs no look however large it is. */
const anySize = Number.MAX_SAFE_INTEGER;

/** Files that hold the text of one that is followed: they are not read as long as that one can be. */
interface Copy {
  /** The generation that is followed. */
  readonly of: string;
  readonly stat: FileStat;
  readonly head: Print | undefined;
}

/** What is known of files that are not followed: which need no look, and how far others were read by an earlier run. */
export class KnownFiles {
  /** By identity and birth, for an inode is given to other files; in the order in which they were settled. */
  readonly #settled = new Map<string, Settled>();
  /** How many of them begin so. */
  readonly #heads = new Map<string, number>();
  /** Beginnings of texts that were cut off their files. */
  readonly #cut: Print[] = [];
  readonly #copies = new Map<string, Copy>();
  readonly #positions: Position[];

  constructor(positions: readonly Position[], settled: readonly Settled[]) {
    this.#positions = [...positions];
    for (const one of settled) this.settle(one, one.head);
  }

  /** Those whose files have not been found yet. */
  get positions(): readonly Position[] {
    return this.#positions;
  }

  get settled(): readonly Settled[] {
    return [...this.#settled.values()];
  }

  /** Takes the first position that fits away, for its file has been found. */
  take(isOf: (position: Position) => boolean): Position | undefined {
    const index = this.#positions.findIndex(isOf);
    return index < 0 ? undefined : this.#positions.splice(index, 1)[0];
  }

  settle({ device, inode, birth, modified, size }: Omit<Settled, 'head'>, head: Print | undefined): void {
    const key = keyOfFile({ device, inode, birth });
    this.#copies.delete(key);
    this.#forget(key);
    this.#settled.set(key, { device, inode, birth, modified, size, head });
    if (head !== undefined) this.#heads.set(keyOf(head), (this.#heads.get(keyOf(head)) ?? 0) + 1);
    if (inode < 0 && head !== undefined) this.#cut.push(head);
    if (this.#settled.size <= mostSettled) return;
    const [oldest] = this.#settled.keys();
    this.#forget(oldest!);
  }

  /** The text that was cut off a file has no file any more, and may come again as a copy of it. */
  settleCut(stat: FileStat, generation: string, head: Print): void {
    this.settle({ ...stat, inode: -Number.parseInt(generation, 10) }, head);
  }

  #forget(key: string): void {
    const { head, inode } = this.#settled.get(key) ?? {};
    this.#settled.delete(key);
    if (head === undefined) return;
    const left = (this.#heads.get(keyOf(head)) ?? 1) - 1;
    if (left === 0) this.#heads.delete(keyOf(head));
    else this.#heads.set(keyOf(head), left);
    if (inode! < 0) this.#cut.splice(this.#cut.indexOf(head), 1);
  }

  copy(stat: FileStat, of: string, head: Print | undefined): void {
    this.#copies.set(keyOfFile(stat), { of, stat, head });
  }

  /** A generation is read to its end, and so are its copies, also those that are still being made. */
  settleCopies(of: string): void {
    for (const copy of [...this.#copies.values()])
      if (copy.of === of) this.settle({ ...copy.stat, size: anySize }, copy.head);
  }

  /** Whether the file needs no look: it is what it was. */
  isDone(stat: FileStat): boolean {
    const key = keyOfFile(stat);
    if (this.#copies.has(key)) return true;
    const settled = this.#settled.get(key);
    if (settled === undefined) return false;
    return settled.size === anySize || (stat.size === settled.size && stat.modified === settled.modified);
  }

  /** How much of a file that has grown since was read: the same file, by its beginning. Undefined where it is another. */
  readBefore(stat: FileStat, head: Uint8Array): number | undefined {
    const settled = this.#settled.get(keyOfFile(stat));
    if (settled?.head === undefined) return undefined;
    return stat.size > settled.size && fits(settled.head, head) ? settled.size : undefined;
  }

  /** Whether a file that begins so was read to its end, under another identity: it was copied or packed since. */
  isRead(head: Uint8Array): boolean {
    if (head.length === 0) return false;
    // A short text is the beginning of many, so that it must be all of the file; of one that was cut the copy may hold more.
    return (
      this.#heads.has(keyOf(printOf(head.subarray(0, headLength)))) ||
      this.#cut.some((cut) => cut.length > 0 && fits(cut, head))
    );
  }
}

function keyOfFile({ device, inode, birth }: Omit<Settled, 'head' | 'size' | 'modified'>): string {
  return `${device}:${inode}:${birth}`;
}

function keyOf({ length, hash }: Print): string {
  return `${length} ${hash}`;
}

export function identityOf({ device, inode }: { readonly device: number; readonly inode: number }): string {
  return `${device}:${inode}`;
}
