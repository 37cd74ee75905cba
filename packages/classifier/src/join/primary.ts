import type { Failure } from '../failure.ts';
import type { Companion, Company } from './company.ts';

/** nginx puts a failed peer aside for fail_timeout, 10 s unless configured (ngx_http_upstream_module); a little more for stamps of a second. */
const failTimeoutMs = 12_000;

/** A peer that answers is not put aside, whatever it answers, and without an attempt there is none to put aside. */
const putsNoPeerAside: ReadonlySet<string> = new Set(['relayed', 'answering', 'none']);

/** A longer fail_timeout is looked for only when nothing is nearer. */
const longestFailTimeoutMs = 65_000;

/**
 * The failures that made the proxy put the peers aside: the most recent first. Empty when the log shows none, and then
 * the peers were never there, or the failures before it are not in the log.
 */
export function primaries(
  failure: Failure,
  host: string | undefined,
  company: Company,
): readonly Companion[] {
  const found: Companion[] = [];
  company.around(failure.time, longestFailTimeoutMs, 1_000, (one) => {
    if (one.effect || one.id === failure.id || one.verdict?.outcome === 'not_an_error') return;
    if (one.serviceId !== failure.serviceId && (host === undefined || one.host !== host)) return;
    if (one.time - (one.afterMs ?? 0) > failure.time + 1_000) return;
    if (putsNoPeerAside.has(one.phase)) return;
    found.push(one);
  });
  const near = found.filter((one) => failure.time - one.time <= failTimeoutMs);
  return (near.length > 0 ? near : found).sort(
    (a, b) => Math.abs(failure.time - a.time) - Math.abs(failure.time - b.time) || (a.id < b.id ? -1 : 1),
  );
}
