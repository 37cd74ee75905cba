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

/** Numbers per field in `Steps.table`. */
export const stepSize = 6;
/** First byte of the literal, four times. */
export const stepByte = 0;
/** Length of the literal. */
export const stepLength = 1;
/** Bytes that the field is known to have at least, 0 where it may be empty. */
export const stepWidth = 2;
/** `mayHoldSeparators` and `holdsNoSpace`. */
export const stepWays = 3;
/** The first four bytes of the literal as a little-endian number, and which of its bits count. */
export const stepHead = 4;
export const stepMask = 5;

/** Values may hold ", " and " : ", which do not end the field. */
export const mayHoldSeparators = 1;
/** Values hold no space, so that one in front of anything but the literal refuses the line. */
export const holdsNoSpace = 2;

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
