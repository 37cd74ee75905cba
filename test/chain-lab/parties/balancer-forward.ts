import type { Chance } from '../world/chance.ts';
import type { Moment } from '../world/clock.ts';
import type { Reply } from '../world/network.ts';
import type { Made, Trip } from '../world/trip.ts';
import { because } from '../world/why.ts';
import type { World } from '../world/world.ts';
import { type BalancerFacts, nothingForwarded } from './balancer-facts.ts';
import type { Attempt, Connections } from './exchange.ts';
import type { Lambda } from './lambda.ts';
import type { TargetGroup } from './target-group.ts';

/** What came of a request that was passed on, and what goes back of it besides its status. */
export interface Passed {
  readonly facts: BalancerFacts;
  readonly made?: Made;
  readonly reply?: Partial<Reply & { is: 'answer' }>;
}

/** All headers of an answer together, in bytes. */
const headerLimit = 32_768;

export async function forwardTo(
  chance: Chance,
  group: TargetGroup,
  connections: Connections,
  trip: Trip,
  gone: Moment,
): Promise<Passed> {
  const attempt = await connections.attempt(trip, gone);
  const { end, tcp = 0, tls = 0, began, ended } = attempt;
  const reached = attempt.tls !== undefined;
  const waited = ended - began - tcp - tls;
  const base: BalancerFacts = {
    ...nothingForwarded,
    group,
    address: attempt.address,
    request: reached ? tcp + tls + chance.between(0, 0.9) : undefined,
  };
  if (end.how === 'answer') return answered(base, attempt, end.reply, trip, chance);
  if (end.how === 'gone') return { facts: { ...base, status: 460 } };
  const made: Made = { hop: 'alb', why: end.why };
  const late = end.how === 'late' || end.how === 'unconnected' || end.how === 'handshake_late';
  /** Lines about a target that closed give the time until then, and a few give none. */
  const target = end.how === 'closed' && chance.happens(0.93) ? waited : undefined;
  return { facts: { ...base, status: late ? 504 : 502, target, sent: late ? 277 : 292 }, made };
}

function answered(
  base: BalancerFacts,
  attempt: Attempt,
  reply: Reply & { is: 'answer' },
  trip: Trip,
  chance: Chance,
): Passed {
  const target = attempt.header ?? 0;
  const refused =
    reply.malformed ??
    (reply.headerBytes > headerLimit ? (reply.large ?? because('header_too_big')) : undefined);
  if (refused !== undefined) {
    const said = chance.happens(0.4) ? reply.status : undefined;
    const facts = { ...base, status: 502, target, targetStatus: said, sent: 292 };
    return { facts, made: { hop: 'alb', why: refused } };
  }
  if (reply.breaks !== undefined) trip.truncated ??= { hop: 'alb', why: reply.breaks };
  const facts = {
    ...base,
    status: reply.status,
    targetStatus: reply.status,
    target,
    response: chance.between(0, 0.9),
    sent: reply.bytes + reply.headerBytes,
  };
  return { facts, reply, ...(reply.made === undefined ? {} : { made: reply.made }) };
}

export async function callFunction(
  world: World,
  group: TargetGroup,
  lambda: Lambda,
  trip: Trip,
  gone: Moment,
): Promise<Passed> {
  const began = world.clock.now;
  const call = await Promise.race([lambda.call(trip), gone.came]);
  const base: BalancerFacts = { ...nothingForwarded, group, request: 1, target: world.clock.now - began };
  if (call === undefined) return { facts: { ...base, status: 460 } };
  if (call.reason !== undefined) {
    const provider = call.why!.cause === 'provider';
    const made: Made = { hop: provider ? 'alb' : 'lambda', why: call.why! };
    return { facts: { ...base, status: call.status ?? 502, reason: call.reason, sent: 292 }, made };
  }
  const status = call.status ?? 200;
  const facts = { ...base, status, targetStatus: status, response: 0.4, sent: (call.bytes ?? 700) + 300 };
  if (status < 500) return { facts };
  return { facts, made: { hop: 'lambda', why: call.why ?? because('application_error') } };
}
