import { askedIds } from '@why502/formats';
import {
  hopOf,
  type Instant,
  instant,
  type LogRecord,
  Problem,
  type RequestIdentity,
  type RowRef,
  type SearchedLog,
  type Story,
  type StoryRow,
  type Verdict,
} from '@why502/model';
import { analyze } from '../analyze.ts';
import { discover } from '../discovery.ts';
import { FormatChoice } from '../format-choice.ts';
import { isErrorLog, type Log } from '../log.ts';
import type { AnalyzeRequest } from '../request.ts';
import { readInstead } from '../same-traffic.ts';
import { type Zone, zonesOf } from '../zone.ts';
import { type FoundRow, type SearchResult, searchRows } from './row-search.ts';

export interface StoryRequest extends AnalyzeRequest {
  /** The id as somebody has it: of a header, a page or a log. */
  readonly id: string;
}

/** Ids that one request shares with no other, unless a client made them up. */
const ownKinds: ReadonlySet<RequestIdentity['kind']> = new Set([
  'ray',
  'trace_root',
  'trace_self',
  'request',
]);

/** Rows of one request at several hops end no further apart than this. */
const farthestMs = 120_000;

/** Rows of one request at several hops are no further apart than this, as clocks and stamps go. */
const closeMs = 2_000;

/** So many rows tell a story. */
const mostTold = 60;

/** How often ids of what was found lead to more. */
const mostRounds = 2;

/**
 * Tells what the logs hold of a request: looks for the id, then for the other ids of what was found in the logs that do
 * not know it, has all of it analysed, and brings the rows that the verdicts say are of the same request.
 * @throws Problem W502_USAGE where the text is no id, or a log can be read once only
 */
export async function tellStory(request: StoryRequest): Promise<Story> {
  const asked = askedIds(request.id);
  if (asked.length === 0)
    throw new Problem('W502_USAGE', { where: request.id, expected: 'the id of a request, a ray or a trace' });
  const { logs: all, problems } = await discover(request.sources, new FormatChoice(request));
  const once = all.find(({ source }) => source.once);
  if (once !== undefined)
    throw new Problem('W502_USAGE', {
      where: once.source.name,
      expected: 'files or folders: to find a request, logs are read more than once',
    });
  const instead = await readInstead(all);
  const search = new StorySearch(
    all.filter((log) => !instead.has(log)),
    request,
  );
  await search.byIds(asked);
  const verdicts = search.isEmpty ? [] : await search.verdicts();
  return {
    asked,
    ...(await search.told()),
    verdicts,
    logs: search.logs(asked),
    problems: [...problems, ...search.problems],
  };
}

/** The search for one request through all logs, round by round. */
class StorySearch {
  readonly #logs: readonly Log[];
  readonly #request: StoryRequest;
  readonly #results = new Map<Log, SearchResult>();
  readonly #rows = new Map<string, FoundRow & Pick<StoryRow, 'by'>>();
  #more = 0;

  constructor(logs: readonly Log[], request: StoryRequest) {
    this.#logs = logs;
    this.#request = request;
  }

  get isEmpty(): boolean {
    return this.#rows.size === 0;
  }

  get problems(): readonly Problem[] {
    return [...this.#results.values()].flatMap(({ problem }) => problem ?? []);
  }

  /** Finds the rows with these ids, and then those with the other ids of these rows. */
  async byIds(asked: readonly RequestIdentity[]): Promise<void> {
    const known = new Set(asked.map(({ value }) => value));
    for (const log of this.#logs) {
      const result = await this.#search(log, [...known], []);
      this.#results.set(log, result);
      this.#more += result.more;
      this.#add(result.rows, 'asked');
    }
    for (let round = 0; round < mostRounds && !this.isEmpty; round++) {
      const others = [...this.#rows.values()]
        .flatMap(({ record }) => idsOf(record))
        .filter(({ kind, value }) => ownKinds.has(kind) && !known.has(value))
        .map(({ value }) => value);
      if (others.length === 0) return;
      for (const value of others) known.add(value);
      const silent = this.#logs.filter((log) => ![...this.#rows.values()].some((row) => row.log === log));
      for (const log of silent) {
        const { rows } = await this.#search(log, others, []);
        this.#add(
          rows.filter((row) => this.#isNear(row)),
          'shared',
        );
      }
    }
  }

  /** The verdicts about the rows that were found; the rows that they name besides are found, too. */
  async verdicts(): Promise<readonly Verdict[]> {
    const verdicts = new Map<string, Verdict>();
    await analyze({
      ...this.#request,
      sinks: [],
      traffic: false,
      on: (result) => {
        if (result.kind !== 'verdict') return;
        const { verdict } = result;
        if (verdict.rows.some((row) => this.#rows.has(placeOf(row)))) verdicts.set(verdict.id, verdict);
      },
    });
    const told = [...verdicts.values()].filter(({ mergedInto }) => mergedInto === undefined);
    const missing = told.flatMap(({ rows }) => rows).filter((row) => !this.#rows.has(placeOf(row)));
    for (const log of this.#logs) {
      const places = missing.filter(({ file }) => file === log.source.name);
      if (places.length > 0) this.#add((await this.#search(log, [], places)).rows, 'joined');
    }
    return told
      .filter((verdict) => !told.some((other) => explains(other, verdict)))
      .sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1))
      .slice(0, mostTold);
  }

  async told(): Promise<Pick<Story, 'rows' | 'untold'>> {
    const zones = await zonesOf(this.#logs);
    const rows = [...this.#rows.values()].map(
      ({ record, log, by }): StoryRow => ({ record, by, at: timeOf(record, zones.get(log)) }),
    );
    const ordered = inOrder(rows);
    return { rows: ordered.slice(0, mostTold), untold: this.#more + Math.max(0, rows.length - mostTold) };
  }

  logs(asked: readonly RequestIdentity[]): readonly SearchedLog[] {
    return this.#logs.map((log) => {
      const { from, to } = this.#results.get(log)!;
      const found = [...this.#rows.values()].filter((row) => row.log === log).length;
      const holdsSuchIds = found > 0 || asked.some(({ kind }) => log.opening.ids.has(kind));
      return {
        file: log.source.name,
        format: log.format.name,
        source: log.format.source,
        from,
        to,
        holdsSuchIds,
        found,
      };
    });
  }

  #search(log: Log, ids: readonly string[], places: readonly RowRef[]): Promise<SearchResult> {
    return searchRows(log, { ids, places });
  }

  #add(rows: readonly FoundRow[], by: StoryRow['by']): void {
    for (const row of rows) {
      const place = placeOf(row.record.row);
      if (!this.#rows.has(place)) this.#rows.set(place, { ...row, by });
    }
  }

  /** An id that a client sent may come again on another day. */
  #isNear({ at }: FoundRow): boolean {
    return [...this.#rows.values()].some((row) => Math.abs(row.at - at) <= farthestMs || isErrorLog(row.log));
  }
}

/** Whether the other verdict is that of a hop farther in, whose answer this one only passed on. */
function explains(other: Verdict, verdict: Verdict): boolean {
  const { hop, status, path, time } = verdict;
  const isInner = other.hop !== 'app' || hopDepth(other.rows) > hopDepth(verdict.rows);
  const isAlike = other.status === status && other.path === path;
  return (
    other.id !== verdict.id &&
    hop === 'app' &&
    isInner &&
    isAlike &&
    Math.abs(other.time - time) <= farthestMs
  );
}

function placeOf({ file, line }: RowRef): string {
  return `${line} ${file}`;
}

function idsOf(record: LogRecord): readonly RequestIdentity[] {
  if (record.kind === 'error_line') return record.ids ?? [];
  const { requestId, trail } = record;
  return requestId === undefined ? trail.ids : [{ kind: 'request', value: requestId }, ...trail.ids];
}

function timeOf(record: LogRecord, zone: Zone | undefined): Instant {
  if (record.kind === 'request') return record.end;
  return instant(record.wall - (record.zoneOffsetMin ?? zone?.zoneMin ?? 0) * 60_000);
}

/**
 * Requests one after the other; of rows that are as close as those of one request, the outermost hop first, since times
 * of a second and clocks of several hosts do not tell it.
 */
function inOrder(rows: readonly StoryRow[]): readonly StoryRow[] {
  const groups: StoryRow[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const row of [...rows].sort((a, b) => startOf(a) - startOf(b))) {
    if (startOf(row) > end + closeMs) groups.push([]);
    groups.at(-1)!.push(row);
    end = Math.max(end, row.at);
  }
  return groups.flatMap((group) =>
    group.sort((a, b) => depthOf(a) - depthOf(b) || startOf(a) - startOf(b) || a.at - b.at),
  );
}

/** When the hop had the request; a line beside it is of the moment in which it was written. */
function startOf({ record, at }: StoryRow): number {
  if (record.kind === 'error_line') return at;
  return record.start ?? record.end - (record.duration ?? 0);
}

/** The edge stands before the load balancer, and that before the proxy; what a hop says beside it comes behind it. */
function depthOf({ record: { kind, row } }: StoryRow): number {
  return hopDepth([row]) + (kind === 'error_line' ? 0.5 : 0);
}

function hopDepth([row]: readonly RowRef[]): number {
  return row === undefined ? 0 : ['cloudflare', 'alb', 'nginx', 'other'].indexOf(hopOf(row.source));
}
