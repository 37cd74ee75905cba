import { mechanisms as all } from '@why502/mechanisms';
import { millis, type Problem, type Result, type Summary, type Verdict } from '@why502/model';
import { type Log, Tally } from '@why502/pipeline-analyze';
import { ActiveClock } from './active-clock.ts';
import { type Checkpoint, checkpoint, type Progress } from './checkpoint.ts';
import type { Following } from './following.ts';
import { Gaps } from './gaps.ts';
import { type Account, Judging } from './judging.ts';
import type { KnownLogs } from './known-logs.ts';
import { Ledger } from './ledger.ts';
import { Listening } from './listening.ts';
import { Lookout } from './lookout.ts';
import { machineClock } from './machine-clock.ts';
import { Reception } from './reception.ts';
import type { TailRequest } from './request.ts';
import { Setting } from './setting.ts';

/** Where the tail stands is kept this often unless told otherwise. */
const usuallyKeptEvery = millis(5_000);

/** A record that may go on in another line is whole for a first look when nothing came for so long, ms. */
const settledAfter = 200;

/** How often it is told what was read so far, ms. */
const accountEvery = 1_000;

const nobody: ReadonlySet<string> = new Set();

/** What cannot be read, and what is lost, is said by the one who judges. */
const silent = { trouble() {}, gap() {} };

type Resume = NonNullable<TailRequest['resume']>;

/** Why a round is over. `changed`: a log came that changes what the others mean, so that the judging begins anew. */
type End = 'ended' | 'stopped' | 'changed';

/** One run of a tail: rounds of judging, each with the logs that were known when it began. */
export class TailRun {
  readonly #request: TailRequest;
  readonly #logs: KnownLogs;
  readonly #clock: ActiveClock;
  readonly #tally = new Tally();
  readonly #problems = new Map<string, Problem>();
  #results: Result[] = [];
  #accountedAt: number | undefined;
  readonly #ledger: Ledger;
  readonly #gaps: Gaps;

  constructor(request: TailRequest, logs: KnownLogs) {
    this.#request = request;
    this.#logs = logs;
    const { counted, resume } = request;
    this.#ledger = new Ledger(counted?.failures);
    // What was cut since the checkpoint is found again.
    const before = resume === undefined ? counted : resume.from.progress.counts;
    this.#gaps = new Gaps(before?.gaps ?? 0, (problem) => request.onProblem?.(problem));
    this.#clock = new ActiveClock(request.clock ?? machineClock);
  }

  async toEnd(): Promise<Summary> {
    let resume = this.#request.resume;
    for (;;) {
      const { end, account, next } = await this.#round(resume);
      if (end !== 'changed')
        return this.#tally.summary({ ...account, problems: [...this.#problems.values()] });
      resume = next;
    }
  }

  async #round(
    resume: Resume | undefined,
  ): Promise<{ readonly end: End; readonly account: Account; readonly next: Resume }> {
    const { errorLogZoneMin } = this.#request;
    const setting = await Setting.of(this.#logs.all, errorLogZoneMin !== undefined);
    const over = new AbortController();
    const stop = AbortSignal.any([
      over.signal,
      ...(this.#request.stop === undefined ? [] : [this.#request.stop]),
    ]);
    const lookout = this.#lookout(setting);
    const judging = this.#judging(setting, lookout, resume);
    const watching = this.#watch(lookout, setting, stop);
    const following = await this.#request.follow(resume?.from.following);
    try {
      const reception = new Reception(this.#logs, this.#admitting(setting, judging, over), {
        trouble: this.#trouble,
        gap: (generation, name) => this.#gaps.add(generation, name),
      });
      const end = await this.#judge(judging, reception, following, stop, watching);
      const kept = this.#kept(judging, reception, following);
      if (end !== 'ended' && judging.hasCaughtUp) await this.#request.keep?.(kept);
      const next =
        judging.hasCaughtUp || resume === undefined
          ? { from: kept, published: kept.progress }
          : { from: resume.from, published: this.#progress(judging) };
      return { end: over.signal.aborted ? 'changed' : end, account: judging.account, next };
    } finally {
      over.abort();
      await Promise.all([watching, following.close()]);
    }
  }

  /** Judges what is told until there is no more of it. */
  async #judge(
    judging: Judging,
    reception: Reception,
    following: Following,
    stop: AbortSignal,
    watching: Promise<void>,
  ): Promise<'ended' | 'stopped'> {
    const listening = new Listening(following, stop);
    const { keep, keepEvery = usuallyKeptEvery } = this.#request;
    let keptAt: number | undefined;
    for (;;) {
      const heard = await listening.next(
        judging.held,
        Math.min(judging.patience, keep === undefined ? judging.patience : keepEvery),
      );
      if (heard.kind === 'stopped') return 'stopped';
      if (heard.kind === 'told' && heard.events === undefined) {
        // What was said at a first look is to be said before what is final.
        await watching;
        judging.finish();
        await this.#hand(judging);
        this.#account(judging, 0);
        return 'ended';
      }
      for (const event of heard.kind === 'told' ? heard.events! : []) await reception.take(event);
      // Nothing is handed out that a restart would not know of.
      if (keptAt === undefined && judging.hasCaughtUp) {
        await keep?.(this.#kept(judging, reception, following));
        keptAt = this.#clock.monotonic();
      }
      judging.turn();
      await this.#hand(judging);
      this.#account(judging, accountEvery);
      if (keep === undefined || !judging.hasCaughtUp) continue;
      if (keptAt !== undefined && this.#clock.monotonic() - keptAt < keepEvery) continue;
      await keep(this.#kept(judging, reception, following));
      keptAt = this.#clock.monotonic();
    }
  }

  /** Looks at what is written, ahead of the one who judges. */
  async #watch(lookout: Lookout, setting: Setting, stop: AbortSignal): Promise<void> {
    const following = await this.#request.watch?.();
    if (following === undefined) return;
    const reader = {
      open: (generation: string, log: Log, place: Parameters<Lookout['open']>[2]) => {
        const admitted = setting.admits(log);
        if (admitted) lookout.open(generation, log, place);
        return admitted;
      },
      push: (generation: string, chunk: Uint8Array) => lookout.push(generation, chunk),
      end: (generation: string) => lookout.end(generation),
    };
    const reception = new Reception(this.#logs, reader, silent);
    const listening = new Listening(following, stop);
    try {
      for (let settled = false; ; ) {
        const heard = await listening.next(nobody, settled ? Number.POSITIVE_INFINITY : settledAfter);
        if (heard.kind === 'stopped' || (heard.kind === 'told' && heard.events === undefined)) return;
        for (const event of heard.kind === 'told' ? heard.events! : []) await reception.take(event);
        settled = heard.kind === 'silence';
        lookout.turn(settled);
      }
    } finally {
      lookout.turn(true);
      await following.close();
    }
  }

  #lookout(setting: Setting): Lookout {
    const { mechanisms = all, calibration, errorLogZoneMin, onFirstLook } = this.#request;
    const options = {
      mechanisms,
      ...(calibration === undefined ? {} : { calibration }),
      errorLogZoneMin: errorLogZoneMin ?? setting.errorLogZoneMin,
      errorLogAlone: setting.errorLogAlone,
    };
    return new Lookout(options, (verdict) => {
      this.#ledger.look(verdict);
      onFirstLook?.({ kind: 'verdict', verdict });
    });
  }

  #judging(setting: Setting, lookout: Lookout, resume: Resume | undefined): Judging {
    const {
      errorLogZoneMin,
      nginxConf = [],
      mechanisms,
      calibration,
      traffic,
      maxWait,
      discovery,
    } = this.#request;
    return new Judging({
      session: {
        logs: setting.logs,
        zones: setting.zones,
        quietErrorLog: discovery?.quietErrorLog ?? false,
        errorLogZoneMin,
        configuration: nginxConf.map(({ configuration }) => configuration),
        mechanisms,
        calibration,
        traffic,
      },
      clock: this.#clock,
      maxWait,
      resume,
      emit: (result) => this.#take(result, lookout),
      trouble: this.#trouble,
    });
  }

  /** The one who judges, or whoever ends the round where a log changes what the others mean. */
  #admitting(setting: Setting, judging: Judging, over: AbortController) {
    return {
      open: (generation: string, log: Log, place: Parameters<Judging['open']>[2]) => {
        const admitted = setting.admits(log);
        if (admitted) judging.open(generation, log, place);
        else over.abort();
        return admitted;
      },
      push: (generation: string, chunk: Uint8Array) => judging.push(generation, chunk),
      end: (generation: string) => judging.end(generation),
    };
  }

  #take(result: Result, lookout: Lookout): void {
    if (result.kind === 'verdict') this.#ledger.settle(result.verdict);
    const told = result.kind === 'verdict' ? ofFinal(result.verdict, lookout) : result;
    if (told === undefined) return;
    this.#tally.add(told);
    this.#results.push(told);
  }

  /** What the judging has come to, and what was counted by then. */
  #progress(judging: Judging): Progress {
    const { progress } = judging;
    if (progress.watermark !== undefined) this.#ledger.advance(progress.watermark);
    const [failures, gaps] = [this.#ledger.counts, this.#gaps.count];
    return { ...progress, counts: { failures, lines: judging.account.lines, gaps } };
  }

  async #hand(judging: Judging): Promise<void> {
    if (this.#results.length === 0) return;
    const progress = this.#progress(judging);
    const results = this.#results;
    this.#results = [];
    await this.#clock.pausedFor(this.#request.onFinal(results, progress));
  }

  #account(judging: Judging, every: number): void {
    const { onAccount } = this.#request;
    if (onAccount === undefined) return;
    const now = this.#clock.monotonic();
    if (this.#accountedAt !== undefined && now - this.#accountedAt < every) return;
    this.#accountedAt = now;
    onAccount({ ...judging.account, gaps: this.#gaps.count });
  }

  #kept(judging: Judging, reception: Reception, following: Following): Checkpoint {
    const places = new Map([...judging.rests, ...reception.unread].map((one) => [one.generation, one.place]));
    return checkpoint({
      progress: this.#progress(judging),
      memory: judging.remember(),
      following: following.state(places),
    });
  }

  readonly #trouble = (problem: Problem): void => {
    const key = `${problem.code} ${problem.details.where ?? ''}`;
    if (this.#problems.has(key)) return;
    this.#problems.set(key, problem);
    this.#request.onProblem?.(problem);
  };
}

/**
 * A final verdict comes after the first looks at its failure. What another hop's verdict stands for is of interest only
 * where something was said of it before.
 */
function ofFinal(verdict: Verdict, lookout: Lookout): Result | undefined {
  const revision = lookout.finalRevision(verdict.id);
  if (revision === undefined)
    return verdict.mergedInto === undefined ? { kind: 'verdict', verdict } : undefined;
  return { kind: 'verdict', verdict: Object.freeze({ ...verdict, revision }) };
}
