/** What a log driver, a command that shows logs, or syslog puts around every line. */
export interface Envelope {
  readonly name: string;
  /** Finds the line inside; false where `bytes[from, to)` is not so wrapped. */
  open(bytes: Buffer, from: number, to: number, into: Content): boolean;
  /** The instant that the envelope of such a line tells, ms since the epoch; NaN where it tells no zone. */
  time?(bytes: Buffer, from: number, to: number): number;
}

/** The line inside an envelope, without its line break. One object is filled again and again. */
export interface Content {
  bytes: Buffer;
  from: number;
  to: number;
  /** The line goes on in the next record of the same stream. */
  isPart: boolean;
  /** Tells streams apart whose records stand among each other. */
  stream: number;
  /** Memory for content that does not stand in the line as it was written. */
  scratch: Buffer;
}

export function emptyContent(): Content {
  return { bytes: Buffer.alloc(0), from: 0, to: 0, isPart: false, stream: 0, scratch: Buffer.alloc(4_096) };
}

/** Says that the content stands at `bytes[from, to)`. */
export function contentAt(into: Content, bytes: Buffer, from: number, to: number): true {
  into.bytes = bytes;
  into.from = from;
  into.to = to;
  into.isPart = false;
  into.stream = 0;
  return true;
}

/** The scratch memory of a content, grown to hold `length` bytes and some more, with what it held. */
export function scratchFor(into: Content, length: number): Buffer {
  if (into.scratch.length < length + margin) {
    const larger = Buffer.alloc(Math.max(2 * into.scratch.length, length + margin));
    into.scratch.copy(larger);
    into.scratch = larger;
  }
  return into.scratch;
}

/** Who reads the content may look a few bytes behind its end. */
const margin = 16;
