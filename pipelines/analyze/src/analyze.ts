import { createClassifier } from '@why502/classifier';
import { type Consumer, type Input, pump, type Reading } from '@why502/flow';
import { createNames, unpack } from '@why502/formats';
import { mechanisms } from '@why502/mechanisms';
import {
  type Columns,
  type FileSummary,
  type Instant,
  instant,
  millis,
  ofInterest,
  Problem,
  type ProblemCode,
  type Result,
  type Source,
  type Summary,
} from '@why502/model';
import { type Log, recogniseLog } from './log.ts';
import { Outlet } from './outlet.ts';
import type { AnalyzeRequest } from './request.ts';
import { readInstead } from './same-traffic.ts';
import { Tally } from './tally.ts';

/** Rows of one log may come this much later than a later row, ms: write buffers and several workers. */
const disorder = millis(60_000);

/** With more misfits than one line in five the format is not that of the file. */
const faultsAllowed = 0.2;

/** A folder holds other files beside logs, and empty ones; they are not missed unless it holds nothing else. */
const noLog: ReadonlySet<ProblemCode> = new Set(['W502_EMPTY', 'W502_BINARY', 'W502_FORMAT_UNKNOWN']);

const endOfTime = instant(8.64e15);

interface LogInput extends Input {
  readonly log: Log;
}

/**
 * Reads logs to their ends and says why requests failed. Results go out while reading; what kept the run from being
 * complete stands in the summary.
 * @throws Problem where the request itself is wrong, or a sink takes no more
 */
export async function analyze(request: AnalyzeRequest): Promise<Summary> {
  const problems: Problem[] = [];
  const logs = await recogniseAll(request, problems);
  const left = readInstead(logs);
  const read = logs.filter((log) => !left.has(log));
  const run = new Run(request, read, problems);
  const summary = await run.toEnd();
  return {
    ...summary,
    files: [...summary.files, ...[...left].map(([log, instead]) => unread(log, instead))],
  };
}

async function recogniseAll(request: AnalyzeRequest, problems: Problem[]): Promise<readonly Log[]> {
  const logs: Log[] = [];
  const barren = new Set<string>();
  const fruitful = new Set<string>();
  for (const source of request.sources) {
    try {
      logs.push(await recogniseLog(source, request));
      if (source.folder !== undefined) fruitful.add(source.folder);
    } catch (error) {
      if (!(error instanceof Problem) || error.code === 'W502_FORMAT_BAD') throw error;
      if (source.folder !== undefined && noLog.has(error.code)) barren.add(source.folder);
      else problems.push(error);
    }
  }
  for (const folder of barren) {
    if (!fruitful.has(folder)) problems.push(new Problem('W502_NO_LOGS', { where: folder }));
  }
  return logs;
}

function unread(log: Log, instead: string): FileSummary {
  return {
    file: log.source.name,
    format: log.format.name,
    source: log.format.source,
    sureness: log.sureness,
    lines: 0,
    faults: 0,
    faultSamples: [],
    readInstead: instead,
  };
}

/** One run over the logs that are read. */
class Run implements Consumer<LogInput> {
  readonly #request: AnalyzeRequest;
  readonly #problems: Problem[];
  readonly #inputs: readonly LogInput[];
  readonly #classifier: ReturnType<typeof createClassifier>;
  readonly #outlet: Outlet;
  readonly #tally = new Tally();
  #requests = 0;
  #from: Instant | undefined;
  #to: Instant | undefined;

  constructor(request: AnalyzeRequest, logs: readonly Log[], problems: Problem[]) {
    this.#request = request;
    this.#problems = problems;
    this.#outlet = new Outlet(request.sinks ?? []);
    const names = createNames();
    const zoneMin = request.errorLogZoneMin ?? zoneOf(logs) ?? 0;
    this.#classifier = createClassifier({
      mechanisms: request.mechanisms ?? mechanisms,
      names,
      emit: (result) => this.#emit(result),
      traffic: request.traffic ?? false,
      errorLogZoneMin: zoneMin,
      errorLogAlone: logs.every((log) => log.format.source === 'nginx_error'),
    });
    this.#inputs = logs.map((log) => {
      const shift = millis(log.format.source === 'nginx_error' ? -zoneMin * 60_000 : 0);
      return {
        log,
        decoder: log.format.decoder(log.source.name, names),
        start: log.first === undefined ? undefined : instant(log.first + shift),
        disorder,
        shift,
        chunks: () => this.#chunks(log.source),
      };
    });
  }

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
      problems: this.#problems,
    });
  }

  rows(input: LogInput, rows: Columns, from: number, to: number, bytes: Buffer): void {
    const { decoder, log } = input;
    if (log.format.source !== 'nginx_error') {
      this.#classifier.count(rows, from, to, log.format.source);
      this.#requests += to - from;
    }
    for (let row = from; row < to; row++) {
      if ((rows.flags[row]! & ofInterest) === 0) continue;
      const record = decoder.read(bytes, rows.from[row]!, rows.to[row]!, rows.line[row]!);
      if ('kind' in record) this.#classifier.take(record);
    }
  }

  advance(watermark: Instant): void {
    this.#classifier.advance(watermark, 'watermark');
  }

  ended({ log, decoder }: LogInput, { from, to }: Reading, problem: Problem | undefined): void {
    if (problem !== undefined) this.#problems.push(problem);
    const { count, samples } = decoder.faults;
    if (count > faultsAllowed * decoder.lines) {
      const where =
        samples[0] === undefined ? log.source.name : `${log.source.name}, line ${samples[0].row.line}`;
      this.#problems.push(new Problem('W502_LINES_DO_NOT_FIT', { where, expected: log.format.name }));
    }
    if (log.format.source === 'nginx_error') return;
    if (from !== undefined && (this.#from === undefined || from < this.#from)) this.#from = from;
    if (to !== undefined && (this.#to === undefined || to > this.#to)) this.#to = to;
  }

  /** The text of a source. Between chunks sinks are waited for. */
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

/** The error log of an nginx is written in the local time that its access log states. */
function zoneOf(logs: readonly Log[]): number | undefined {
  for (const { head } of logs) {
    for (const record of head) {
      if (record.kind === 'request' && record.zoneOffsetMin !== undefined) return record.zoneOffsetMin;
    }
  }
  return undefined;
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
    readInstead: undefined,
  };
}
