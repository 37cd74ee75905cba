/**
 * A line as alternating literals and fields: what to compare, and how to find where each field ends. Kept in flat
 * arrays for `walk`.
 */
export interface Steps {
  readonly count: number;
  /** Literal in front of the first field. */
  readonly lead: Uint8Array;
  /** The literals behind the fields, end to end; an empty one ends at the end of the line. */
  readonly literals: Buffer;
  readonly literalView: DataView;
  readonly literalFrom: Int32Array;
  /** `stepSize` numbers per field, see the names of their places below. */
  readonly table: Int32Array;
}

// The names of the places below are used on every field of every line and are not exported: V8 looks an imported or
// exported constant up each time, which would be a sixth of the walk.

/** Numbers per field in `Steps.table`. */
const stepSize = 6;
/** First byte of the literal, four times. */
const stepByte = 0;
/** Length of the literal. */
const stepLength = 1;
/** Bytes that the field is known to have at least, 0 where it may be empty. */
const stepWidth = 2;
/** `mayHoldSeparators` and `holdsNoSpace`. */
const stepWays = 3;
/** The first four bytes of the literal as a little-endian number, and which of its bits count. */
const stepHead = 4;
const stepMask = 5;

/** Values may hold ", " and " : ", which do not end the field. */
const mayHoldSeparators = 1;
/** Values hold no space, so that one in front of anything but the literal refuses the line. */
const holdsNoSpace = 2;

const comma = 0x2c;
const colon = 0x3a;
const space = 0x20;

/** Bytes that must be readable behind a line, since `walk` reads four at a time. */
export const walkMargin = 4;

/**
 * Places the fields [first, end) of the line in [from, to) of the memory: field k lies in [spans[2k], spans[2k + 1]). A
 * field ends at the first place where its whole literal stands. The memory must reach `walkMargin` bytes behind the line.
 * To go on, call again with `first` as the former `end`.
 *
 * Two fifths of the time of an ordinary line are spent here, so that the code suits V8: positions are those of the view
 * itself and, by `| 0`, integers, and the function is short enough to be inlined.
 * @returns `end`, or the index of the field whose end was not found
 */
export function walk(
  view: DataView,
  from: number,
  to: number,
  steps: Steps,
  first: number,
  end: number,
  spans: Int32Array,
): number {
  const { table } = steps;
  const stop = to | 0;
  let at = (first === 0 ? afterLead(view, from, to, steps.lead) : spans[2 * first]!) | 0;
  if (at < 0) return 0;
  for (let field = first | 0; field < end; field = (field + 1) | 0) {
    const step = Math.imul(field, stepSize);
    const byte = table[step + stepByte]!;
    const length = table[step + stepLength]!;
    spans[2 * field] = at;
    if (length === 0) {
      spans[2 * field + 1] = stop;
      at = stop;
      continue;
    }
    at = (at + table[step + stepWidth]!) | 0;
    for (;;) {
      at = placeOf(view, at, stop, byte);
      if (((at + length) | 0) > stop) return field;
      if (isLiteral(view, at, steps, field)) {
        if ((table[step + stepWays]! & mayHoldSeparators) === 0) break;
        if (!isSeparator(view, at, spans[2 * field]!)) break;
      } else if ((table[step + stepWays]! & holdsNoSpace) !== 0) return field;
      at = (at + 1) | 0;
    }
    spans[2 * field + 1] = at;
    at = (at + length) | 0;
  }
  spans[2 * end] = at;
  return end;
}

/** The first place from `from` on of a byte, which is given four times; `stop` or a place behind it where it is not there. */
function placeOf(view: DataView, from: number, stop: number, byte: number): number {
  let at = from;
  for (; at < stop; at = (at + 4) | 0) {
    const differing = view.getInt32(at, true) ^ byte;
    // The lowest bit that this leaves is in the lowest byte that is the one sought.
    const found = (differing - 0x01010101) & ~differing & 0x80808080;
    if (found !== 0) return (at + ((31 - Math.clz32(found & -found)) >> 3)) | 0;
  }
  return at;
}

/** Whether the literal of the field stands at `at` of the view. Apart from the walk, which V8 inlines only if it is short. */
function isLiteral(view: DataView, at: number, steps: Steps, field: number): boolean {
  const { table } = steps;
  const step = Math.imul(field, stepSize);
  const length = table[step + stepLength]!;
  const differing = view.getInt32(at, true) ^ table[step + stepHead]!;
  return (
    (differing & table[step + stepMask]!) === 0 && (length <= 4 || hasRest(view, at, length, steps, field))
  );
}

/** The same behind the first four bytes. */
function hasRest(view: DataView, at: number, length: number, steps: Steps, field: number): boolean {
  const { literalView } = steps;
  const literal = steps.literalFrom[field]!;
  const last = length - 4;
  for (let i = 4; i < last; i += 4) {
    if (view.getInt32(at + i, true) !== literalView.getInt32(literal + i, true)) return false;
  }
  return view.getInt32(at + last, true) === literalView.getInt32(literal + last, true);
}

/** Where the first field begins, -1 where the line does not begin with the literal. */
export function afterLead(view: DataView, from: number, to: number, lead: Uint8Array): number {
  if (from + lead.length > to) return -1;
  for (let i = 0; i < lead.length; i++) if (view.getUint8(from + i) !== lead[i]) return -1;
  return from + lead.length;
}

/** Whether the space at `at` belongs to ", " or " : " of the list over attempts that begins at `from`. */
function isSeparator(view: DataView, at: number, from: number): boolean {
  if (view.getUint8(at) !== space) return false;
  const before = at > from ? view.getUint8(at - 1) : space;
  if (before === comma) return true;
  if (before === colon && at - 1 > from && view.getUint8(at - 2) === space) return true;
  return view.getUint8(at + 1) === colon && view.getUint8(at + 2) === space;
}

export interface Field {
  /** Text behind the field. */
  readonly literal: string;
  readonly width: number;
  readonly list: boolean;
  readonly spaceless: boolean;
}

export function compileSteps(lead: string, fields: readonly Field[]): Steps {
  const literals = fields.map((field) => Buffer.from(field.literal));
  const literalFrom = new Int32Array(fields.length + 1);
  const table = new Int32Array(fields.length * stepSize);
  fields.forEach((field, index) => {
    const literal = literals[index]!;
    const step = index * stepSize;
    const first = literal[0] ?? 0;
    const headLength = Math.min(literal.length, 4);
    const stopsAtSpace = field.spaceless && first === 0x20;
    literalFrom[index + 1] = literalFrom[index]! + literal.length;
    table[step + stepByte] = Math.imul(first, 0x01010101);
    table[step + stepLength] = literal.length;
    table[step + stepWidth] = field.width;
    table[step + stepWays] = (field.list ? mayHoldSeparators : 0) | (stopsAtSpace ? holdsNoSpace : 0);
    if (headLength > 0) table[step + stepHead] = literal.readIntLE(0, headLength);
    table[step + stepMask] = headLength === 4 ? -1 : (1 << (8 * headLength)) - 1;
    table[step + stepHead]! &= table[step + stepMask]!;
  });
  const joined = Buffer.concat(literals);
  return {
    count: fields.length,
    lead: Buffer.from(lead),
    literals: joined,
    literalView: new DataView(joined.buffer, joined.byteOffset, joined.length),
    literalFrom,
    table,
  };
}
