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
  /** Bytes that the field is known to have at least, 0 where it may be empty. */
  readonly width: Uint8Array;
  /** 1: values are long, search natively. */
  readonly long: Uint8Array;
  /** 1: values may hold ", " and " : ", which do not end the field. */
  readonly list: Uint8Array;
}

export interface Field {
  /** Text behind the field. */
  readonly literal: string;
  readonly width: number;
  readonly long: boolean;
  readonly list: boolean;
}

export function compileSteps(lead: string, fields: readonly Field[]): Steps {
  const literals = fields.map((field) => Buffer.from(field.literal));
  const literalFrom = new Int32Array(fields.length + 1);
  literals.forEach((literal, index) => {
    literalFrom[index + 1] = literalFrom[index]! + literal.length;
  });
  const flag = (of: (field: Field) => boolean) => Uint8Array.from(fields, (field) => (of(field) ? 1 : 0));
  return {
    count: fields.length,
    lead: Buffer.from(lead),
    literals: Buffer.concat(literals),
    literalFrom,
    width: Uint8Array.from(fields, (field) => field.width),
    long: flag((field) => field.long),
    list: flag((field) => field.list),
  };
}
