import { type Consumer, pump, type Reading } from '@why502/flow';
import {
  type Columns,
  type FileSummary,
  type Instant,
  instant,
  Problem,
  type Result,
  type Summary,
} from '@why502/model';
import { Intake } from './intake.ts';
import { isBesideRequests, type Log } from './log.ts';
import { Outlet } from './outlet.ts';
import type { AnalyzeRequest } from './request.ts';
import { Session, type SessionInput } from './session.ts';
import { Tally } from './tally.ts';
import type { Zone } from './zone.ts';

/** Objects that a load balancer or an edge puts into a bucket hold minutes, and are no larger than this as they lie there. */
const largestObject = 32 * 1024 * 1024;

/** With more misfits than one line in five the format is not that of the file. */
const faultsAllowed = 0.2;

/** Some lines come late when a clock is corrected; more than these mean that the file is out of order. */
const lateAllowed = { share: 0.01, lines: 10 } as const;

const endOfTime = instant(8.64e15);

/** One reading of archives: their rows into a session, its results to whoever wants them. */
export class Run implements Consumer<SessionInput> {
  readonly #request: AnalyzeRequest;
  readonly #session: Session;
  readonly #inputs: readonly SessionInput[];
  readonly #outlet: Outlet;
  readonly #intake: Intake;
  readonly #tally = new Tally();
  readonly #problems: Problem[] = [];
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
    const { errorLogZoneMin, calibration, traffic, mechanisms } = request;
    this.#session = new Session({
      logs,
      zones,
      quietErrorLog,
      errorLogZoneMin,
      configuration: (request.nginxConf ?? []).map(({ configuration }) => configuration),
      mechanisms,
      calibration,
      traffic,
      emit: (result) => this.#emit(result),
    });
    this.#inputs = this.#session.open(
      logs.map((log) => ({ log, ...this.#intake.open(log, this.#session.names), whole: isObject(log) })),
    );
  }

  /** @throws Problem W502_WRITE_FAILED when a sink takes no more */
  async toEnd(): Promise<Summary> {
    await pump(this.#inputs, this).finally(() => this.#intake.close());
    this.#session.advance(endOfTime, 'end_of_input');
    await this.#outlet.close();
    this.#problems.push(...this.#outlet.problems);
    const { hurried } = this.#session;
    if (hurried > 0) this.#problems.push(new Problem('W502_STORM', { where: `${hurried} failures` }));
    return this.#tally.summary({
      files: this.#inputs.map(fileSummary),
      requests: this.#session.requests,
      joins: this.#session.joins,
      hops: this.#session.hopJoins,
      from: this.#from,
      to: this.#to,
      zoneMin: this.#session.zoneMin,
      problems: this.#problems,
    });
  }

  rows(input: SessionInput, rows: Columns, from: number, to: number, bytes: Buffer): void {
    this.#session.rows(input, rows, from, to, bytes);
  }

  advance(watermark: Instant): void {
    this.#session.advance(watermark, 'watermark');
  }

  ended(input: SessionInput, reading: Reading, problem: Problem | undefined): void {
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

/** What lets a reading be doubted that came to its end. */
function* doubts({ log, decoder }: SessionInput, { late }: Reading): Iterable<Problem> {
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

function fileSummary({ log, decoder, repeated }: SessionInput): FileSummary {
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
