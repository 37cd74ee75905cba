import type { MiddlewareHandler } from 'hono';

/** A page asks for some fifteen panels when it opens, and again when the store has changed. */
const usual = { burst: 200, perSecond: 50 } as const;

export interface RateLimit {
  /** Requests at once, after a rest. */
  readonly burst?: number;
  /** Requests a second for as long as one likes. */
  readonly perSecond?: number;
  /** Monotonic, ms; default the clock of the machine. */
  readonly now?: () => number;
}

/**
 * Answers 429 to what comes faster than people and their pages ask, guesses at the token included. All clients have one limit
 * together: on loopback they are one machine.
 */
export function rateLimit({
  burst = usual.burst,
  perSecond = usual.perSecond,
  now = () => performance.now(),
}: RateLimit = {}): MiddlewareHandler {
  let left = burst;
  let at = now();
  return async (context, next) => {
    const time = now();
    left = Math.min(burst, left + ((time - at) / 1_000) * perSecond);
    at = time;
    if (left < 1) {
      const wait = Math.ceil((1 - left) / perSecond);
      return context.text('too many requests\n', 429, { 'Retry-After': String(wait) });
    }
    left--;
    return next();
  };
}
