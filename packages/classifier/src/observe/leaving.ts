import { type Evidence, millis, probability } from '@why502/model';
import type { Failure } from '../failure.ts';
import type { Company } from '../join/company.ts';
import type { Context } from '../window/context.ts';
import { evidence } from './attempt.ts';
import { slowestOkOver } from './route-pace.ts';

/** From here on a service is taken to let its clients wait: timeouts near, times the usual in flight, times as slow. */
const fewTimeouts = 3;
const crowdedFrom = 2.5;
const slowedFrom = 3;

/** What a client that went away had waited for, and what others got meanwhile. */
export function observeLeaving(failure: Failure, context: Context, company: Company): Evidence {
  const request = failure.request!;
  const { sharp, count } = company.timer(failure);
  const load = context.at(failure.bucket).services.load(failure.serviceId);
  return evidence(
    {
      kind: 'client_left',
      source: failure.source,
      after: request.duration,
      awaited: awaited(failure),
      timeoutsNear: load.timedOutNear,
      stuck:
        load.timedOutNear >= fewTimeouts ||
        (load.inFlightRatio ?? 0) >= crowdedFrom ||
        (load.slowdown ?? 0) >= slowedFrom,
      sharp: probability(sharp),
      count,
      slowestOkOverWait: slowestOkOver({ ...failure, after: request.duration ?? millis(0) }, context),
    },
    'client',
    request.duration === undefined
      ? 'the client went away before an answer'
      : `the client went away after ${request.duration} ms without an answer`,
    request.row,
  );
}

function awaited({ imprint }: Failure): 'peer' | 'connection' | 'answer' | undefined {
  if (imprint?.kind !== 'imprint') return undefined;
  if (imprint.phase === 'none' || imprint.phase === 'unpicked') return 'peer';
  return imprint.phase === 'connecting' ? 'connection' : 'answer';
}
