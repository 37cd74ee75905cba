/** In `Values.spans` for a field that the line lacks, and for one whose value is null. */
export const absent = -1;
export const isNull = -2;

/** Where the values of the current line are. */
export interface Values {
  readonly bytes: Buffer;
  /** Field k of `fieldNames` lies in [spans[2k], spans[2k + 1]), without its quotes; or `absent`, or `isNull`, twice. */
  readonly spans: Int32Array;
  /** Every value that every line is asked for stands in the line as it is. */
  readonly isPlain: boolean;
  /** The text that the bytes [from, to) of a value stand for. */
  decode(from: number, to: number): string;
}

export function isAbsent({ spans }: Values, field: number): boolean {
  return spans[2 * field] === absent;
}

/** The text of a field; undefined without a value, and for an empty one. */
export function textOf(values: Values, field: number): string | undefined {
  const from = values.spans[2 * field]!;
  const to = values.spans[2 * field + 1]!;
  return to > from ? values.decode(from, to) : undefined;
}

/** A whole number that is not negative; -1 for anything else. A fraction is dropped. */
export function countOf({ bytes, spans }: Values, field: number): number {
  const from = spans[2 * field]!;
  const to = spans[2 * field + 1]!;
  let value = 0;
  let at = from;
  for (; at < to && at < from + 15; at++) {
    const digit = bytes[at]! - 0x30;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return at > from && (at === to || bytes[at] === 0x2e) ? value : -1;
}

export function hasText({ spans }: Values, field: number): boolean {
  return spans[2 * field + 1]! > spans[2 * field]!;
}
