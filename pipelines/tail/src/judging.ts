import type { Memory } from '@why502/classifier';
import {
  type LiveClock,
  LivePump,
  type LiveReading,
  type Place,
  QueueScan,
  type Reading,
  type ReadThrough,
} from '@why502/flow';
import {
  type AdvanceReason,
  type Columns,
  type FileSummary,
  type HopSource,
  hopOf,
  type Instant,
  instant,
  type LineCounts,
  type Millis,
  millis,
  Problem,
  type Result,
  trafficBucketMs,
} from '@why502/model';
import {
  type Log,
  Session,
  type SessionInput,
  type SessionOptions,
  type SessionResumption,
  type Tally,
} from '@why502/pipeline-analyze';
import { Books } from './books.ts';
import type { Checkpoint, Progress } from './checkpoint.ts';

/** A log that has nothing to say holds the others back for so long. */
const idleAfter = millis(30_000);

/** What is further ahead than this of the others is not read by the next turn. */
const stepMs = 2 * trafficBucketMs;

/** A verdict is out when the watermark has passed its row by so much: its context, and that of the other hops. */
const settledAfter = { alone: millis(90_000), chain: millis(280_000) } as const;

/** So long rows wait by the clock of the machine: for what their context needs, and for how late the logs of a hop come. */
const longestWait = { nginx: millis(180_000), alb: millis(1_200_000), cloudflare: millis(900_000) } as const;

/** More than this of one log is not held in memory while others catch up, nor of all together. */
const mostHeld = { ofOne: 4 * 1024 * 1024, ofAll: 32 * 1024 * 1024 } as const;

const endOfTime = instant(8.64e15);

/** Requests may be this much older than the error lines and the answers that belong to them, besides the context. */
const contextMs = 900_000 + 150_000;

export interface JudgingOptions {
  readonly session: Omit<SessionOptions, 'emit' | 'resume' | 'absorbed' | 'growing'>;
  readonly clock: LiveClock;
  /** Default: by the hops whose logs are there. */
  readonly maxWait?: Millis | undefined;
  /** Where an earlier judging left off, and what it handed out since. */
  readonly resume?: { readonly from: Checkpoint; readonly published: Progress } | undefined;
  readonly emit: (result: Result) => void;
  readonly trouble: (problem: Problem) => void;
}

interface LiveLog extends SessionInput {
  readonly scan: QueueScan;
  readonly idleAfter: Millis;
}

/** From where the reading of a file would have to begin again. */
interface Rest {
  readonly generation: string;
  readonly place: Place;
}

/** What was read, for a summary. */
export type Account = Omit<Parameters<Tally['summary']>[0], 'problems'> & {
  readonly lines: LineCounts;
  /** The last request in the logs of each hop, by log time. */
  readonly latest: ReadonlyMap<HopSource, Instant>;
};

/** Reads logs that grow as archives are read, and says the final verdicts. */
export class Judging {
  readonly #options: JudgingOptions;
  readonly #session: Session;
  readonly #pump: LivePump<LiveLog>;
  readonly #settledAfter: Millis;
  readonly #readings = new Map<string, LiveReading<LiveLog>>();
  /** No bytes of them will come any more; some wait to be handed on. */
  readonly #past = new Map<string, LiveReading<LiveLog>>();
  /** Read through; a restart may have to read the last lines of them again. */
  readonly #through = new Map<string, ReadThrough>();
  readonly #books = new Books();
  /** Rows that were handed on. */
  #counted = 0;
  #last: Progress['last'];
  #saidStorm = false;

  constructor(options: JudgingOptions) {
    const { session, clock, maxWait, resume } = options;
    this.#options = options;
    this.#last = resume?.published.last;
    this.#session = new Session({
      ...session,
      absorbed: true,
      growing: true,
      resume: resume === undefined ? undefined : resumptionOf(resume.from, resume.published),
      emit: (result) => this.#emit(result),
    });
    const hops = new Set(session.logs.map(({ format }) => hopOf(format.source)));
    this.#settledAfter = hops.size > 1 ? settledAfter.chain : settledAfter.alone;
    this.#pump = new LivePump(this, clock, {
      settledAfter: this.#settledAfter,
      maxWait: maxWait ?? longest(session.logs),
    });
  }

  /** ms until there is something to do though no bytes come. */
  get patience(): number {
    return this.#pump.patience;
  }

  /** Generations of which more is held than is good, until others have caught up. */
  get held(): ReadonlySet<string> {
    const held = new Set<string>();
    let total = 0;
    for (const { queued } of this.#readings.values()) total += queued;
    for (const [generation, { queued, watermark }] of this.#readings) {
      const isAhead = total > mostHeld.ofAll && queued > 0 && watermark > this.#pump.watermark + stepMs;
      if (queued > mostHeld.ofOne || isAhead) held.add(generation);
    }
    return held;
  }

  /** What it has come to: which verdicts are out, by which lines. It never falls behind what an earlier run has come to. */
  get progress(): Progress {
    const published = this.#options.resume?.published;
    const watermark = Math.max(this.#pump.watermark, published?.watermark ?? Number.NEGATIVE_INFINITY);
    const lines: Record<string, number> = {};
    for (const [generation, { lastLine }] of [...this.#through, ...this.#past, ...this.#readings])
      lines[generation] = Math.max(lastLine, published?.lines[generation] ?? 0);
    return {
      last: this.#last,
      watermark: Number.isFinite(watermark) ? instant(watermark) : undefined,
      lines,
    };
  }

  /**
   * Whether all is judged again that an earlier run handed out. Before that the memory lacks what it has said, and a
   * restart must begin where this one did.
   */
  get hasCaughtUp(): boolean {
    const published = this.#options.resume?.published.watermark;
    return published === undefined || this.#pump.watermark >= published;
  }

  remember(): Memory {
    return this.#session.remember();
  }

  /** From where every log is to be read again so that what is open has its context. */
  get rests(): readonly Rest[] {
    const needed = this.#pump.watermark - this.#settledAfter - contextMs;
    for (const [generation, { latest }] of this.#through)
      if (latest < needed) this.#through.delete(generation);
    return [...this.#through, ...this.#past, ...this.#readings].map(([generation, reading]) => ({
      generation,
      place: reading.placeBefore(needed),
    }));
  }

  /** What was read so far. */
  get account(): Account {
    for (const reading of [...this.#past.values(), ...this.#readings.values()]) this.#books.enter(reading);
    const { joins, hopJoins, requests, zoneMin } = this.#session;
    const { setAside, ...read } = this.#books.sum;
    return { joins, hops: hopJoins, requests, zoneMin, ...read, lines: this.#lines(read.files, setAside) };
  }

  open(generation: string, log: Log, place: Place): void {
    const decoder = log.format.decoder(log.source.name, this.#session.names);
    const { resume } = this.#options;
    const readTo = {
      remembered: resume?.from.progress.lines[generation] ?? 0,
      published: resume?.published.lines[generation] ?? 0,
    };
    const [input] = this.#session.open([
      {
        log,
        decoder,
        scan: new QueueScan(decoder, place),
        chunks: nothing,
        idleAfter,
        ...(resume === undefined ? {} : { readTo }),
        // What is known of its start is that of the file which had its name when the tail began.
        midway: true,
      },
    ]);
    this.#readings.set(generation, this.#pump.open(input!));
  }

  push(generation: string, chunk: Uint8Array): void {
    this.#readings.get(generation)?.push(chunk);
  }

  end(generation: string): void {
    const reading = this.#readings.get(generation);
    if (reading === undefined) return;
    reading.end();
    this.#readings.delete(generation);
    this.#past.set(generation, reading);
  }

  turn(): void {
    this.#pump.turn();
    this.#closeEnded();
    this.#sayStorm();
  }

  /** Nothing will come any more: everything gets its verdict out of what is there. */
  finish(): void {
    this.#pump.finish();
    this.#session.advance(endOfTime, 'end_of_input');
  }

  rows(input: LiveLog, rows: Columns, from: number, to: number, bytes: Buffer): void {
    this.#counted += to - from;
    this.#session.rows(input, rows, from, to, bytes);
  }

  advance(watermark: Instant, reason: AdvanceReason): void {
    this.#session.advance(watermark, reason);
  }

  ended(input: LiveLog, _reading: Reading, problem: Problem | undefined): void {
    this.#session.close(input);
    if (problem !== undefined) this.#options.trouble(problem);
  }

  #lines(files: readonly FileSummary[], setAside: number): LineCounts {
    let waiting = 0;
    for (const { input, lastLine } of [...this.#past.values(), ...this.#readings.values()]) {
      const { line, count } = input.scan.rows;
      for (let row = count - 1; row >= 0 && line[row]! > lastLine; row--) waiting++;
    }
    return {
      read: files.reduce((sum, { lines }) => sum + lines, 0),
      counted: this.#counted,
      setAside,
      faults: files.reduce((sum, { faults }) => sum + faults, 0),
      waiting,
    };
  }

  /** Once, however often it comes and goes: each verdict tells by its evidence what it was judged by. */
  #sayStorm(): void {
    const { hurried } = this.#session;
    if (hurried === 0 || this.#saidStorm) return;
    this.#saidStorm = true;
    this.#options.trouble(new Problem('W502_STORM', { where: `${hurried} failures so far` }));
  }

  #closeEnded(): void {
    for (const [generation, reading] of this.#past) {
      if (!reading.ended) continue;
      this.#books.close(reading);
      this.#past.delete(generation);
      this.#through.set(generation, reading.remains);
    }
  }

  #emit(result: Result): void {
    if (result.kind === 'verdict' && result.verdict.mergedInto === undefined) {
      const { time, id } = result.verdict;
      const last = this.#last;
      if (last === undefined || time > last.time || (time === last.time && id > last.id))
        this.#last = { time, id };
    }
    this.#options.emit(result);
  }
}

function resumptionOf({ memory, progress }: Checkpoint, published: Progress): SessionResumption {
  return { memory, remembered: progress.last, published: published.last, watermark: published.watermark };
}

/** That of the slowest hop. */
function longest(logs: readonly Log[]): Millis {
  const waits = logs.map(({ format }) => {
    const hop = hopOf(format.source);
    return hop === 'other' ? longestWait.nginx : longestWait[hop];
  });
  return millis(Math.max(longestWait.nginx, ...waits));
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
