import { fairness, type Told } from './fairness.ts';
import type { Made, Row, Source, Trip } from './world/trip.ts';
import { type Answer, answer } from './world/why.ts';
import type { World } from './world/world.ts';

const depth: readonly Source[] = ['cloudflare', 'alb', 'nginx'];

/** One line of `truth.jsonl`; the fields are those of the recordings that others made of such chains. */
export interface TruthLine {
  readonly request_key: string;
  readonly time: string;
  readonly status: number;
  readonly outermost: Source;
  readonly cause: string;
  readonly mechanism: string;
  readonly outcome: 'failed' | 'masked' | 'truncated' | 'not_an_error';
  readonly generator_hop: string;
  readonly undecidable?: true;
  readonly [field: string]: unknown;
}

type Label = Pick<TruthLine, 'cause' | 'mechanism' | 'undecidable'> & { readonly accept?: readonly Answer[] };

export interface Truth {
  readonly lines: readonly TruthLine[];
  /** Failures of which no log has a line. */
  readonly unseen: number;
}

/** What is known of each request that failed as the outermost log shows it, or that did not go as its status says. */
export function truthOf(world: World, told: Omit<Told, 'seen'>): Truth {
  const lines: TruthLine[] = [];
  let unseen = 0;
  for (const trip of world.trips) {
    const rows = seen(trip);
    const line = rows[0] === undefined ? undefined : lineOf(world, trip, rows, told);
    if (line !== undefined) lines.push(line);
    else if (rows.length === 0 && trip.rows.some(({ status }) => fails(status))) unseen += 1;
  }
  return { lines, unseen };
}

/** Lines that were delivered, outermost first, and in each hop the last written first. */
function seen(trip: Trip): readonly Row[] {
  return [...trip.rows]
    .reverse()
    .filter(({ place }) => place !== undefined)
    .sort(
      (a, b) =>
        depth.indexOf(a.source) - depth.indexOf(b.source) ||
        Number(a.kind === 'error') - Number(b.kind === 'error'),
    );
}

export function fails(status: number): boolean {
  return status === 0 || status >= 500 || [460, 463, 464, 499].includes(status);
}

function lineOf(
  world: World,
  trip: Trip,
  rows: readonly Row[],
  told: Omit<Told, 'seen'>,
): TruthLine | undefined {
  const outermost = rows.find(({ kind }) => kind !== 'error');
  if (outermost === undefined) return undefined;
  const { status, made } = outermost;
  const at = (why: Label, hop: string, outcome: TruthLine['outcome']): TruthLine => ({
    request_key: trip.key,
    time: new Date(Math.floor(world.date(trip.at))).toISOString(),
    status,
    outermost: outermost.source,
    ray_id: trip.headers.get('cf-ray')?.slice(0, 16) ?? null,
    trace_id: trip.headers.get('x-amzn-trace-id')?.match(/Root=[^;]*/)?.[0] ?? null,
    nginx_request_id: trip.headers.get('x-request-id') ?? null,
    rows: rows.map(({ source, place, kind }) => ({
      source,
      ...place!,
      ...(kind === undefined ? {} : { kind }),
    })),
    ...why,
    outcome,
    generator_hop: hop,
    ...(trip.primary === undefined ? {} : { primary: trip.primary }),
  });
  if (trip.harmless !== undefined) {
    return fails(status) ? at(answer(trip.harmless), outermost.source, 'not_an_error') : undefined;
  }
  const seen = new Set<string>(rows.map(({ source }) => source));
  const judged = (found: Made, outcome: TruthLine['outcome']) => {
    const { answer, hop, accept, undecidable } = fairness(found, outermost, { ...told, seen });
    const more = accept.length === 0 ? {} : { accept };
    return at({ ...answer, ...more, ...(undecidable ? { undecidable } : {}) }, hop, outcome);
  };
  if (fails(status)) {
    if (made === undefined) throw new Error(`${trip.key}: ${status}, and nobody made it`);
    return judged(made, 'failed');
  }
  if (trip.truncated !== undefined && rows.some(({ kind }) => kind === 'error'))
    return judged(trip.truncated, 'truncated');
  if (trip.masked.length > 0 && rows.some(({ shows }) => shows === 'masked'))
    return judged(trip.masked[0]!, 'masked');
  return undefined;
}
