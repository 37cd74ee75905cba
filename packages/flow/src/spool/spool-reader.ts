import type { Place } from '../live/queue-scan.ts';
import { headerLength, linesOf, recordAt } from './segment.ts';
import type { Segment, Spool } from './spool.ts';
import type { SpoolFile } from './spool-files.ts';

/** Reads a spool from a place on, as far as it is on the disk. */
export class SpoolReader {
  readonly #spool: Spool;
  #place: Place;
  /** The segment that is open, and the position of its file at which the next record stands. */
  #at: { readonly segment: Segment; readonly file: SpoolFile; position: number } | undefined;
  /** So many bytes of the next record stand before the place. */
  #skipped = 0;
  #lost = 0;

  /** @param from what is not kept of the stream any more is passed over */
  constructor(spool: Spool, from: Place) {
    this.#spool = spool;
    this.#place = from.offset < spool.begin.offset ? spool.begin : from;
  }

  /** What is read next begins here. */
  get place(): Place {
    return this.#place;
  }

  /** Bytes that were passed over because the disk has damaged them. */
  get lost(): number {
    return this.#lost;
  }

  /** The next record, of the first one what stands behind the place; undefined where nothing follows now. */
  next(): Buffer | undefined {
    for (;;) {
      const found = this.#step();
      if (found !== 'more') return found;
    }
  }

  close(): void {
    this.#at?.file.close();
    this.#at = undefined;
  }

  #step(): Buffer | undefined | 'more' {
    if (this.#place.offset >= this.#spool.end.offset) return undefined;
    const { segments, end } = this.#spool;
    const index = segments.findLastIndex(({ begin }) => begin.offset <= this.#place.offset);
    const segment = segments[index];
    if (segment === undefined) {
      this.#goTo(segments[0]!.begin);
      return 'more';
    }
    const until = segments[index + 1]?.begin ?? end;
    const at = this.#open(segment);
    const record = recordAt(at.file, at.position);
    if (record === undefined) {
      // What follows in this segment cannot be told apart any more.
      this.#goTo(until);
      return 'more';
    }
    at.position = record.end;
    const { offset, line } = this.#place;
    const skipped = this.#skipped;
    this.#skipped = 0;
    const text = record.text.subarray(skipped);
    this.#place = { offset: offset + text.length, line: line + linesOf(text) };
    if (record.isSound) return text;
    this.#lost += text.length;
    return 'more';
  }

  /** Opens the segment at the record that holds the place. */
  #open(segment: Segment) {
    if (this.#at?.segment === segment) return this.#at;
    this.close();
    const file = this.#spool.files.open(segment.path);
    let position = headerLength;
    let { offset } = segment.begin;
    for (let record = recordAt(file, position); record !== undefined; record = recordAt(file, position)) {
      if (offset + record.text.length > this.#place.offset) break;
      offset += record.text.length;
      position = record.end;
    }
    this.#skipped = Math.max(0, this.#place.offset - offset);
    this.#at = { segment, file, position };
    return this.#at;
  }

  #goTo(place: Place): void {
    this.#lost += place.offset - this.#place.offset;
    this.#place = place;
    this.close();
  }
}
