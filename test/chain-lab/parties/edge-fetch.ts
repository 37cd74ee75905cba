import type { Chance } from '../world/chance.ts';
import type { Moment } from '../world/clock.ts';
import type { Made, Trip } from '../world/trip.ts';
import { because, type Why } from '../world/why.ts';
import type { World } from '../world/world.ts';
import type { Answered, Colo } from './edge.ts';
import { type EdgeFacts, nothingAsked } from './edge-facts.ts';
import type { Attempt, Ending } from './exchange.ts';
import { type Origin, type Paths, Tunnel } from './origin.ts';

interface Errand {
  readonly world: World;
  readonly chance: Chance;
  readonly origin: Origin;
  readonly paths: Paths;
  readonly colo: Colo;
  readonly egress: string;
}

/** Headers of an answer that are taken, in bytes. */
const headerLimit = 32_768;
const pageBytes = 5_200;

/** Asks an origin on behalf of the edge. */
export async function fetchFrom(errand: Errand, trip: Trip, gone: Moment): Promise<Answered> {
  const { origin } = errand;
  trip.headers.set('cf-connecting-ip', trip.ask.client);
  if (origin.at instanceof Tunnel) return throughTunnel(origin.at, trip, gone);
  const found = await addressesOf(errand, trip);
  if ('why' in found) {
    trip.late = undefined;
    const facts = {
      ...nothingAsked,
      status: 530,
      code: '1016',
      dns: Math.round(found.takes),
      bytes: pageBytes,
    };
    return { facts, made: { hop: 'cloudflare', why: found.why } };
  }
  const [first, second] = found.addresses;
  let attempt = await ask(errand, first!, trip, gone);
  if (origin.failover && second !== undefined && unreached.has(attempt.end.how)) {
    trip.masked.push(made(attempt.end)!);
    attempt = await ask(errand, second, trip, gone);
  }
  return answered(errand, trip, attempt, found.takes);
}

const unreached = new Set<Ending['how']>([
  'refused',
  'unreachable',
  'unconnected',
  'handshake',
  'certificate',
]);

async function addressesOf({ world, chance, origin, colo }: Errand, trip: Trip) {
  if (!('resolve' in origin.at)) return { addresses: origin.at as readonly string[], takes: 0 };
  const found = origin.at.resolve(colo.code, chance);
  if (found.address === undefined) trip.late = found.why;
  await world.clock.sleep(found.takes);
  return found.address === undefined ? found : { addresses: [found.address], takes: found.takes };
}

/** A connection that was given up just then costs most requests that may be repeated nothing but a second try. */
async function ask(
  { paths, colo, egress, chance }: Errand,
  address: string,
  trip: Trip,
  gone: Moment,
): Promise<Attempt> {
  const attempt = await paths.to(address, colo.code, egress).attempt(trip, gone);
  const race = attempt.end.how === 'closed' && attempt.reused;
  if (!race || trip.ask.method !== 'GET' || chance.happens(0.3)) return attempt;
  return paths.to(address, colo.code, egress).attempt(trip, gone);
}

function answered({ origin, egress }: Errand, trip: Trip, attempt: Attempt, dns: number): Answered {
  const { end, tcp = 0, tls = 0, header } = attempt;
  const met = end.how === 'answer' ? end.reply : undefined;
  const refusal = met === undefined ? undefined : refuses(met);
  const status = met === undefined ? statusOf(end) : refusal === undefined ? met.status : 520;
  const silent = refusal?.how === 'large' && trip.ask.user % 2 === 0;
  const facts: EdgeFacts = {
    ...nothingAsked,
    status,
    bytes: met !== undefined && refusal === undefined ? met.bytes + 600 : pageBytes,
    originStatus: met === undefined || silent ? 0 : met.status,
    originAddress: attempt.address.replace(/:\d+$/, ''),
    egress,
    dns: Math.round(dns),
    tcp: Math.round(tcp),
    tls: Math.round(tls),
    header: Math.round(header ?? 0),
    response: Math.round(attempt.ended - attempt.began),
    secure: origin.mode === 'flexible' ? 'none' : attempt.tls === undefined ? 'unknown' : 'TLSv1.3',
    requestHost: trip.ask.host,
    code: met === undefined || refusal !== undefined ? `${status}` : '',
  };
  if (met?.breaks !== undefined) trip.truncated ??= { hop: 'cloudflare', why: met.breaks };
  const found: Made | undefined =
    refusal === undefined ? (made(end) ?? met?.made) : { hop: 'cloudflare', why: refusal.why };
  return {
    facts,
    ...(met === undefined ? {} : { reply: met }),
    ...(found === undefined ? {} : { made: found }),
  };
}

/** What the edge does not take of an answer. */
function refuses(reply: {
  malformed?: Why;
  headerBytes: number;
  large?: Why;
}): { how: 'odd' | 'large'; why: Why } | undefined {
  if (reply.malformed !== undefined) return { how: 'odd', why: reply.malformed };
  if (reply.headerBytes <= headerLimit) return undefined;
  return { how: 'large', why: reply.large ?? because('header_too_big') };
}

function made(end: Ending): Made | undefined {
  return 'why' in end ? { hop: 'cloudflare', why: end.why } : undefined;
}

function statusOf({ how }: Ending): number {
  const codes = {
    answer: 0,
    gone: 499,
    refused: 521,
    prohibited: 521,
    unconnected: 522,
    unreachable: 523,
    late: 524,
    closed: 520,
    handshake: 525,
    handshake_late: 525,
    certificate: 526,
  } as const;
  return codes[how];
}

/** The connector's answers look like those of an origin, and no address is known. */
async function throughTunnel(tunnel: Tunnel, trip: Trip, gone: Moment): Promise<Answered> {
  if (tunnel.down !== undefined) {
    const facts = { ...nothingAsked, status: 530, code: '1033', bytes: pageBytes };
    return { facts, made: { hop: 'cloudflare', why: tunnel.down } };
  }
  const { end, header, began, ended } = await tunnel.attempt(trip, gone);
  const times = { header: Math.round(header ?? ended - began), response: Math.round(ended - began) };
  const asked = { ...nothingAsked, ...times, requestHost: trip.ask.host };
  if (end.how === 'answer') {
    const { status, bytes, made } = end.reply;
    return {
      facts: { ...asked, status, originStatus: status, bytes },
      reply: end.reply,
      ...(made === undefined ? {} : { made }),
    };
  }
  if (end.how === 'gone') return { facts: { ...asked, status: 499 } };
  if (end.how === 'late')
    return {
      facts: { ...asked, status: 524, code: '524', bytes: pageBytes },
      made: { hop: 'cloudflare', why: end.why },
    };
  return {
    facts: { ...asked, status: 502, originStatus: 502, bytes: 1400 },
    made: { hop: 'other', why: end.why },
  };
}
