import type { FactOf, Symptom } from '@why502/model';

/** Whether an Application Load Balancer says, by a code, that it was one of these. */
export function balancerSays(...words: readonly Symptom[]): (fact: FactOf<'symptom'>) => boolean {
  return ({ source, symptom }) => source === 'alb' && words.includes(symptom);
}

/** Longer than a connection takes to break that was closed before the request came, ms. */
const atOnceMs = 5;

/** Whether a target took the request, and then closed, or answered in a way that the load balancer refuses. */
export function isBrokenOff({ source, phase, status, unaddressed }: FactOf<'imprint'>): boolean {
  return source === 'alb' && phase === 'waiting' && status === 502 && !unaddressed;
}

/** The same, as soon as the request was with the target. */
export function isBrokenOffAtOnce(imprint: FactOf<'imprint'>): boolean {
  return isBrokenOff(imprint) && imprint.after !== undefined && imprint.after <= atOnceMs;
}

/** The same, after the target had time to work. */
export function isBrokenOffLate(imprint: FactOf<'imprint'>): boolean {
  return isBrokenOff(imprint) && (imprint.after ?? 0) > atOnceMs;
}

/** Whether a target answered, and the load balancer made an error of the answer. */
export function isKeptBack({ source, phase }: FactOf<'imprint'>): boolean {
  return source === 'alb' && phase === 'answering';
}

/** Whether the connection to a target failed at once. */
export function isRejected({ source, phase, status, after }: FactOf<'imprint'>): boolean {
  return source === 'alb' && phase === 'connecting' && status === 502 && (after ?? 0) < 100;
}

/** Whether no connection to a target came up in the 10 s that the load balancer gives it. */
export function isNotLetIn({ source, phase, status }: FactOf<'imprint'>): boolean {
  return source === 'alb' && phase === 'connecting' && status === 504;
}
