/** A number or string that must not be mixed up with another of the same shape. Casts live in this file only. */
type Brand<T, Name extends string> = T & { readonly __unit: Name };

/**
 * A moment: milliseconds since 1970-01-01T00:00:00Z. Fractions carry microseconds; a double resolves 0.25 µs here, so
 * the nanoseconds of a Cloudflare log are cut to microseconds.
 */
export type Instant = Brand<number, 'Instant'>;

/** A span of time in milliseconds. */
export type Millis = Brand<number, 'Millis'>;

/** A count of bytes. */
export type Bytes = Brand<number, 'Bytes'>;

/** An HTTP status as logged: 100 to 999, or 0 where the proxy wrote `000` or none at all. */
export type HttpStatus = Brand<number, 'HttpStatus'>;

/**
 * Weight of evidence in decibans, 10·log10 of a likelihood ratio: +10 means ten times as likely, -10 a tenth,
 * 3 about twice.
 */
export type Decibans = Brand<number, 'Decibans'>;

/** A number between 0 and 1. */
export type Probability = Brand<number, 'Probability'>;

function finite(value: number, what: string): number {
  if (!Number.isFinite(value)) throw new RangeError(`${what} must be a finite number, got ${value}`);
  return value;
}

/** @throws RangeError if not finite */
export function instant(msSinceEpoch: number): Instant {
  return finite(msSinceEpoch, 'an instant') as Instant;
}

/** @throws RangeError if not finite */
export function millis(ms: number): Millis {
  return finite(ms, 'a span') as Millis;
}

/** @throws RangeError if not finite */
export function bytes(count: number): Bytes {
  return finite(count, 'a byte count') as Bytes;
}

/** @throws RangeError if not an integer from 0 to 999 */
export function httpStatus(code: number): HttpStatus {
  if (!Number.isInteger(code) || code < 0 || code > 999) {
    throw new RangeError(`an HTTP status is an integer from 0 to 999, got ${code}`);
  }
  return code as HttpStatus;
}

/** @throws RangeError if not finite */
export function decibans(db: number): Decibans {
  return finite(db, 'a weight') as Decibans;
}

/** @throws RangeError if outside 0 to 1 */
export function probability(value: number): Probability {
  if (!(value >= 0 && value <= 1)) throw new RangeError(`a probability lies between 0 and 1, got ${value}`);
  return value as Probability;
}
