import type { Counted, Instant, Remedy, RowRef } from '@why502/model';

/** ISO 8601 in UTC with milliseconds. */
export function isoTime(time: Instant): string {
  return new Date(time).toISOString();
}

/** Rounded to so many decimals: a confidence of 0.9400000000000001 promises a precision that nobody measured. */
export function rounded(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  // A negative value close to zero would be written as -0, which is 0 in JSON but not to a test of equality.
  return Math.round(value * scale) / scale + 0;
}

/** Absence is null in JSON, so that every object of a kind has the same keys. */
export function orNull<T>(value: T | undefined): T | null {
  return value ?? null;
}

/** File and line of what may have none. */
export function place(row: RowRef | undefined) {
  return { file: orNull(row?.file), line: orNull(row?.line) };
}

export function remedyObject(remedy: Remedy) {
  return { where: remedy.where, change: remedy.change, example: orNull(remedy.example) };
}

export function countedObject(counted: Counted) {
  return { name: counted.name, requests: counted.requests };
}
