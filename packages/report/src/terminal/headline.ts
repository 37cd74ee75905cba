import type { Instant, MechanismId, Summary } from '@why502/model';
import type { Page } from './page.ts';
import { span } from './span.ts';
import type { Tally } from './tally.ts';
import { counted, number, period, share, statuses } from './wording.ts';

/** The answer, for who reads nothing else. */
export function headline(page: Page, tally: Tally, summary: Summary): void {
  const { failures, masked, requests } = summary;
  if (failures > 0) {
    page.paragraph([
      span(`${howMany(summary)}${during(tally.firstFailure, tally.lastFailure, summary.zoneMin)}.`, 'bad'),
    ]);
    page.paragraph([span(mostly(tally, failures), 'strong')]);
    // One incident that is all says its statuses itself.
    if (tally.shares.length > 1) page.paragraph([span(`Status: ${statuses(summary.byStatus)}.`)]);
  } else if (requests > 0) {
    page.paragraph([
      span(
        `No request failed: ${number(requests)} were read${during(summary.from, summary.to, summary.zoneMin)}.`,
        'good',
      ),
    ]);
  } else {
    page.paragraph([span('No request was read, so there is nothing to say about any.', 'warn')]);
  }
  if (masked > 0) {
    const others = failures > 0 ? 'Another ' : '';
    page.paragraph([span(`${others}${counted(masked, 'request')} failed at first, and a retry answered.`)]);
  }
  if (summary.problems.length > 0) {
    page.paragraph([span('Not everything could be read, so more may have failed: see below.', 'warn')]);
  }
}

/** Without an access log only failures are seen, and there is nothing to compare them with. */
function howMany({ failures, requests }: Summary): string {
  if (requests === 0) return `The error log tells of ${counted(failures, 'failed request')}`;
  return `${number(failures)} of ${counted(requests, 'request')} failed (${share(failures, requests)})`;
}

function during(from: Instant | undefined, to: Instant | undefined, zoneMin?: number): string {
  return from === undefined || to === undefined ? '' : `, ${period(from, to, zoneMin)}`;
}

function mostly(tally: Tally, failures: number): string {
  const [first] = tally.shares;
  if (first === undefined) return '';
  const some = first.failures < failures;
  if (first.mechanism === undefined) {
    return some ? `Of ${number(first.failures)} the logs do not tell why.` : 'The logs do not tell why.';
  }
  const all = failures === 1 ? 'The reason' : 'All for one reason';
  const reason = tally.titleOf(first.mechanism) ?? first.mechanism;
  return `${some ? `${number(first.failures)} for one reason` : all}: ${reason}${onlyPeer(first.mechanism, tally)}.`;
}

/** The peer, where the largest incident hit no other. */
function onlyPeer(mechanism: MechanismId, tally: Tally): string {
  const [peer, ...others] = tally.incidents.find((incident) => incident.mechanism === mechanism)?.peers ?? [];
  return peer === undefined || others.length > 0 ? '' : ` (${peer.name})`;
}
