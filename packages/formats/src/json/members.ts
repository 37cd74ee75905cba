import { afterBlanks, stringEnd, valueEnd } from './skip.ts';

const quote = 0x22;
const colon = 0x3a;
const comma = 0x2c;
const openingBrace = 0x7b;
const closingBrace = 0x7d;

/** More members than any log has are made to be slow to read. */
const mostMembers = 1_024;

/** Walks over the members of an object of JSON, one after the other, and makes nothing of them. */
export class Members {
  /** The key of the current member, without its quotes. */
  keyFrom = 0;
  keyTo = 0;
  /** Its value, with quotes where it is a string. */
  valueFrom = 0;
  valueTo = 0;
  /** Behind the object, once `next` has come to its end; -1 before that, and where the object is damaged. */
  end = -1;
  /** As far as was read: in front of the first member, or of the next. */
  at = 0;
  #bytes: Buffer = Buffer.alloc(0);
  #to = 0;
  #count = 0;

  /** Begins with the object at `from`; false where none stands there. */
  open(bytes: Buffer, from: number, to: number): boolean {
    this.#bytes = bytes;
    this.#to = to;
    this.#count = 0;
    this.end = -1;
    const brace = afterBlanks(bytes, from, to);
    this.at = brace + 1;
    return brace < to && bytes[brace] === openingBrace;
  }

  /** Moves on to the next member; false where there is none, or nothing that makes sense. */
  next(): boolean {
    const bytes = this.#bytes;
    const to = this.#to;
    const at = afterBlanks(bytes, this.at, to);
    if (at >= to || this.end >= 0) return false;
    if (bytes[at] === closingBrace && this.#count === 0) this.end = at + 1;
    if (bytes[at] !== quote || this.#count++ > mostMembers) return false;
    this.keyFrom = at + 1;
    this.keyTo = stringEnd(bytes, at + 1, to);
    if (this.keyTo < 0) return false;
    const colonAt = afterBlanks(bytes, this.keyTo + 1, to);
    if (colonAt >= to || bytes[colonAt] !== colon) return false;
    this.valueFrom = afterBlanks(bytes, colonAt + 1, to);
    this.valueTo = valueEnd(bytes, this.valueFrom, to);
    return this.valueTo >= 0 && this.#close(afterBlanks(bytes, this.valueTo, to));
  }

  /** Takes what stands behind a member: a comma, or the end of the object, at which the next `next` stops. */
  #close(at: number): boolean {
    if (at >= this.#to) return false;
    const byte = this.#bytes[at];
    this.at = at + 1;
    if (byte === closingBrace) this.end = at + 1;
    return byte === comma || byte === closingBrace;
  }
}
