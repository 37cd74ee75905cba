import {
  type ErrorRecord,
  hopOf,
  type Instant,
  instant,
  type LogRecord,
  type Mechanism,
  type Names,
  type RequestRecord,
  type Verdict,
} from '@why502/model';
import { type Failure, failure, showsFailure } from './failure.ts';
import { Ordinals, verdictId } from './ids.ts';
import { ConnectorLines } from './join/connector-lines.ts';
import { ErrorLines } from './join/error-lines.ts';
import { Forgeries } from './join/forgeries.ts';
import { judge } from './judge.ts';
import { observeAttempt } from './observe/attempt.ts';
import type { Calibration } from './weigh/calibration.ts';
import { Scales } from './weigh/posterior.ts';
import { type Rules, rulesOf } from './weigh/ruleset.ts';

export interface FirstLookOptions {
  readonly mechanisms: readonly Mechanism[];
  readonly names: Names;
  /** Takes verdicts that are not final. One of the same id is a revision, which says something else than the one before. */
  readonly emit: (verdict: Verdict) => void;
  /** Offset of the error log's local time from UTC, used where no access line states one. Default 0. */
  readonly errorLogZoneMin?: number;
  /** No access log is given: every error line about a request is a failure of its own. Default false. */
  readonly errorLogAlone?: boolean;
  readonly calibration?: Calibration;
}

/** Lines about a request that come later than this wait for the final verdict, ms of log time. */
const openMs = 60_000;

/** Error lines of a request may be this much older than its access line, which is written at its end. */
const longestRequestMs = 150_000;

/** So many failures are looked at again when lines come; of a flood of them the first look is enough. */
const mostOpen = 2_000;

interface Said {
  readonly id: string;
  readonly request: RequestRecord;
  errors: number;
  verdict: Verdict;
}

/**
 * Says at once what a failure's own lines show, before anything is known of its neighbourhood: for screens, which cannot
 * wait for a context to close. The classifier says the rest. Synchronous, and reads no clock.
 */
export class FirstLook {
  readonly #options: FirstLookOptions;
  readonly #rules: Rules;
  readonly #forgeries = new Forgeries();
  readonly #errorLines: ErrorLines;
  readonly #connectorLines = new ConnectorLines();
  readonly #ordinals = new Ordinals();
  readonly #scales: Scales;
  /** By id, oldest first. */
  readonly #open = new Map<string, Said>();
  #linesCame = false;
  #latest = Number.NEGATIVE_INFINITY;

  constructor(options: FirstLookOptions) {
    this.#options = options;
    this.#rules = rulesOf(options);
    this.#errorLines = new ErrorLines(options.errorLogZoneMin ?? 0, this.#forgeries);
    this.#scales = new Scales(options.mechanisms);
  }

  /** Takes a row of interest or an error line. A request that failed gets its verdict within the call. */
  take(record: LogRecord): void {
    if (record.kind === 'error_line') this.#takeLine(record);
    else if (showsFailure(record)) this.#takeFailure(record);
  }

  /** Judges again what lines were said about since; to be called when all lines at hand have been taken. */
  reconsider(): void {
    if (!this.#linesCame) return;
    this.#linesCame = false;
    for (const said of this.#open.values()) this.#judgeAgain(said);
  }

  #takeLine(line: ErrorRecord): void {
    if (hopOf(line.row.source) === 'alb') return;
    if (line.row.source === 'cloudflared') this.#connectorLines.add(line, line.wall);
    else {
      this.#forgeries.take(line);
      this.#errorLines.add(line);
    }
    this.#linesCame = true;
    const { connection, symptom } = line;
    const isFailure = connection !== undefined && symptom !== 'other' && !this.#forgeries.has(line);
    if (this.#options.errorLogAlone === true && isFailure) this.#judgeLine(line);
  }

  #judgeLine(line: ErrorRecord): void {
    const { errorLogZoneMin = 0 } = this.#options;
    const at = instant(line.wall - (line.zoneOffsetMin ?? errorLogZoneMin) * 60_000);
    this.#forgetBefore(at);
    const id = this.#idOf(line, line.wall);
    this.#options.emit(this.#judge(failure(id, undefined, [line], at, 0, this.#options.names), 0));
  }

  #takeFailure(request: RequestRecord): void {
    this.#forgetBefore(request.end);
    const id = this.#idOf(request, request.end);
    const errors = this.#linesAbout(request);
    const verdict = this.#judge(this.#failure(id, request, errors), 0);
    this.#open.set(id, { id, request, errors: errors.length, verdict });
    this.#options.emit(verdict);
  }

  #judgeAgain(said: Said): void {
    const errors = this.#linesAbout(said.request);
    if (errors.length === said.errors) return;
    said.errors = errors.length;
    const verdict = this.#judge(this.#failure(said.id, said.request, errors), said.verdict.revision + 1);
    if (saysTheSame(verdict, said.verdict)) return;
    said.verdict = verdict;
    this.#options.emit(verdict);
  }

  #linesAbout(request: RequestRecord): readonly ErrorRecord[] {
    const isEdge = hopOf(request.row.source) === 'cloudflare';
    return (isEdge ? this.#connectorLines : this.#errorLines).peek(request);
  }

  #idOf({ row, lineHash }: LogRecord, time: number): string {
    return verdictId(
      row.source,
      lineHash,
      this.#ordinals.next(row.source, lineHash, Math.floor(time / 1_000)),
    );
  }

  #judge(failed: Failure, revision: number): Verdict {
    // Whether an error log is missing or only late is not known yet.
    const evidence = observeAttempt(failed, 'no_log');
    const standings = this.#scales.weigh(evidence);
    const judgement = { failure: failed, evidence, standings, primary: undefined, final: false, revision };
    return Object.freeze(judge(judgement, this.#rules).verdict);
  }

  #failure(id: string, request: RequestRecord, errors: readonly ErrorRecord[]): Failure {
    const { names } = this.#options;
    const routeId = request.route === undefined ? 0 : names.routes.idOf(request.route);
    return failure(id, request, errors, request.end, routeId, names);
  }

  #forgetBefore(end: Instant): void {
    if (end > this.#latest) {
      this.#latest = end;
      const oldest = instant(end - openMs);
      this.#errorLines.forgetBefore(oldest - longestRequestMs);
      this.#connectorLines.forgetBefore(oldest - longestRequestMs);
      this.#ordinals.forgetBefore(oldest / 1_000);
    }
    for (const [id, { request }] of this.#open) {
      if (request.end >= this.#latest - openMs && this.#open.size < mostOpen) break;
      this.#open.delete(id);
    }
  }
}

/** Nobody needs to hear of it: the same cause and mechanism, at the same hop, about as sure. */
function saysTheSame(one: Verdict, other: Verdict): boolean {
  return (
    one.cause === other.cause &&
    one.mechanism === other.mechanism &&
    one.hop === other.hop &&
    Math.floor(one.confidence * 10) === Math.floor(other.confidence * 10)
  );
}
