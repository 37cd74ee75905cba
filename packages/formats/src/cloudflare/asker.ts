import type { RequestRecord } from '@why502/model';
import { fieldAt } from './fields.ts';
import { isAbsent, type Values } from './values.ts';

// V8 looks what is imported up each time, so that fields of every line have names of this module.
const sourceField = fieldAt.ClientRequestSource;
const subrequestField = fieldAt.WorkerSubrequest;

type Asker = RequestRecord['asker'];

/**
 * Whose request a line is by ClientRequestSource, in the order of its numbers in old feeds
 * (developers.cloudflare.com/logs/reference/clientrequestsource). A request that comes through another zone is a visitor's.
 */
const sources: readonly (readonly [name: string, asker: Asker])[] = [
  ['unknown', 'visitor'],
  ['eyeball', 'visitor'],
  ['purge', 'internal'],
  ['alwaysOnline', 'internal'],
  ['healthcheck', 'probe'],
  ['edgeWorkerFetch', 'subrequest'],
  ['edgeWorkerCacheAPI', 'internal'],
  ['edgeWorkerKV', 'internal'],
  ['imageResizing', 'subrequest'],
  ['orangeToOrange', 'visitor'],
  ['sslDetector', 'probe'],
  ['earlyHintsCache', 'internal'],
  ['inBrowserChallenge', 'internal'],
];

const askers = sources.flatMap(([name, asker], number) => [
  { text: Buffer.from(name), asker },
  { text: Buffer.from(String(number)), asker },
]);

const lowerT = 0x74;

/** Whose request the line is. A source that is not known of is taken for a visitor: nothing of theirs is to be missed. */
export function askerOf(values: Values): Asker {
  const { bytes, spans } = values;
  if (isAbsent(values, sourceField)) {
    // `true`, bare or between quotes.
    return !isAbsent(values, subrequestField) && bytes[spans[2 * subrequestField]!] === lowerT
      ? 'subrequest'
      : 'visitor';
  }
  const from = spans[2 * sourceField]!;
  const length = spans[2 * sourceField + 1]! - from;
  for (const { text, asker } of askers) {
    if (text.length !== length) continue;
    let same = 0;
    while (same < length && bytes[from + same] === text[same]) same++;
    if (same === length) return asker;
  }
  return 'visitor';
}

/**
 * A browser fetched ahead, as the edge had advised it to, and the edge had nothing in its cache: it answers 503 without
 * asking the origin, and no visitor sees it (developers.cloudflare.com/speed/optimization/content/speed-brain). Only
 * told where the zone logs the header that says so, which a scan does not look at.
 */
export function isRefusedPrefetch(
  sent: ReadonlyMap<string, string>,
  status: number,
  originStatus: number,
): boolean {
  return (
    status === 503 &&
    originStatus <= 0 &&
    /prefetch/i.test(sent.get('sec-purpose') ?? sent.get('purpose') ?? '')
  );
}
