import { createClassifier } from '@why502/classifier';
import { type Consumer, type Input, pump, type Reading } from '@why502/flow';
import { createNames, unpack } from '@why502/formats';
import { mechanisms } from '@why502/mechanisms';
import {
  type Columns,
  type FileSummary,
  type Instant,
  instant,
  type Millis,
  millis,
  ofErrorLog,
  ofInterest,
  Problem,
  type Result,
  type Source,
  type SourceKind,
  type Summary,
} from '@why502/model';
import type { Log } from './log.ts';
import { Outlet } from './outlet.ts';
import type { AnalyzeRequest } from './request.ts';
import { Tally } from './tally.ts';

/** Rows of one log may come this much later than a later row: write buffers and several workers. */
const disorder = millis(60_000);

/** With more misfits than one line in five the format is not that of the file. */
const faultsAllowed = 0.2;

/** Some lines come late when a clock is corrected; more than these mean that the file is out of order. */
const lateAllowed = { share: 0.01, lines: 10 } as const;

const endOfTime = instant(8.64e15);

interface LogInput extends Input {
  readonly log: Log;
}

/** One reading of all logs: their rows into the classifier, its results to whoever wants them. */
export class Run implements Consumer<LogInput> {
  readonly #request: AnalyzeRequest;
  readonly #inputs: readonly LogInput[];
  readonly #classifier: ReturnType<typeof createClassifier>;
  readonly #outlet: Outlet;
  readonly #tally = new Tally();
  readonly #problems: Problem[] = [];
  #requests = 0;
  #from: Instant | undefined;
  #to: Instant | undefined;

  constructor(request: AnalyzeRequest, logs: readonly Log[], quietErrorLog: boolean) {
    this.#request = request;
    this.#outlet = new Outlet(request.sinks ?? []);
    const names = createNames();
    const errorLogZoneMin = request.errorLogZoneMin ?? zoneOf(logs);
    this.#classifier = createClassifier({
      mechanisms: request.mechanisms ?? mechanisms,
      names,
      emit: (result) => this.#emit(result),
      traffic: request.traffic ?? false,
      errorLogZoneMin,
      configuration: (request.nginxConf ?? []).map(({ configuration }) => configuration),
      errorLogAlone: logs.every(isErrorLog),
      errorLog: quietErrorLog || logs.some(isErrorLog),
    });
    this.#inputs = logs.map((log) => {
      const shift = millis(-errorLogZoneMin * 60_000);
      return {
        log,
        decoder: log.format.decoder(log.source.name, names),
        start: log.first === undefined ? undefined : isErrorLog(log) ? shifted(log.first, shift) : log.first,
        disorder,
        // An answer that breaks off is in the error log before its request is in the access log.
        ahead: millis(isErrorLog(log) ? 60_000 : 0),
        shift,
        chunks: () => this.#chunks(log.source),
      };
    });
  }

  /** @throws Problem W502_WRITE_FAILED when a sink takes no more */
  async toEnd(): Promise<Summary> {
    await pump(this.#inputs, this);
    this.#classifier.advance(endOfTime, 'end_of_input');
    await this.#outlet.close();
    return this.#tally.summary({
      files: this.#inputs.map(fileSummary),
      requests: this.#requests,
      joins: this.#classifier.joins,
      from: this.#from,
      to: this.#to,
      zoneMin: zoneOf(this.#inputs.map(({ log }) => log)),
      problems: this.#problems,
    });
  }

  rows({ decoder, log }: LogInput, rows: Columns, from: number, to: number, bytes: Buffer): void {
    if (!isErrorLog(log)) this.#count(rows, from, to, log.format.source);
    for (let row = from; row < to; row++) {
      const flagged = (rows.flags[row]! & ofInterest) !== 0;
      if (!flagged && !this.#classifier.seeks(instant(rows.at[row]!))) continue;
      const record = decoder.read(bytes, rows.from[row]!, rows.to[row]!, rows.line[row]!);
      if (!('reason' in record)) this.#classifier.take(record);
    }
  }

  /** The requests among the rows: between them may stand lines of the error log. */
  #count(rows: Columns, from: number, to: number, source: SourceKind): void {
    const { flags } = rows;
    for (let row = from; row < to; row++) {
      let end = row;
      while (end < to && (flags[end]! & ofErrorLog) === 0) end++;
      if (end > row) this.#classifier.count(rows, row, end, source);
      this.#requests += end - row;
      row = end;
    }
  }

  advance(watermark: Instant): void {
    this.#classifier.advance(watermark, 'watermark');
  }

  ended(input: LogInput, reading: Reading, problem: Problem | undefined): void {
    if (problem !== undefined) this.#problems.push(problem);
    this.#problems.push(...doubts(input, reading));
    if (isErrorLog(input.log)) return;
    const { from, to } = reading;
    if (from !== undefined && (this.#from === undefined || from < this.#from)) this.#from = from;
    if (to !== undefined && (this.#to === undefined || to > this.#to)) this.#to = to;
  }

  /** The text of a source. Between chunks, sinks are waited for. */
  async *#chunks(source: Source): AsyncGenerator<Uint8Array> {
    for await (const chunk of unpack(source.chunks(), source.name)) {
      this.#request.progress?.(chunk.length);
      yield chunk;
      await this.#outlet.relieve();
    }
  }

  #emit(result: Result): void {
    this.#tally.add(result);
    this.#request.on?.(result);
    this.#outlet.add(result);
  }
}

function isErrorLog({ format }: Log): boolean {
  return format.source === 'nginx_error';
}

function shifted(time: Instant, by: Millis): Instant {
  return instant(time + by);
}

/**
 * An nginx writes its error log in the local time that its access log states. Where logs state several, as around a
 * change of daylight saving time, the earliest reading is taken: error lines may wait for their request, but not come
 * after it.
 */
function zoneOf(logs: readonly Log[]): number {
  const zones = logs.map((log) => log.zoneMin).filter((zone) => zone !== undefined);
  return zones.length === 0 ? 0 : Math.max(...zones);
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

function fileSummary({ log, decoder }: LogInput): FileSummary {
  return {
    file: log.source.name,
    format: log.format.name,
    source: log.format.source,
    sureness: log.sureness,
    lines: decoder.lines,
    faults: decoder.faults.count,
    faultSamples: decoder.faults.samples,
    unescaped: log.format.unescaped === true,
    readInstead: undefined,
    ...(log.logged === undefined ? {} : { logged: log.logged }),
  };
}
