import { setFlagsFromString } from 'node:v8';

/**
 * Collects garbage early. V8's own rule is made for programs that keep what they make: here records live for a hundred
 * seconds of log time, and two thirds of the heap were garbage. The young generation stays small, and the old one may
 * grow by half before it is collected. With 0.5 % failures, an error log and JSON, resident memory fell from about 230 to
 * 130 MiB, for 10 to 20 % more CPU time.
 */
export function collectEarly(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=50');
}
