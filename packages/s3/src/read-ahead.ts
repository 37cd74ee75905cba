import type { Bucket, StoredObject } from './bucket.ts';

/** Objects that are asked for while an earlier one is read: the way to a bucket takes longer than most objects. */
const ahead = 8;

/** Larger ones are read when it is their turn: they are not held in memory. */
const mostBytes = 1024 * 1024;

/** Reads the objects of a listing, which are asked for in its order as a rule; any of them may be asked for again. */
export class ReadAhead {
  readonly #bucket: Bucket;
  readonly #objects: readonly StoredObject[];
  /** Those that are on their way or have come, and nobody has read. */
  readonly #coming = new Map<number, Promise<readonly Uint8Array[]>>();

  constructor(bucket: Bucket, objects: readonly StoredObject[]) {
    this.#bucket = bucket;
    this.#objects = objects;
  }

  /** Bytes of one of them. @throws Problem as `Bucket.read` */
  async *chunks(at: number): AsyncGenerator<Uint8Array> {
    // What was passed over will not be asked for soon.
    for (const other of this.#coming.keys()) if (other < at || other > at + ahead) this.#coming.delete(other);
    for (let next = at; next <= at + ahead && next < this.#objects.length; next++) this.#ask(next);
    const coming = this.#coming.get(at);
    this.#coming.delete(at);
    if (coming === undefined) yield* this.#bucket.read(this.#objects[at]!);
    else yield* await coming;
  }

  #ask(at: number): void {
    const object = this.#objects[at]!;
    if (object.size > mostBytes || this.#coming.has(at)) return;
    const coming = this.#whole(object);
    // Said to whoever reads it, if anybody does.
    coming.catch(() => {});
    this.#coming.set(at, coming);
  }

  async #whole(object: StoredObject): Promise<readonly Uint8Array[]> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.#bucket.read(object)) chunks.push(chunk);
    return chunks;
  }
}
