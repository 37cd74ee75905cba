/**
 * A line as alternating literals and fields: what to compare, and how to find where each field ends. Kept in flat
 * arrays for `walk`.
 */
export interface Steps {
  readonly count: number;
  /** Literal in front of the first field. */
  readonly lead: Uint8Array;
  /** The literals behind the fields, end to end; an empty one ends at the end of the line. */
  readonly literals: Uint8Array;
  readonly literalFrom: Int32Array;
  /** `stepSize` numbers per field, see the names of their places below. */
  readonly table: Int32Array;
}

/** Numbers per field in `Steps.table`. */
export const stepSize = 6;
/** First byte of the literal. */
export const stepByte = 0;
/** Length of the literal. */
export const stepLength = 1;
/** Bytes that the field is known to have at least, 0 where it may be empty. */
export const stepWidth = 2;
/** `searchNatively`, `mayHoldSeparators` and `holdsNoSpace`. */
export const stepWays = 3;
/** The first and the last four bytes of a literal of at least four, as one number each. */
export const stepHead = 4;
export const stepTail = 5;

/** Values are long, so that a native search pays. */
export const searchNatively = 1;
/** Values may hold ", " and " : ", which do not end the field. */
export const mayHoldSeparators = 2;
/** Values hold no space, so that one in front of anything but the literal refuses the line. */
export const holdsNoSpace = 4;

export interface Field {
  /** Text behind the field. */
  readonly literal: string;
  readonly width: number;
  readonly long: boolean;
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
    literalFrom[index + 1] = literalFrom[index]! + literal.length;
    table[step + stepByte] = literal[0] ?? 0;
    table[step + stepLength] = literal.length;
    table[step + stepWidth] = field.width;
    const stopsAtSpace = field.spaceless && literal[0] === 0x20;
    table[step + stepWays] =
      (field.long ? searchNatively : 0) |
      (field.list ? mayHoldSeparators : 0) |
      (stopsAtSpace ? holdsNoSpace : 0);
    if (literal.length < 4) return;
    table[step + stepHead] = literal.readInt32BE(0);
    table[step + stepTail] = literal.readInt32BE(literal.length - 4);
  });
  return {
    count: fields.length,
    lead: Buffer.from(lead),
    literals: Buffer.concat(literals),
    literalFrom,
    table,
  };
}
