import type { Escaping } from '../escapes.ts';
import { isWithinLimits } from '../json/limits.ts';
import type { Misfit } from '../lines.ts';
import { afterLead, walk, walkMargin } from '../steps.ts';
import { isDigit, timeEpoch, timeIso, timeLocal, type WrittenTime } from '../time.ts';
import { Memory, sameBytes } from '../words.ts';
import { isSpaceless } from './fields.ts';
import type { Layout } from './log-format.ts';

/** Attempts of the backtracking search, each of 64 bytes, before a line counts as one that does not fit. */
const mostTries = 2_000;

/** Where the fields of the current line are, and the two values that every line must have. */
export interface Placement {
  /** What the spans refer to: all the memory that the line lies in, or a copy of its values. */
  bytes: Buffer;
  /** To read `bytes` four at a time. */
  view: DataView;
  /** Field k lies in [spans[2k], spans[2k + 1]); -1 and -1 where the line lacks it. */
  readonly spans: Int32Array;
  /** How the values in `bytes` are escaped. */
  escaping: Escaping;
  /** Ms since the epoch. */
  at: number;
  zoneOffsetMin: number | undefined;
  status: number;
}

export interface Placer {
  readonly line: Placement;
  /** Places the first `stop` fields of a line; undefined when they fit. */
  place(bytes: Buffer, from: number, to: number): Misfit | undefined;
  /** Places the rest of the same line as far as it fits. */
  placeRest(): void;
}

/** Finds fields by the fast walk; a line that it refuses is read again by ways that are slower and sure. */
export function createPlacer(layout: Layout, stop: number): Placer {
  const { steps, at, keys } = layout;
  const spans = new Int32Array(2 * steps.count + 2);
  const line: Placement = {
    bytes: Buffer.alloc(0),
    view: new DataView(new ArrayBuffer(0)),
    spans,
    escaping: layout.escaping,
    at: 0,
    zoneOffsetMin: undefined,
    status: 0,
  };
  const memory = new Memory();
  const statusField = at.status;
  let placed = 0;
  let lineTo = 0;
  let tries = 0;
  let copy = Buffer.allocUnsafeSlow(4096);
  const timeField = at.msec >= 0 ? at.msec : at.iso >= 0 ? at.iso : at.local;
  const readTime = at.msec >= 0 ? timeOfEpoch : at.iso >= 0 ? timeIso : timeLocal;
  const zoneField = at.iso >= 0 ? at.iso : at.local;
  const readZone = at.iso >= 0 ? timeIso : timeLocal;
  /** The time field as last seen: many lines share a second. */
  const lastTime = new Uint8Array(64);
  const lastTimeView = new DataView(lastTime.buffer);
  let lastLength = -1;

  function hasStatus(): boolean {
    const from = spans[2 * statusField]!;
    if (spans[2 * statusField + 1]! - from !== 3) return false;
    const { bytes } = line;
    if (!isDigit(bytes[from]) || !isDigit(bytes[from + 1]) || !isDigit(bytes[from + 2])) return false;
    line.status = (bytes[from]! - 0x30) * 100 + (bytes[from + 1]! - 0x30) * 10 + bytes[from + 2]! - 0x30;
    return true;
  }

  function hasTime(): boolean {
    const { bytes } = line;
    const from = spans[2 * timeField]!;
    const to = spans[2 * timeField + 1]!;
    const length = to - from;
    if (length === lastLength && sameBytes(line.view, from, lastTimeView, 0, length)) return true;
    lastLength = -1;
    const time = from < 0 ? undefined : readTime(bytes, from, to);
    if (time === undefined) return false;
    line.at = time.at;
    line.zoneOffsetMin = time.zoneOffsetMin;
    if (length <= lastTime.length) {
      lastTime.set(bytes.subarray(from, to));
      lastLength = length;
    }
    return true;
  }

  /** A nested object might hold a key of ours before the outer one does. */
  function isNested(bytes: Buffer, from: number, to: number): boolean {
    const brace = bytes.indexOf(0x7b, from + 1);
    return brace >= 0 && brace < to;
  }

  function place(bytes: Buffer, from: number, to: number): Misfit | undefined {
    let at = memory.over(bytes) + from;
    if (at + to - from + walkMargin > memory.view.byteLength) at = memory.over(copied(bytes, from, to));
    return placeIn(at, at + to - from);
  }

  /** The last line of a piece of memory, with room behind it. */
  function copied(bytes: Buffer, from: number, to: number): Buffer {
    const roomy = Buffer.alloc(to - from + walkMargin);
    bytes.copy(roomy, 0, from, to);
    return roomy;
  }

  function placeIn(from: number, to: number): Misfit | undefined {
    const { view } = memory;
    if (view !== line.view) {
      line.view = view;
      line.bytes = Buffer.from(view.buffer);
    }
    const { bytes } = line;
    line.escaping = layout.escaping;
    lineTo = to;
    let misfit: Misfit | undefined;
    if (keys === undefined || !isNested(bytes, from, to)) {
      const reached = walk(view, from, to, steps, 0, stop, spans);
      placed = stop;
      if (reached === stop && hasTime() && hasStatus()) return undefined;
      misfit = misfitOf(reached, from);
    }
    if (keys !== undefined) return placeJson(bytes, from, to, keys);
    tries = 0;
    const start = afterLead(view, from, to, steps.lead);
    return start >= 0 && search(bytes.subarray(0, to), start, 0) ? undefined : misfit;
  }

  function misfitOf(reached: number, from: number): Misfit {
    if (reached < stop) return { reason: 'does_not_fit', column: columnOf(reached, from) };
    return hasTime()
      ? { reason: 'bad_status', column: columnOf(statusField, from) }
      : { reason: 'bad_time', column: columnOf(timeField, from) };
  }

  function columnOf(field: number, from: number): number {
    return field === 0 ? 0 : spans[2 * field]! - from;
  }

  /** Tries every place in `bytes`, which ends with the line, where a field may end, until time and status fit. */
  function search(bytes: Buffer, from: number, field: number): boolean {
    if (field === stop) {
      spans[2 * stop] = from;
      return true;
    }
    const literalFrom = steps.literalFrom[field]!;
    const literal = steps.literals.subarray(literalFrom, steps.literalFrom[field + 1]!);
    spans[2 * field] = from;
    tries += (bytes.length - from) >> 6;
    if (literal.length === 0) {
      spans[2 * field + 1] = bytes.length;
      return isPlausible(field) && search(bytes, bytes.length, field + 1);
    }
    for (let end = bytes.indexOf(literal, from); end >= 0; end = bytes.indexOf(literal, end + 1)) {
      tries += 1 + ((end - from) >> 6);
      if (tries > mostTries) return false;
      spans[2 * field + 1] = end;
      if (isPlausible(field) && search(bytes, end + literal.length, field + 1)) return true;
      spans[2 * field] = from;
    }
    return false;
  }

  function isPlausible(field: number): boolean {
    if (field === statusField) return hasStatus();
    if (field === timeField) return hasTime();
    return (
      !isSpaceless(layout.variables[field]!) ||
      !line.bytes.subarray(spans[2 * field], spans[2 * field + 1]).includes(0x20)
    );
  }

  function placeJson(bytes: Buffer, from: number, to: number, wanted: readonly string[]): Misfit | undefined {
    const object = isWithinLimits(bytes, from, to) ? parsed(bytes.toString('utf8', from, to)) : undefined;
    if (object === undefined) return { reason: 'not_json', column: 0 };
    const values = wanted.map((key) => (Object.hasOwn(object, key) ? textOf(object[key]) : undefined));
    const size = values.reduce((sum, value) => sum + 3 * (value?.length ?? 0), 0);
    if (size > copy.length) copy = Buffer.allocUnsafeSlow(size);
    let length = 0;
    values.forEach((value, field) => {
      spans[2 * field] = value === undefined ? -1 : length;
      if (value !== undefined) length += copy.write(value, length);
      spans[2 * field + 1] = value === undefined ? -1 : length;
    });
    line.bytes = copy;
    line.view = new DataView(copy.buffer);
    line.escaping = 'none';
    placed = steps.count;
    if (!hasTime()) return { reason: 'bad_time', column: 0 };
    return hasStatus() ? undefined : { reason: 'bad_status', column: 0 };
  }

  return {
    line,
    place,
    placeRest() {
      if (placed < steps.count) {
        const reached = walk(line.view, 0, lineTo, steps, placed, steps.count, spans);
        spans.fill(-1, 2 * reached, 2 * steps.count);
        placed = steps.count;
      }
      if (timeField === zoneField || zoneField < 0) return;
      const from = spans[2 * zoneField]!;
      const zone = from < 0 ? undefined : readZone(line.bytes, from, spans[2 * zoneField + 1]!);
      line.zoneOffsetMin = zone?.zoneOffsetMin;
    },
  };
}

function timeOfEpoch(bytes: Uint8Array, from: number, to: number): WrittenTime | undefined {
  const at = timeEpoch(bytes, from, to);
  return Number.isNaN(at) ? undefined : { at, zoneOffsetMin: undefined };
}

/** A JSON object, or undefined for anything else; never throws. */
function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** The text of a scalar; nginx knows neither null nor nested values, so these count as absent. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
