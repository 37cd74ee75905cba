import { Moment } from '../world/clock.ts';
import type { Reply } from '../world/network.ts';
import type { Ask, Trip } from '../world/trip.ts';
import type { World } from '../world/world.ts';

/** A kind of request that visitors make. */
export interface Kind {
  readonly weight: number;
  readonly route: string;
  /** `GET` if absent. */
  readonly method?: string;
  /** `{id}` becomes a number, `{word}` a word. */
  readonly path: string;
  /** Bytes of a body. */
  readonly body?: number;
}

/** Visitors of one sort, while they come. */
export interface Stream {
  /** Seconds of the play. */
  readonly from?: number;
  readonly to?: number;
  /** Requests per second, independent of each other; or one every so many seconds, in bursts of so many. */
  readonly rate?: number;
  readonly every?: number;
  readonly burst?: number;
  readonly kinds: readonly Kind[];
  readonly host: string;
  readonly agents?: readonly string[];
  /** The only addresses that they come from. */
  readonly clients?: readonly string[];
  readonly source?: string;
  /** Programs with a timer of their own, in seconds. */
  readonly timer?: number;
  readonly protocols?: readonly string[];
  /** What `sec-purpose` says, where browsers fetch ahead. */
  readonly purpose?: string;
  /** The program sends an X-Amzn-Trace-Id of its own, the same for all requests of a burst. */
  readonly traced?: boolean;
}

const browsers = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0',
];
const words = ['lamp', 'rug', 'oak+table', 'mug', 'tent', 'wool', 'bike', 'paint', 'caf%C3%A9'];
/** Of visitors whom nothing keeps waiting, the share that leaves all the same. */
const fickle = 0.0015;

/** Lets visitors come, and calls `enter` for each. */
export function visit(
  world: World,
  stream: Stream,
  enter: (trip: Trip, gone: Moment) => Promise<Reply | undefined>,
): void {
  const chance = world.chance.of(JSON.stringify(stream));
  const from = (stream.from ?? 0) * 1000;
  const to = Math.min((stream.to ?? Number.POSITIVE_INFINITY) * 1000, world.length);
  const next = (time: number) =>
    time +
    (stream.rate === undefined
      ? stream.every! * 1000 + chance.between(-2, 2)
      : chance.gap(1000 / stream.rate));
  const come = (time: number): void => {
    if (time >= to) return;
    world.clock.at(time, () => {
      const trace = stream.traced ? `Root=1-${seconds(world.date(time))}-${chance.hex(24)}` : undefined;
      for (let count = 0; count < (stream.burst ?? 1); count += 1) {
        const ask = question(stream, chance);
        const at = time + (count === 0 ? 0 : chance.between(0, 40));
        world.clock.at(at, () => send(world, ask, trace, enter));
      }
      come(next(time));
    });
  };
  come(stream.rate === undefined ? from + chance.between(0, 900) : next(from));
}

function send(
  world: World,
  ask: Ask,
  trace: string | undefined,
  enter: (trip: Trip, gone: Moment) => Promise<unknown>,
): void {
  const gone = new Moment();
  const trip = world.trip(ask);
  if (trace !== undefined) trip.headers.set('x-amzn-trace-id', trace);
  void enter(trip, gone);
  world.clock.at(world.clock.now + ask.patience, () => gone.happen());
}

function seconds(milliseconds: number): string {
  return Math.floor(milliseconds / 1000).toString(16);
}

function question(stream: Stream, chance: World['chance']): Ask {
  const kind = chance.weighted(stream.kinds);
  const user = chance.whole(1, 3000);
  const path = kind.path
    .replaceAll('{id}', () => `${chance.whole(1, 9999)}`)
    .replaceAll('{word}', () => chance.pick(words));
  const agent = chance.pick(stream.agents ?? browsers);
  const browser = agent.startsWith('Mozilla/5.0 (') && !agent.includes('compatible');
  const impatient = chance.happens(fickle) ? chance.between(15, 200) : chance.around(70_000, 0.7);
  return {
    method: kind.method ?? 'GET',
    host: stream.host,
    path,
    client: stream.clients === undefined ? clientOf(user, chance) : chance.pick(stream.clients),
    agent,
    protocol: chance.pick(stream.protocols ?? (browser ? ['HTTP/2', 'HTTP/2', 'HTTP/3'] : ['HTTP/1.1'])),
    bytes: chance.whole(260, 900) + (kind.body ?? 0),
    referrer: browser && kind.route !== 'home' && chance.happens(0.6) ? `https://${stream.host}/` : '',
    route: kind.route,
    user,
    source: stream.source ?? 'eyeball',
    purpose: stream.purpose ?? '',
    patience: stream.timer === undefined ? impatient : stream.timer * 1000,
    timed: stream.timer !== undefined,
  };
}

/** Addresses for documentation and benchmarks only; one in ten people has IPv6. */
function clientOf(user: number, chance: World['chance']): string {
  if (user % 10 === 0) return `2001:db8:${(user * 7).toString(16)}::${chance.whole(2, 4).toString(16)}`;
  const net = ['198.18', '198.19', '203.0.113', '192.0.2'][user % 4]!;
  return net.split('.').length === 3 ? `${net}.${user % 250}` : `${net}.${(user >> 4) % 250}.${user % 250}`;
}
