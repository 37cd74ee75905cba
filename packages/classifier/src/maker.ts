import { hopOf, type Symptom, type Verdict } from '@why502/model';
import { type Failure, leaves, outcomeOf } from './failure.ts';

export type Maker = Pick<Verdict, 'hop' | 'generator'>;

/** What a function is to blame for, as far as the hop that called it tells. */
const ofFunction: ReadonlySet<Symptom> = new Set([
  'function_failed',
  'function_throttled',
  'function_set_up_wrong',
  'function_answer_invalid',
]);

const ofRule: ReadonlySet<Symptom> = new Set(['requests_limited', 'connections_limited', 'answered_by_rule']);

/** Statuses that only a load balancer makes (AWS: troubleshoot your Application Load Balancers). */
const ofBalancer: ReadonlySet<number> = new Set([460, 463, 464, 561]);

/** Statuses of which a gateway speaks about somebody behind it (RFC 9110, 15.6.3 and 15.6.5): no application, as a rule. */
const ofGateways: ReadonlySet<number> = new Set([502, 504]);

/** Who made the final status: whoever is behind this hop if it was relayed, else the hop itself. */
export function makerOf(failure: Failure): Maker {
  const { request, errors } = failure;
  const hop = hopOf(failure.source);
  // Nobody got the status of a request whose client was gone; the hop wrote it down.
  if (leaves(request)) return { hop, generator: 'client' };
  // The status was fine; that the visitor got half of an answer is made where it was passed on as far as it came.
  if (outcomeOf(failure) === 'truncated') return { hop, generator: 'proxy' };
  // What the connector of a tunnel could not get it answers itself, as a part of the hop.
  if (errors.some(({ row }) => row.source === 'cloudflared')) return { hop, generator: 'proxy' };
  if (failure.imprint?.kind === 'relayed' || isBarelyRelayed(failure)) {
    const status = failure.imprint?.status ?? request?.status ?? 0;
    if (hop !== 'alb' && ofBalancer.has(status)) return { hop: 'alb', generator: 'proxy' };
    const isFunction = hop === 'alb' && request?.attempts[0]?.peer === undefined;
    if (isFunction) return { hop: 'lambda', generator: 'function' };
    return { hop: ofGateways.has(status) ? 'other' : 'app', generator: 'upstream' };
  }
  const said = [...errors.map(({ symptom }) => symptom), ...(request?.said ? [request.said.symptom] : [])];
  if (said.some((symptom) => ofRule.has(symptom))) return { hop, generator: 'policy' };
  if (said.some((symptom) => ofFunction.has(symptom)))
    // The load balancer passes on what its function came to; the edge makes a page of its own.
    return { hop: hop === 'alb' ? 'lambda' : hop, generator: 'function' };
  return { hop, generator: hop === 'cloudflare' ? 'edge' : 'proxy' };
}

/** nginx makes these by itself; what it makes a 500 of it writes into its error log. */
const nginxMakes: ReadonlySet<number> = new Set([502, 503, 504]);

/** Of a server whose log holds no attempts, and no words about the request, a status that it does not make by itself. */
function isBarelyRelayed({ request, errors, imprint, source }: Failure): boolean {
  if (source !== 'nginx' || request === undefined || imprint !== undefined || errors.length > 0) return false;
  return request.status >= 500 && !nginxMakes.has(request.status) && request.ownPage !== true;
}
