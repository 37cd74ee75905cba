import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { testFolder } from '../corpus.ts';

/** By its place in the sources, since the compiler copies no JavaScript to where it puts its own. */
const { randomNumbers }: typeof import('../random.mjs') = await import(
  pathToFileURL(join(testFolder, 'random.mjs')).href
);

/** One kind of request. `{id}` and `{word}` in the path are filled in for each. */
export interface Kind {
  readonly weight: number;
  readonly method?: string;
  readonly path: string;
  readonly host?: string;
  /** Bytes of the request's body. */
  readonly body?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The client leaves when it has waited this long, in ms. */
  readonly patience_ms?: readonly [number, number];
}

/** Requests of one mixture at one rate, at random (Poisson) or, with `pulse`, in bursts with silence between. */
export interface Stretch {
  /** Seconds from the start of the traffic. */
  readonly from: number;
  readonly to: number;
  /** Requests per second, within bursts too. */
  readonly rate: number;
  readonly kinds: readonly Kind[];
  /** Seconds. */
  readonly pulse?: { readonly on: number; readonly off: number };
  /** One request each so many seconds, give or take 30 ms, in the place of a rate. */
  readonly every?: number;
}

/** A request as the client sends it. `raw` replaces all of HTTP. */
export interface Call {
  readonly n: number;
  readonly at_ms: number;
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly client: string;
  readonly agent: string;
  readonly referer: string | undefined;
  readonly keep: boolean;
  readonly body: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly patience_ms: number | undefined;
  readonly raw?: string;
}

const agents = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Safari/604.1',
  'okhttp/4.12.0',
  'curl/8.10.1',
  'Go-http-client/2.0',
  'PostmanRuntime/7.42.0',
];
const words = ['amber', 'birch', 'cobalt', 'delta', 'ember', 'fjord', 'grove', 'harbor', 'indigo', 'juniper'];

/** The same calls for the same seed, in the order of their times. */
export function calls(stretches: readonly Stretch[], host: string, seed: number): readonly Call[] {
  const random = randomNumbers(
    seed * 1000 + [...host].reduce((sum, letter) => sum + letter.charCodeAt(0), 0),
  );
  const planned = stretches.flatMap((stretch) =>
    times(stretch, random).map((at) => ({ at, ...call(pick(stretch.kinds, random), host, random) })),
  );
  planned.sort((a, b) => a.at - b.at);
  return planned.map(({ at, ...rest }, index) => ({ n: index + 1, at_ms: Math.round(at * 1000), ...rest }));
}

function times({ from, to, rate, pulse, every }: Stretch, random: () => number): readonly number[] {
  const result: number[] = [];
  if (every !== undefined) {
    const count = Math.floor((to - from) / every);
    return Array.from({ length: count }, (_, index) => from + index * every + random() * 0.06);
  }
  const gap = () => -Math.log(1 - random()) / rate;
  let at = from + gap();
  while (at < to) {
    if (pulse === undefined || (at - from) % (pulse.on + pulse.off) < pulse.on) result.push(at);
    at += gap();
  }
  return result;
}

function pick(kinds: readonly Kind[], random: () => number): Kind {
  let rest = random() * kinds.reduce((sum, { weight }) => sum + weight, 0);
  for (const kind of kinds) {
    rest -= kind.weight;
    if (rest < 0) return kind;
  }
  return kinds[0]!;
}

function call(kind: Kind, host: string, random: () => number): Omit<Call, 'n' | 'at_ms'> {
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const name = kind.host ?? host;
  return {
    method: kind.method ?? 'GET',
    path: kind.path
      .replaceAll('{id}', () => `${1000 + Math.floor(random() * 9000)}`)
      .replaceAll('{word}', () => one(words)),
    host: name,
    client: `${one(['198.51.100', '203.0.113', '192.0.2'])}.${1 + Math.floor(random() * 60)}`,
    agent: one(agents),
    referer: random() < 0.3 ? `https://${name}/` : undefined,
    keep: random() < 0.6,
    body: kind.body ?? 0,
    headers: kind.headers ?? {},
    patience_ms:
      kind.patience_ms && kind.patience_ms[0] + random() * (kind.patience_ms[1] - kind.patience_ms[0]),
  };
}
