import { createClassifier } from '@why502/classifier';
import { type Consumer, type Input, pump, type Reading, Repeats } from '@why502/flow';
import { createNames } from '@why502/formats';
import { mechanisms } from '@why502/mechanisms';
import {
  type Columns,
  type ErrorRecord,
  type FileSummary,
  type HopSource,
  hopOf,
  type Instant,
  instant,
  isOfRequests,
  type Millis,
  millis,
  ofErrorLog,
  ofInterest,
  ofRepeat,
  Problem,
  type Result,
  type SourceKind,
  type Summary,
} from '@why502/model';
import { Intake } from './intake.ts';
import { isBesideRequests, isErrorLog, type Log, mayRepeat } from './log.ts';
import { Outlet } from './outlet.ts';
import type { AnalyzeRequest } from './request.ts';
import { Tally } from './tally.ts';
import { clocksFor, latestZone, type Zone } from './zone.ts';

/**
 * Rows of one log may come this much later than a later row. nginx: write buffers and several workers. A load balancer
 * writes a file per node and five minutes, in no order that is promised; an edge sends batches in the order in which it
 * was done with them.
 */
const disorders: Readonly<Record<SourceKind, Millis>> = {
  nginx: millis(60_000),
  nginx_error: millis(60_000),
  alb: millis(300_000),
  alb_health: millis(300_000),
  alb_connection: millis(300_000),
  cloudflare: millis(300_000),
  other: millis(60_000),
  cloudflared: millis(60_000),
};

/** Objects that a load balancer or an edge puts into a bucket hold minutes, and are no larger than this as they lie there. */
const largestObject = 32 * 1024 * 1024;

/** With more misfits than one line in five the format is not that of the file. */
const faultsAllowed = 0.2;

/** Some lines come late when a clock is corrected; more than these mean that the file is out of order. */
const lateAllowed = { share: 0.01, lines: 10 } as const;

const endOfTime = instant(8.64e15);

interface LogInput extends Input {
  readonly log: Log;
  readonly zone: Zone;
  /** The inputs whose requests tell the zone. */
  clocks: readonly LogInput[];
  /** That of the latest request that told one, minutes. */
  toldMin: number | undefined;
  ended: boolean;
  shift: Millis;
  /** Lines that were there before. */
  repeated: number;
}

/** One reading of all logs: their rows into the classifier, its results to whoever wants them. */
export class Run implements Consumer<LogInput> {
  readonly #request: AnalyzeRequest;
  readonly #inputs: readonly LogInput[];
  /** That of lines that do not tell their own. */
  readonly #errorLogZoneMin: number;
  readonly #classifier: ReturnType<typeof createClassifier>;
  readonly #outlet: Outlet;
  readonly #intake: Intake;
  readonly #tally = new Tally();
  readonly #repeats = new Repeats();
  readonly #problems: Problem[] = [];
  /** By the hop whose log told of them. */
  readonly #requests = new Map<HopSource, number>();
  #from: Instant | undefined;
  #to: Instant | undefined;

  /** @param zones of every log; unused where the request names one */
  constructor(
    request: AnalyzeRequest,
    logs: readonly Log[],
    zones: ReadonlyMap<Log, Zone>,
    quietErrorLog: boolean,
  ) {
    this.#request = request;
    this.#outlet = new Outlet(request.sinks ?? []);
    this.#intake = new Intake(
      request,
      logs,
      () => this.#outlet.relieve(),
      () => this.#tally.failures,
    );
    const names = createNames();
    const { errorLogZoneMin: given } = request;
    const zoneOf = (log: Log): Zone =>
      given === undefined ? zones.get(log)! : { kind: 'stated', zoneMin: given };
    const errorLogZoneMin = zoneMinOf(logs.filter(({ holdsErrors }) => holdsErrors).map(zoneOf));
    const isUsable = (log: Log) => log.holdsErrors && zoneOf(log).kind !== 'unknown';
    this.#classifier = createClassifier({
      mechanisms: request.mechanisms ?? mechanisms,
      names,
      emit: (result) => this.#emit(result),
      traffic: request.traffic ?? false,
      errorLogZoneMin,
      ...(request.calibration === undefined ? {} : { calibration: request.calibration }),
      configuration: (request.nginxConf ?? []).map(({ configuration }) => configuration),
      errorLogAlone: logs.every(isBesideRequests),
      errorLog: quietErrorLog || logs.some(isUsable),
      hops: hopsOf(logs),
    });
    this.#errorLogZoneMin = errorLogZoneMin;
    this.#inputs = logs.map((log) => {
      const zone = zoneOf(log);
      const shift = millis(-zone.zoneMin * 60_000);
      return {
        log,
        zone,
        clocks: [],
        toldMin: log.zoneMin,
        ended: false,
        ...this.#intake.open(log, names),
        start: log.first === undefined ? undefined : isErrorLog(log) ? shifted(log.first, shift) : log.first,
        disorder: disorders[log.format.source],
        whole: isObject(log),
        ahead: aheadOf(log),
        repeated: 0,
        shift,
      };
    });
    if (given !== undefined) return;
    for (const input of this.#inputs) {
      const clocks = clocksFor(input.log, logs);
      input.clocks = this.#inputs.filter(({ log }) => clocks.includes(log));
    }
  }

  /** @throws Problem W502_WRITE_FAILED when a sink takes no more */
  async toEnd(): Promise<Summary> {
    await pump(this.#inputs, this).finally(() => this.#intake.close());
    this.#classifier.advance(endOfTime, 'end_of_input');
    await this.#outlet.close();
    return this.#tally.summary({
      files: this.#inputs.map(fileSummary),
      requests: this.#counted,
      joins: this.#classifier.joins,
      hops: this.#classifier.hopJoins,
      from: this.#from,
      to: this.#to,
      zoneMin: latestZone(this.#inputs.flatMap(({ log }) => log.zoneMin ?? [])) ?? this.#errorLogZoneMin,
      problems: this.#problems,
    });
  }

  rows(input: LogInput, rows: Columns, from: number, to: number, bytes: Buffer): void {
    const { decoder, log } = input;
    const { source } = log.format;
    if (mayRepeat(log)) input.repeated += this.#repeats.mark(rows, from, to, bytes);
    if (isOfRequests(source)) this.#count(rows, from, to, source);
    for (let row = from; row < to; row++) {
      if ((rows.flags[row]! & ofRepeat) !== 0) continue;
      const flagged = (rows.flags[row]! & ofInterest) !== 0;
      if (!flagged && !this.#classifier.seeks(instant(rows.at[row]!))) continue;
      const record = decoder.read(bytes, rows.from[row]!, rows.to[row]!, rows.line[row]!);
      if ('reason' in record) continue;
      if (record.kind === 'request') {
        this.#hear(input, record.zoneOffsetMin);
        this.#classifier.take(record);
      } else if (input.zone.kind !== 'unknown') this.#classifier.take(this.#placed(record, input.zone));
    }
  }

  /** The requests tell when the zone changes, as daylight saving time begins or ends. */
  #hear(clock: LogInput, zoneMin: number | undefined): void {
    if (zoneMin === undefined || zoneMin === clock.toldMin) return;
    clock.toldMin = zoneMin;
    for (const input of this.#inputs) {
      if (input.zone.kind !== 'stated' || !input.clocks.includes(clock)) continue;
      const running = input.clocks.filter((other) => !other.ended);
      const told = latestZone(running.flatMap(({ toldMin }) => toldMin ?? []));
      if (told !== undefined) input.shift = millis(-told * 60_000);
    }
  }

  /** An error line of a log in another zone than most. */
  #placed(record: ErrorRecord, { kind, zoneMin }: Zone): ErrorRecord {
    const isPlain =
      kind !== 'found' || zoneMin === this.#errorLogZoneMin || record.zoneOffsetMin !== undefined;
    return isPlain ? record : { ...record, zoneOffsetMin: zoneMin };
  }

  /** The requests among the rows: between them may stand lines of the error log, and lines that were there before. */
  #count(rows: Columns, from: number, to: number, source: SourceKind): void {
    const { flags } = rows;
    let seen = 0;
    for (let row = from; row < to; row++) {
      let end = row;
      while (end < to && (flags[end]! & (ofErrorLog | ofRepeat)) === 0) end++;
      if (end > row) this.#classifier.count(rows, row, end, source);
      seen += end - row;
      row = end;
    }
    const hop = hopOf(source);
    this.#requests.set(hop, (this.#requests.get(hop) ?? 0) + seen);
  }

  /** Where hops logged the same requests, those of the hop that saw most of them count. */
  get #counted(): number {
    const counts = [...this.#requests.values()];
    const isSame = this.#classifier.hopJoins?.some(({ joined }) => joined > 0) ?? false;
    return isSame ? Math.max(...counts) : counts.reduce((sum, count) => sum + count, 0);
  }

  advance(watermark: Instant): void {
    this.#classifier.advance(watermark, 'watermark');
    this.#repeats.forgetBefore(watermark);
  }

  ended(input: LogInput, reading: Reading, problem: Problem | undefined): void {
    input.ended = true;
    if (problem !== undefined) this.#problems.push(problem);
    if (input.zone.kind === 'unknown')
      this.#problems.push(new Problem('W502_ZONE_UNKNOWN', { where: input.log.source.name }));
    this.#problems.push(...doubts(input, reading));
    if (isBesideRequests(input.log)) return;
    const { from, to } = reading;
    if (from !== undefined && (this.#from === undefined || from < this.#from)) this.#from = from;
    if (to !== undefined && (this.#to === undefined || to > this.#to)) this.#to = to;
  }

  #emit(result: Result): void {
    this.#tally.add(result);
    this.#request.on?.(result);
    this.#outlet.add(result);
  }
}

/** One of the many small files that a service writes; a file of an nginx has an error log to be read beside it. */
function isObject({ source, format }: Log): boolean {
  const isOfBucket = format.source.startsWith('alb') || format.source === 'cloudflare';
  return isOfBucket && (source.size ?? Number.POSITIVE_INFINITY) <= largestObject;
}

/**
 * An answer that breaks off is in the error log before its request is in the access log. A failure at the edge is known
 * before the rows of the hop behind it, so that they are looked at.
 */
function aheadOf(log: Log): Millis {
  return millis(isBesideRequests(log) || log.format.source === 'cloudflare' ? 60_000 : 0);
}

/** The hops whose requests are logged. */
function hopsOf(logs: readonly Log[]): ReadonlySet<HopSource> {
  return new Set(logs.filter((log) => log.logged !== undefined).map(({ format }) => hopOf(format.source)));
}

function shifted(time: Instant, by: Millis): Instant {
  return instant(time + by);
}

/** The zone of most of the logs: lines of the others tell their own. */
function zoneMinOf(zones: readonly Zone[]): number {
  const counts = new Map<number, number>();
  for (const { kind, zoneMin } of zones)
    if (kind !== 'unknown') counts.set(zoneMin, (counts.get(zoneMin) ?? 0) + 1);
  return [...counts].sort(([a, x], [b, y]) => y - x || b - a)[0]?.[0] ?? 0;
}

/** What lets a reading be doubted that came to its end. */
function* doubts({ log, decoder }: LogInput, { late }: Reading): Iterable<Problem> {
  const { lines, faults } = decoder;
  const where = log.source.name;
  if (faults.count > faultsAllowed * lines) {
    const line = faults.samples[0]?.row.line;
    yield new Problem('W502_LINES_DO_NOT_FIT', {
      where: line === undefined ? where : `${where}, line ${line}`,
      expected: log.format.name,
    });
  }
  if (late > lateAllowed.lines && late > lateAllowed.share * lines) {
    yield new Problem('W502_OUT_OF_ORDER', { where });
  }
}

function fileSummary({ log, decoder, repeated }: LogInput): FileSummary {
  return {
    file: log.source.name,
    format: log.format.name,
    source: log.format.source,
    sureness: log.sureness,
    lines: decoder.lines,
    faults: decoder.faults.count,
    faultSamples: decoder.faults.samples,
    ...(repeated === 0 ? {} : { repeated }),
    unescaped: log.format.unescaped === true,
    readInstead: undefined,
    ...(log.logged === undefined ? {} : { logged: log.logged }),
  };
}
