/** Where this many bytes have no end of a record among them, they are handed on as they are: no record is that long. */
export const longestRecord = 1024 * 1024;

const lineBreak = 0x0a;
const nothing: Buffer = Buffer.alloc(0);

/**
 * The bytes of a stream in stretches that a decoder can scan. A chunk is scanned where it lies; only the unfinished end
 * of one is copied, and joined with the start of the next. Holds little more than a chunk and the longest record.
 */
export class LineBuffer {
  /** The stretch is `bytes[from, to)`. Who scans moves `from` as far as was read. */
  bytes: Buffer = nothing;
  from = 0;
  to = 0;
  /** No bytes follow. */
  last = false;
  /** Copied bytes that wait for the end of their record. */
  #tail: Buffer = nothing;
  #tailLength = 0;
  /** What of the newest chunk lies behind the stretch. */
  #rest: Buffer = nothing;

  /** All that waits to be read is whole lines, the last of which the next one might go on with. */
  get endsLine(): boolean {
    return this.to === 0 && this.#tailLength > 0 && this.#tail[this.#tailLength - 1] === lineBreak;
  }

  /** Bytes that were fed and not read yet. */
  get unread(): number {
    const { from, to } = this;
    // The stretch may lie in the tail; what was read of it is gone from there with the next one.
    return this.#rest.length + (to > 0 ? to - from : this.#tailLength);
  }

  /** Takes the next chunk, which must stay as it is until the next call. To be called when `next` returned false. */
  feed(chunk: Uint8Array): void {
    this.#rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
  }

  /** Says that there is no further chunk. */
  end(): void {
    this.last = true;
  }

  /**
   * Moves on to the next stretch and keeps what was not read of this one. False where nothing can be read before
   * another chunk comes, or at the end.
   * @param whole what waits is to be read as it is
   */
  next(whole = this.last): boolean {
    this.#keepUnread();
    if (this.#tailLength === 0) {
      this.#present(this.#rest, this.#rest.length);
      this.#rest = nothing;
      return this.to > 0;
    }
    const grown = this.#growTail();
    if (!grown && !whole && this.#tailLength < longestRecord) return false;
    this.#present(this.#tail, this.#tailLength);
    return true;
  }

  #present(bytes: Buffer, length: number): void {
    this.bytes = bytes;
    this.from = 0;
    this.to = length;
  }

  #keepUnread(): void {
    const { bytes, from, to } = this;
    if (to === 0) return;
    this.#tailLength = 0;
    this.#append(bytes.subarray(from, to));
    this.#present(nothing, 0);
  }

  /** Moves whole lines of the rest behind the tail, or all of it where no line ends in it; says whether one did. */
  #growTail(): boolean {
    const rest = this.#rest;
    // One line mostly ends the record. Where it does not, taking as much as there is keeps the work linear.
    let end = rest.indexOf(lineBreak, this.#tailLength);
    if (end < 0) end = rest.lastIndexOf(lineBreak);
    const taken = end < 0 ? rest.length : end + 1;
    this.#append(rest.subarray(0, taken));
    this.#rest = rest.subarray(taken);
    return end >= 0;
  }

  /** `bytes` may be part of the tail itself. */
  #append(bytes: Buffer): void {
    const length = this.#tailLength + bytes.length;
    if (length > this.#tail.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#tail.length, length, 4096));
      this.#tail.copy(larger, 0, 0, this.#tailLength);
      this.#tail = larger;
    }
    bytes.copy(this.#tail, this.#tailLength);
    this.#tailLength = length;
  }
}
