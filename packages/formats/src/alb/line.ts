import type { Misfit } from '../lines.ts';
import { compileSteps, walk, walkMargin } from '../steps.ts';
import { isDigit } from '../time.ts';
import { UtcClock } from '../utc-clock.ts';
import { Memory } from '../words.ts';
import { accessFields, type FieldPlaces, placesOf, quotedFields } from './fields.ts';
import { placeWords } from './tokens.ts';

const backslash = 0x5c;
const dash = 0x2d;

/** Fields behind the known ones are of no use, but may come. */
const mostFields = 64;

/** A line of twelve fields says when, whom and how it ended; the first lines of all had 17. */
const fewestFields = 12;

const places = placesOf(accessFields);

const isQuoted = accessFields.map((field) => quotedFields.has(field));

/** The walk of an ordinary line ends behind the target group. */
const walked = places.target_group_arn + 1;

const steps = compileSteps(
  '',
  accessFields.slice(0, walked).map((field, index) => ({
    literal: `${isQuoted[index] ? '"' : ''} ${isQuoted[index + 1] ? '"' : ''}`,
    width: field === 'time' ? 20 : 0,
    list: false,
    spaceless: field === 'target_group_arn',
  })),
);

/** Where the fields of the current line are, and the two values that every line must have. */
export class AccessLine {
  readonly at: FieldPlaces = places;
  /** All the memory that the line lies in; `view` reads the same bytes. */
  bytes: Buffer = Buffer.alloc(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  /** Field k lies in [spans[2k], spans[2k + 1]), without its quotes, where k is below `count`. */
  readonly spans = new Int32Array(2 * mostFields);
  /** Fields that are placed. */
  count = 0;
  /** Ms since the epoch, with microseconds as a fraction. */
  time = 0;
  /** 0 where the line has `-` or `000`. */
  status = 0;
  readonly #memory = new Memory();
  readonly #clock = new UtcClock();
  #from = 0;
  #to = 0;

  /** Places as many fields as an ordinary line is read for. */
  place(bytes: Buffer, from: number, to: number): Misfit | undefined {
    this.#enter(bytes, from, to);
    const { view, spans } = this;
    if (walk(view, this.#from, this.#to, steps, 0, walked, spans) === walked) {
      this.count = walked;
      if (this.#isPlain(places.request) && this.#isPlain(places.user_agent) && this.#hasHead()) {
        return undefined;
      }
    }
    return this.#placeWords();
  }

  /** Places all fields of a line. */
  placeAll(bytes: Buffer, from: number, to: number): Misfit | undefined {
    this.#enter(bytes, from, to);
    return this.#placeWords();
  }

  /** Places all fields of the line that was placed last. */
  placeRest(): void {
    if (this.count === walked) this.#placeWords();
  }

  /** Whether the field has a value: not absent, not empty, not `-`. */
  has(field: number): boolean {
    if (field < 0 || field >= this.count) return false;
    const from = this.spans[2 * field]!;
    const length = this.spans[2 * field + 1]! - from;
    return length > 1 || (length === 1 && this.bytes[from] !== dash);
  }

  /** The time in a field; NaN without one. */
  timeOf(field: number): number {
    if (!this.has(field)) return Number.NaN;
    return this.#clock.read(this.bytes, this.view, this.spans[2 * field]!, this.spans[2 * field + 1]!);
  }

  #enter(bytes: Buffer, from: number, to: number): void {
    const memory = this.#memory;
    let at = memory.over(bytes) + from;
    if (at + to - from + walkMargin > memory.view.byteLength) {
      const roomy = Buffer.alloc(to - from + walkMargin);
      bytes.copy(roomy, 0, from, to);
      at = memory.over(roomy);
    }
    if (memory.view !== this.view) {
      this.view = memory.view;
      this.bytes = Buffer.from(memory.view.buffer);
    }
    this.#from = at;
    this.#to = at + to - from;
  }

  #placeWords(): Misfit | undefined {
    this.count = placeWords(this.bytes, this.#from, this.#to, this.spans, (word) => isQuoted[word] === true);
    if (this.count < fewestFields) return { reason: 'does_not_fit', column: this.#to - this.#from };
    if (this.#hasHead()) return undefined;
    const isTime = Number.isFinite(this.time);
    const field = isTime ? places.elb_status_code : places.time;
    return { reason: isTime ? 'bad_status' : 'bad_time', column: this.spans[2 * field]! - this.#from };
  }

  /** Whether the quote that ends the field is not escaped, as far as a look at one byte tells. */
  #isPlain(field: number): boolean {
    return this.bytes[this.spans[2 * field + 1]! - 1] !== backslash;
  }

  #hasHead(): boolean {
    const { bytes, spans, at } = this;
    this.time = this.timeOf(at.time);
    if (Number.isNaN(this.time)) return false;
    const from = spans[2 * at.elb_status_code]!;
    const length = spans[2 * at.elb_status_code + 1]! - from;
    if (length === 1 && bytes[from] === dash) {
      this.status = 0;
      return true;
    }
    if (length !== 3 || !isDigit(bytes[from]) || !isDigit(bytes[from + 1]) || !isDigit(bytes[from + 2])) {
      return false;
    }
    this.status = (bytes[from]! - 0x30) * 100 + (bytes[from + 1]! - 0x30) * 10 + bytes[from + 2]! - 0x30;
    return true;
  }
}
