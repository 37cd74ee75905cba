import {
  type Cause,
  causes,
  type Result,
  type SourceKind,
  type TrafficRow,
  type Verdict,
} from '@why502/model';

/** Columns that are kept before neighbours are put together, and that are drawn at most. */
const mostKept = 2_000;
const mostDrawn = 120;

/** Peers that are told apart; the requests of later ones are counted together. */
const mostPeers = 200;
const otherPeers = 'other peers';

/** Widths that people can read off, s, each a multiple of the one before; behind the last they are doubled. */
const widths = [1, 10, 30, 60, 120, 600, 1_800, 3_600, 7_200, 21_600, 86_400].map(
  (seconds) => seconds * 1_000,
);

/** Of the failures, so many may lie outside of what is drawn at either end: one clock that is wrong would flatten the rest. */
const outsideShare = 0.005;

export interface PeerCount {
  requests: number;
  failures: number;
}

/** What happened in one stretch of time. */
export interface Column {
  /** ms since the epoch. */
  readonly start: number;
  readonly failures: Map<Cause, number>;
  readonly requests: Map<SourceKind, number>;
  readonly peers: Map<string, PeerCount>;
}

/** The part of the time in which requests failed, and something before and after. */
export interface Drawn {
  readonly width: number;
  readonly columns: readonly Column[];
  /** Failures before or after. */
  readonly outside: number;
}

/** Failures by cause and peer, and requests, over time, in memory that does not grow with them. */
export class TimeSeries {
  #width: number;
  #columns = new Map<number, Column>();
  readonly #peers = new Set<string>();

  /** @param width of the narrowest columns, ms */
  constructor(width: number) {
    this.#width = width;
  }

  /** Takes final verdicts, each once, and traffic. */
  add(result: Result): void {
    if (result.kind === 'verdict') this.#addVerdict(result.verdict);
    else if (result.kind === 'traffic') for (const row of result.rows) this.#addTraffic(row);
  }

  /** Undefined where nothing failed. */
  drawn(): Drawn | undefined {
    const failing = [...this.#columns.values()]
      .filter(({ failures }) => failures.size > 0)
      .sort((a, b) => a.start - b.start);
    const total = failing.reduce((sum, column) => sum + failuresOf(column), 0);
    const first = beyond(failing, total * outsideShare);
    const last = beyond(failing.toReversed(), total * outsideShare);
    if (first === undefined || last === undefined) return undefined;
    let width = this.#width;
    while ((last.start - first.start) / width > mostDrawn * 0.6) width = wider(width);
    const context = Math.max(3, Math.ceil((last.start - first.start) / width / 4)) * width;
    const known = [...this.#columns.keys()];
    const from = Math.max(Math.min(...known), first.start - context);
    const to = Math.min(Math.max(...known), last.start + context);
    const columns: Column[] = [];
    for (let start = floor(from, width); start <= to; start += width) columns.push(emptyColumn(start));
    let outside = total;
    for (const column of this.#columns.values()) {
      const index = Math.round((floor(column.start, width) - floor(from, width)) / width);
      const into = columns[index];
      if (into === undefined) continue;
      merge(into, column);
      outside -= failuresOf(column);
    }
    return { width, columns, outside };
  }

  #addVerdict({ final, mergedInto, outcome, time, cause, peer }: Verdict): void {
    if (!final || mergedInto !== undefined || (outcome !== 'failed' && outcome !== 'truncated')) return;
    const { failures, peers } = this.#at(time);
    failures.set(cause, (failures.get(cause) ?? 0) + 1);
    if (peer !== undefined) countOf(peers, this.#nameOf(peer)).failures++;
  }

  #addTraffic({ bucket, source, peer, requests }: TrafficRow): void {
    const column = this.#at(bucket);
    column.requests.set(source, (column.requests.get(source) ?? 0) + requests);
    if (peer !== undefined) countOf(column.peers, this.#nameOf(peer)).requests += requests;
  }

  #nameOf(peer: string): string {
    if (this.#peers.size < mostPeers) this.#peers.add(peer);
    return this.#peers.has(peer) ? peer : otherPeers;
  }

  #at(time: number): Column {
    const start = floor(time, this.#width);
    const known = this.#columns.get(start);
    if (known !== undefined) return known;
    if (this.#columns.size >= mostKept) {
      this.#widen();
      return this.#at(time);
    }
    const column = emptyColumn(start);
    this.#columns.set(start, column);
    return column;
  }

  #widen(): void {
    this.#width = wider(this.#width);
    const columns = new Map<number, Column>();
    for (const column of this.#columns.values()) {
      const start = floor(column.start, this.#width);
      const into = columns.get(start) ?? emptyColumn(start);
      columns.set(start, into);
      merge(into, column);
    }
    this.#columns = columns;
  }
}

export function failuresOf({ failures }: Column): number {
  let sum = 0;
  for (const count of failures.values()) sum += count;
  return sum;
}

/** In the order of the contract, so that a cause has the same place in every column. */
export function causesOf(columns: readonly Column[]): readonly Cause[] {
  return causes.filter((cause) => columns.some(({ failures }) => failures.has(cause)));
}

function beyond(columns: readonly Column[], share: number): Column | undefined {
  let passed = 0;
  return columns.find((column) => {
    passed += failuresOf(column);
    return passed > share;
  });
}

function wider(width: number): number {
  return widths.find((next) => next > width) ?? width * 2;
}

function floor(time: number, width: number): number {
  return Math.floor(time / width) * width;
}

function emptyColumn(start: number): Column {
  return { start, failures: new Map(), requests: new Map(), peers: new Map() };
}

function countOf(peers: Map<string, PeerCount>, peer: string): PeerCount {
  const known = peers.get(peer);
  if (known !== undefined) return known;
  const count = { requests: 0, failures: 0 };
  peers.set(peer, count);
  return count;
}

function merge(into: Column, column: Column): void {
  for (const [cause, count] of column.failures)
    into.failures.set(cause, (into.failures.get(cause) ?? 0) + count);
  for (const [source, count] of column.requests)
    into.requests.set(source, (into.requests.get(source) ?? 0) + count);
  for (const [peer, { requests, failures }] of column.peers) {
    const count = countOf(into.peers, peer);
    count.requests += requests;
    count.failures += failures;
  }
}
