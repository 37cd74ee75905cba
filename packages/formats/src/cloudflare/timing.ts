import { fieldAt } from './fields.ts';
import { Stamp } from './stamp.ts';
import { countOf, type Values } from './values.ts';

// V8 looks what is imported up each time, so that fields of every line have names of this module.
const endField = fieldAt.EdgeEndTimestamp;
const startField = fieldAt.EdgeStartTimestamp;
const firstByteField = fieldAt.EdgeTimeToFirstByteMs;

/** When a request was and how long it took, of the line that was read last. */
export class Timing {
  /** Ms since the epoch. */
  end = 0;
  /** NaN where the line does not tell. */
  start = 0;
  /** How coarse `end` is, ms. */
  resolution = 1;
  /** Ms; -1 where the line does not tell. */
  duration = -1;
  readonly #end = new Stamp();
  readonly #start = new Stamp();

  /** False without a time. Of a line that holds only when the request came, that is taken for its end. */
  read(values: Values): boolean {
    const hasEnd = readStamp(this.#end, values, endField);
    const hasStart = readStamp(this.#start, values, startField);
    const { at, isWholeSecond } = hasEnd ? this.#end : this.#start;
    this.end = at;
    this.start = hasStart ? this.#start.at : Number.NaN;
    this.resolution = isWholeSecond ? 1_000 : 1;
    this.duration = -1;
    if (!hasEnd || !hasStart) return hasEnd || hasStart;
    const between = this.#end.at - this.#start.at;
    // The first byte mostly comes with the last; it is counted in ms where the stamps may be no finer than a second.
    const toFirstByte = isWholeSecond ? countOf(values, firstByteField) : -1;
    const agrees = toFirstByte >= 0 && Math.abs(toFirstByte - between) <= this.resolution;
    this.duration = agrees ? toFirstByte : between >= 0 ? between : -1;
    return true;
  }
}

function readStamp(stamp: Stamp, { bytes, spans }: Values, field: number): boolean {
  return stamp.read(bytes, spans[2 * field]!, spans[2 * field + 1]!);
}
