import type { Evidence } from '@why502/model';
import type { Failure } from '../failure.ts';
import type { Context } from '../window/context.ts';
import { evidence } from './attempt.ts';

/** Where at the hop failures fall; nothing where one place alone is seen, since then there is nothing to compare. */
export function observePlace(failure: Failure, context: Context): Evidence[] {
  const { serviceId, placeId, bucket } = failure;
  if (placeId === 0) return [];
  const scope = context.at(bucket).places.record(serviceId, placeId);
  if (scope.places < 2) return [];
  return [
    evidence(
      { kind: 'place_scope', ...scope },
      'place',
      `${scope.failedHere} of ${scope.failedHere + scope.okHere} requests failed in this place of the hop, and ${scope.failedElsewhere} of ${scope.failedElsewhere + scope.okElsewhere} in its others, within about 10 s`,
    ),
  ];
}
