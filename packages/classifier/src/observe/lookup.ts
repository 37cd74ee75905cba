import type { Evidence } from '@why502/model';
import { type Failure, leaves } from '../failure.ts';
import type { Company } from '../join/company.ts';
import type { Context } from '../window/context.ts';
import { evidence } from './attempt.ts';

/**
 * How a request that came to no peer was led: how long its name was looked up, and whether answers of the same route name
 * their peers. Only for hops that say by a code that they failed: others write no peer for answers of their own as well.
 */
export function observeLookup(failure: Failure, context: Context, company: Company): Evidence[] {
  const { request, attempt, peerId, bucket, serviceId, routeId } = failure;
  if (request?.said === undefined || peerId !== 0 || leaves(request)) return [];
  if (!request.logged.has('attempts')) return [];
  const seen: Evidence[] = [];
  if (attempt?.lookup !== undefined) {
    const { count, timed, slow } = company.lookups(failure);
    const text = `looking up the name took ${attempt.lookup} ms; of ${count} failures without a peer ${timed} took time for it, ${slow} a second or more`;
    seen.push(evidence({ kind: 'lookup', took: attempt.lookup, count, timed, slow }, 'lookup', text));
  }
  const { named, unnamed } = context.at(bucket).routes.naming(serviceId, routeId);
  if (routeId !== 0 && named + unnamed > 0) {
    const text = `of ${named + unnamed} answers of the same route ${named} name the address that they came from`;
    seen.push(evidence({ kind: 'naming', named, unnamed }, 'naming', text));
  }
  return seen;
}
