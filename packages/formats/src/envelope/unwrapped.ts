import { type Content, contentAt, type Envelope, emptyContent, scratchFor } from './envelope.ts';

const lineBreak = 0x0a;
const carriageReturn = 0x0d;

/** A record of more wrapped lines than these is none. */
const mostLines = 64;

/** The content of a record that may be several wrapped lines: the parts of one, or one that holds line breaks. */
export class Unwrapped {
  readonly #envelope: Envelope;
  readonly content: Content = emptyContent();
  /** The line behind the record. */
  readonly next: Content = emptyContent();
  /** The content is that of this range, until it is read. */
  #from = -1;
  #to = -1;
  /** `next` is the line that ends at `#to` of the grown record. */
  #isNextOpen = false;
  #lines = 0;

  constructor(envelope: Envelope) {
    this.#envelope = envelope;
  }

  /** Opens the record in full; false where it is not wrapped. */
  open(bytes: Buffer, from: number, to: number): boolean {
    const isOpen = from === this.#from && to === this.#to;
    this.#from = -1;
    if (isOpen) return true;
    let end = lineEnd(bytes, from, to);
    if (!this.#envelope.open(bytes, from, trimmed(bytes, from, end), this.content)) return false;
    while (end < to) {
      const start = end + 1;
      end = lineEnd(bytes, start, to);
      this.#openNext(bytes, start, end);
      this.#append();
    }
    return true;
  }

  /** Opens a record that has grown by the line of `openNext`, or another one; it stays open for `open`. */
  grow(bytes: Buffer, from: number, to: number): boolean {
    const stop = trimmed(bytes, from, to);
    if (this.#isNextOpen && from === this.#from && stop > this.#to) {
      this.#append();
      this.#lines++;
    } else {
      this.#from = -1;
      this.#lines = 1;
      if (!this.open(bytes, from, stop)) return false;
    }
    this.#isNextOpen = false;
    this.#from = from;
    this.#to = stop;
    return this.#lines < mostLines;
  }

  /** Opens the line behind the record; false where it is not wrapped. */
  openNext(bytes: Buffer, from: number, to: number): boolean {
    this.#isNextOpen = true;
    return this.#openNext(bytes, from, to);
  }

  /** Without an envelope, a line is the rest of the one before it, as journalctl shows it. */
  #openNext(bytes: Buffer, from: number, to: number): boolean {
    const stop = trimmed(bytes, from, to);
    return this.#envelope.open(bytes, from, stop, this.next) || !contentAt(this.next, bytes, from, stop);
  }

  #append(): void {
    const { content, next } = this;
    const { isPart, stream } = content;
    let length = content.to - content.from;
    const text = scratchFor(content, length + next.to - next.from + 1);
    if (content.bytes !== text || content.from > 0) content.bytes.copy(text, 0, content.from, content.to);
    if (!isPart) text[length++] = lineBreak;
    length += next.bytes.copy(text, length, next.from, next.to);
    contentAt(content, text, 0, length);
    content.isPart = next.isPart;
    content.stream = stream;
  }
}

/** The line break that ends the line at `from`, or `to`. */
function lineEnd(bytes: Buffer, from: number, to: number): number {
  const end = bytes.indexOf(lineBreak, from);
  return end < 0 || end > to ? to : end;
}

/** The end of a line without a carriage return. */
function trimmed(bytes: Buffer, from: number, to: number): number {
  return to > from && bytes[to - 1] === carriageReturn ? to - 1 : to;
}
