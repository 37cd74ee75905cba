import type { Chance } from '../world/chance.ts';
import type { Moment } from '../world/clock.ts';
import type { Reply } from '../world/network.ts';
import type { Made, Trip } from '../world/trip.ts';
import { because } from '../world/why.ts';
import type { World } from '../world/world.ts';
import type { Attempt, Ending } from './exchange.ts';
import { aboutAnswer, aboutEnding } from './nginx-words.ts';
import type { Upstream } from './upstream.ts';

/** A line of the error log, up to `, client:`. */
export interface Said {
  readonly at: number;
  readonly level: string;
  readonly text: string;
  /** The address that `upstream:` names, where one was asked. */
  readonly peer?: string;
}

/** An attempt as the lists of the access log show it. Times are in milliseconds, undefined is `-`. */
export interface Tried {
  readonly peer: string;
  readonly status: number | undefined;
  readonly connect: number | undefined;
  readonly header: number | undefined;
  readonly response: number;
  readonly received: number;
  readonly sent: number;
}

export interface Passing {
  readonly status: number;
  readonly bytes: number;
  readonly attempts: readonly Tried[];
  readonly said: readonly Said[];
  /** `$proxy_host`. */
  readonly group: string;
  readonly scheme?: string;
  readonly made?: Made;
  readonly reply?: Reply & { is: 'answer' };
}

const ownPage = 157;

/** Asks peers of a group until one answers, as `proxy_next_upstream error timeout` does. */
export async function pass(
  world: World,
  chance: Chance,
  group: Upstream,
  trip: Trip,
  gone: Moment,
): Promise<Passing> {
  const { name, scheme = 'http', name_of } = group.options;
  const tried: Tried[] = [];
  const said: Said[] = [];
  const asked = new Set<string>();
  const sofar = { attempts: tried, said, group: name, scheme };
  let again: string | undefined;
  if (name_of !== undefined) {
    const found = name_of.name.resolve('here', chance);
    if (found.address === undefined) trip.late = found.why;
    await world.clock.sleep(found.takes);
    trip.late = undefined;
    if (found.address === undefined) {
      const reason = { name_not_found: '3: Host not found', resolver_failure: '110: Operation timed out' };
      const words = reason[found.why.mechanism as keyof typeof reason] ?? '2: Server failure';
      said.push({
        at: world.clock.now,
        level: 'error',
        text: `${name_of.name.text} could not be resolved (${words})`,
      });
      return { ...sofar, status: 502, bytes: ownPage, made: { hop: 'nginx', why: found.why } };
    }
    again = `${found.address}:${name_of.port}`;
  }
  for (;;) {
    const peer = again === undefined ? group.pick(asked) : group.named(again);
    again = undefined;
    if (peer === undefined) return noPeer(world, group, trip, sofar, tried.length === 0);
    asked.add(peer.address);
    peer.active += 1;
    const attempt = await peer.connections.attempt(trip, gone);
    peer.active -= 1;
    const { end } = attempt;
    const made = failure(end, group.options.buffer ?? 4096);
    tried.push(line(attempt, made, trip, group.options.buffer ?? 4096));
    if (end.how === 'gone') {
      said.push({ at: world.clock.now, level: 'info', text: left, peer: peer.address });
      return { ...sofar, status: 499, bytes: 0 };
    }
    if (made === undefined) return answered(world, sofar, end, trip, peer.address);
    const spoken = words(end, group);
    said.push({ at: world.clock.now, ...spoken, peer: peer.address });
    group.failed(peer, made, trip);
    if (group.size > 1) said.push({ at: world.clock.now, ...putAside(spoken.text), peer: peer.address });
    const raced = end.how === 'closed' && attempt.reused;
    const answeredBadly = end.how === 'answer';
    const sent = attempt.tls !== undefined;
    const repeats = !answeredBadly && (trip.ask.method === 'GET' || !sent);
    const alone = repeats && raced && group.size < 2;
    if (alone) again = peer.address;
    if (alone || (repeats && tried.length < group.size)) {
      trip.masked.push(made);
      trip.late = undefined;
      trip.overdue = undefined;
      continue;
    }
    const status =
      end.how === 'late' || end.how === 'unconnected' || end.how === 'handshake_late' ? 504 : 502;
    return { ...sofar, status, bytes: status === 504 ? 167 : ownPage, made };
  }
}

const left =
  'epoll_wait() reported that client prematurely closed connection, so upstream connection is closed too while sending request to upstream';

/** A peer of several is left out for a while after any failure; the line repeats what was being done. */
function putAside(text: string): { readonly level: string; readonly text: string } {
  const action = text.slice(text.lastIndexOf(' while '));
  return { level: 'warn', text: `upstream server temporarily disabled${action}` };
}

function failure(end: Ending, buffer: number): Made | undefined {
  if (end.how === 'gone') return undefined;
  if (end.how !== 'answer') return { hop: 'nginx', why: end.why };
  const { malformed, headerBytes, large } = end.reply;
  if (malformed !== undefined) return { hop: 'nginx', why: malformed };
  return headerBytes > buffer ? { hop: 'nginx', why: large ?? because('header_too_big') } : undefined;
}

function words(end: Exclude<Ending, { how: 'gone' }>, group: Upstream) {
  return end.how === 'answer' ? aboutAnswer(end.reply) : aboutEnding(end, group.options.verifies === true);
}

function answered(
  world: World,
  sofar: Omit<Passing, 'status' | 'bytes'>,
  end: Ending,
  trip: Trip,
  peer: string,
): Passing {
  const { reply } = end as Ending & { how: 'answer' };
  const said = [...sofar.said];
  if (reply.breaks !== undefined) {
    trip.truncated ??= { hop: 'nginx', why: reply.breaks };
    said.push({
      at: world.clock.now,
      level: 'error',
      text: 'upstream prematurely closed connection while reading upstream',
      peer,
    });
  }
  const { made } = reply;
  const { status, bytes } = reply;
  return { ...sofar, said, status, bytes, reply, ...(made === undefined ? {} : { made }) };
}

function noPeer(
  world: World,
  group: Upstream,
  trip: Trip,
  sofar: Omit<Passing, 'status' | 'bytes'>,
  first: boolean,
): Passing {
  const full = group.full();
  const blame = full
    ? { made: { hop: 'nginx', why: because('connection_limit') } as Made, key: undefined }
    : group.blame;
  if (blame === undefined) throw new Error(`${group.options.name} has no peer, and nothing says why`);
  if (!full && first) trip.primary = blame.key;
  const text = 'no live upstreams while connecting to upstream';
  const said = [...sofar.said, { at: world.clock.now, level: 'error', text, peer: group.options.name }];
  const none: Tried = {
    peer: group.options.name,
    status: 502,
    connect: undefined,
    header: undefined,
    response: 0,
    received: 0,
    sent: 0,
  };
  return {
    ...sofar,
    said,
    attempts: [...sofar.attempts, none],
    status: 502,
    bytes: ownPage,
    made: blame.made,
  };
}

function line(
  { address, began, ended, tcp, tls, header, end }: Attempt,
  made: Made | undefined,
  { ask }: Trip,
  buffer: number,
): Tried {
  const connect = tls === undefined || tcp === undefined ? undefined : tcp + tls;
  const late = end.how === 'late' || end.how === 'unconnected' || end.how === 'handshake_late';
  const answer = end.how === 'answer' ? end.reply : undefined;
  const status = end.how === 'gone' ? undefined : made === undefined ? answer!.status : late ? 504 : 502;
  const large = answer !== undefined && made !== undefined && answer.malformed === undefined;
  return {
    peer: address,
    status,
    connect,
    header:
      made === undefined && header !== undefined && connect !== undefined ? connect + header : undefined,
    response: ended - began,
    received:
      answer === undefined ? 0 : large ? buffer : made !== undefined ? 86 : answer.bytes + answer.headerBytes,
    sent: connect === undefined ? 0 : ask.bytes + 120,
  };
}
