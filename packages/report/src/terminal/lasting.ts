import type { Incident, Summary } from '@why502/model';
import { lasting, period } from './wording.ts';

/** An incident may go on when the logs end so soon after its last failure, ms; less where failures came closer. */
const longestSilence = 60_000;
const shortestSilence = 5_000;

/** So many times the usual distance of its failures. */
const usualDistances = 5;

/** When an incident began, how long it lasted, and whether it was over when the logs end. */
export function ended({ started, ended: last, requests }: Incident, { to, zoneMin }: Summary): string {
  const when = `${period(started, last, zoneMin)} (${lasting(started, last)})`;
  if (to === undefined) return when;
  const distance = (last - started) / Math.max(1, requests - 1);
  const silence = Math.min(longestSilence, Math.max(shortestSilence, usualDistances * distance));
  if (to - last <= silence) return `${when}, up to the end of the log: it may go on`;
  return `${when}; over, the log goes on for ${lasting(last, to)}`;
}
