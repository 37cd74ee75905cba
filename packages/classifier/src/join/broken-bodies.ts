import type { ErrorRecord, Symptom } from '@why502/model';
import { bucketOf } from '../window/windows.ts';

/** The header had been passed on already, so the access line shows the status of a success. */
const breaks: ReadonlySet<Symptom> = new Set([
  'body_closed',
  'body_reset',
  'body_timed_out',
  'body_malformed',
]);

/** The proxy may go on sending what it has buffered: the access line is written up to so many buckets later. */
const bucketsLater = 6;

/** Whether the words are about an answer that broke off behind its header. */
export function saysBodyBroke(errors: readonly ErrorRecord[]): boolean {
  return errors.some(({ symptom }) => breaks.has(symptom));
}

/**
 * When answers broke off in their bodies, by the error log. The access lines of these requests look like successes, so
 * they are looked for by time among all lines.
 */
export class BrokenBodies {
  /** Buckets of ten seconds in which such a line stands. */
  readonly #buckets = new Set<number>();

  /** Takes a line of the error log, which stands at this instant. */
  add({ symptom, requestLine }: ErrorRecord, at: number): void {
    if (breaks.has(symptom) && requestLine !== undefined) this.#buckets.add(bucketOf(at));
  }

  get any(): boolean {
    return this.#buckets.size > 0;
  }

  /** Whether a request that ended then may be one of them. */
  near(at: number): boolean {
    const bucket = bucketOf(at);
    for (let index = bucket - bucketsLater; index <= bucket + 1; index++) {
      if (this.#buckets.has(index)) return true;
    }
    return false;
  }

  forgetBefore(bucket: number): void {
    for (const index of this.#buckets) if (index < bucket - bucketsLater) this.#buckets.delete(index);
  }
}
