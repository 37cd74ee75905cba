import type { Misfit, OrdinaryReading } from '../lines.ts';
import type { RowNames } from '../ordinary/ordinary-rows.ts';
import { walkMargin } from '../steps.ts';
import { isDigit } from '../time.ts';
import { UtcClock } from '../utc-clock.ts';
import { Memory } from '../words.ts';
import type { FieldPlaces } from './fields.ts';

const dash = 0x2d;
const zero = 0x30;

/** Where the fields of the current line are, and the two values that every line must have. */
export abstract class AccessLine {
  readonly at: FieldPlaces;
  /** All the memory that the line lies in, which the spans refer to; `view` reads the same bytes. */
  bytes: Buffer = Buffer.alloc(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  /** Field k lies in [spans[2k], spans[2k + 1]), without its quotes; at -1 where the line lacks it. */
  readonly spans: Int32Array;
  /** Ms since the epoch, with microseconds as a fraction. */
  time = 0;
  /** 0 where the line has `-` or `000`. */
  status = 0;
  readonly #memory = new Memory();
  readonly #clock = new UtcClock();

  constructor(at: FieldPlaces, mostFields: number) {
    this.at = at;
    this.spans = new Int32Array(2 * mostFields);
  }

  /** Places the fields that ordinary lines are read for: those up to the target group. */
  abstract place(bytes: Buffer, from: number, to: number): Misfit | undefined;

  /** Reads ordinary lines of this kind, many at once; undefined where nothing does. */
  ordinary(_names: RowNames): OrdinaryReading | undefined {
    return undefined;
  }

  /** Places the other fields of the line that was placed last. */
  abstract placeRest(): void;

  /** The text of the bytes [from, to) of a value, in the memory of the line or another. */
  abstract decode(from: number, to: number, bytes?: Buffer): string;

  /** Whether the line goes as far as the field. */
  reaches(field: number): boolean {
    return field >= 0 && this.spans[2 * field]! >= 0;
  }

  /** Whether the field has a value: not absent, not empty, not `-`. */
  has(field: number): boolean {
    if (field < 0) return false;
    const from = this.spans[2 * field]!;
    const length = this.spans[2 * field + 1]! - from;
    return length > 1 || (length === 1 && this.bytes[from] !== dash);
  }

  /** The text of a value that is there. */
  value(field: number): string | undefined {
    return this.has(field) ? this.decode(this.spans[2 * field]!, this.spans[2 * field + 1]!) : undefined;
  }

  /** The time in a field; NaN without one. */
  timeOf(field: number): number {
    if (!this.has(field)) return Number.NaN;
    return this.#clock.read(this.bytes, this.view, this.spans[2 * field]!, this.spans[2 * field + 1]!);
  }

  /** Looks at the memory that the line lies in; says where in it the line begins. */
  protected enter(bytes: Buffer, from: number, to: number): number {
    const memory = this.#memory;
    let at = memory.over(bytes) + from;
    if (at + to - from + walkMargin > memory.view.byteLength) {
      // The last line of a piece of memory, with room behind it.
      const roomy = Buffer.alloc(to - from + walkMargin);
      bytes.copy(roomy, 0, from, to);
      at = memory.over(roomy);
    }
    if (memory.view !== this.view) {
      this.view = memory.view;
      this.bytes = Buffer.from(memory.view.buffer);
    }
    return at;
  }

  /** The status in a field of three digits; 0 for a field that is `-` or `0`, -1 for any other. */
  statusOf(field: number): number {
    if (!this.reaches(field)) return -1;
    const { bytes, spans } = this;
    const from = spans[2 * field]!;
    const length = spans[2 * field + 1]! - from;
    if (length === 1 && (bytes[from] === dash || bytes[from] === zero)) return 0;
    if (length !== 3 || !isDigit(bytes[from]) || !isDigit(bytes[from + 1]) || !isDigit(bytes[from + 2])) {
      return -1;
    }
    return (bytes[from]! - zero) * 100 + (bytes[from + 1]! - zero) * 10 + bytes[from + 2]! - zero;
  }

  /** Reads time and status of the line whose fields are placed; false where it has no such values. */
  protected readHead(): boolean {
    const { at } = this;
    this.time = this.timeOf(at.time);
    if (Number.isNaN(this.time)) return false;
    this.status = this.statusOf(at.elb_status_code);
    return this.status >= 0;
  }

  /** Why `readHead` was false, for a line that begins at `from` of `bytes`. */
  protected headMisfit(from: number): Misfit {
    const isTime = Number.isFinite(this.time);
    const field = isTime ? this.at.elb_status_code : this.at.time;
    const column = this.reaches(field) ? this.spans[2 * field]! - from : 0;
    return { reason: isTime ? 'bad_status' : 'bad_time', column: Math.max(0, column) };
  }
}
