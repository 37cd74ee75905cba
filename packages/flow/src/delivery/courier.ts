import { type Delivery, type Millis, millis, Problem, type Result, type Sink } from '@why502/model';
import type { Place } from '../live/queue-scan.ts';
import type { Spool } from '../spool/spool.ts';
import { SpoolReader } from '../spool/spool-reader.ts';
import type { CheckpointFile } from '../tail/checkpoint-file.ts';
import { batchOf } from './batch.ts';
import { letterOf } from './letter.ts';
import { patient } from './patient.ts';
import { sparing } from './sparing.ts';
import { isTaken, type Taken } from './taken.ts';

/** A batch is made of records until it has so many results, or bytes. */
const enough = { results: 10_000, bytes: 16 * 1024 * 1024 } as const;

/** So long a sink is tried before it is looked whether somebody wants to end. */
const atOnce = millis(60_000);

/** After a fault that nobody has foreseen, ms. */
const pauseMs = 5_000;

/** Told what becomes of what is delivered to a sink. */
export interface DeliveryWatch {
  /** Keeps a result that the sink refuses, before the others are delivered. @throws Problem where that fails */
  readonly onRefused: (result: Result, sink: string, cause: unknown) => void;
  /** Why a sink refuses some of what it took, and does not say which; or only warns. */
  readonly onPartlyRefused?: (cause: unknown, sink: string) => void;
  /** Why so many results are tried again, each time. */
  readonly onRetry: (problem: Problem, sink: string, results: number) => void;
  readonly onStored?: (sink: string) => void;
}

export interface CourierOptions {
  readonly spool: Spool;
  readonly sink: Sink;
  /** Keeps how far the sink has come. */
  readonly file: CheckpointFile;
  /** Told each time that a batch was taken. */
  readonly taken: () => void;
  readonly watch: DeliveryWatch;
}

/** Brings what is in an outbox to one sink, in order, and goes on where it was. No other sink waits for this one. */
export class Courier {
  readonly #options: CourierOptions;
  readonly #sink: Sink;
  readonly #stop = new AbortController();
  #state: Taken;
  #running: Promise<void> | undefined;
  /** Results of the batch that is being delivered. */
  #trying = 0;
  /** Of them, what was laid aside. */
  readonly #aside = new Set<Result>();

  constructor(options: CourierOptions) {
    this.#options = options;
    const loaded = options.file.load();
    this.#state = isTaken(loaded) ? loaded : fromBegin(options);
    const { sink } = options;
    const guarded: Sink = {
      name: sink.name,
      deliver: (batch) => (this.#stop.signal.aborted ? Promise.resolve(stopped) : sink.deliver(batch)),
      close: () => sink.close(),
    };
    const trying = patient(guarded, {
      longest: atOnce,
      onRetry: (cause) => this.#retry(cause),
      wait: (time) => this.#pause(time),
    });
    this.#sink = sparing(trying, async (result, cause) => {
      if (this.#aside.has(result)) return;
      options.watch.onRefused(result, sink.name, cause);
      this.#aside.add(result);
    });
  }

  get name(): string {
    return this.#options.sink.name;
  }

  /** All before it was taken by the sink or laid aside. */
  get place(): Place {
    return this.#state.place;
  }

  get taken(): Taken {
    return this.#state;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** What the sink is taking now it may take, but nothing is begun. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        if (!(await this.#deliverNext())) await this.#grown();
      } catch (error) {
        // It is not lost, and somebody may mend it meanwhile.
        this.#retry(error);
        await this.#pause(millis(pauseMs));
      }
    }
  }

  /** False where there is nothing. */
  async #deliverNext(): Promise<boolean> {
    const { spool, taken, watch } = this.#options;
    const { sink, place, sending, begin, delivered, refused } = this.#state;
    const reader = new SpoolReader(spool, place);
    const results: Result[] = [];
    let accepted = this.#state.accepted;
    try {
      while (this.#wantsMore(reader.place, results.length)) {
        const text = reader.next();
        if (text === undefined) break;
        const letter = letterOf(text);
        for (const result of letter.results) results.push(result);
        accepted = letter.accepted;
      }
    } finally {
      reader.close();
    }
    if (results.length === 0) return false;
    if (sending === undefined) this.#keep({ ...this.#state, sending: reader.place });
    this.#trying = results.length;
    const delivery = await this.#deliver(results);
    if (delivery.kind !== 'stored') return true;
    const lost = this.#aside.size + (delivery.refused?.results ?? 0);
    this.#keep({
      sink,
      place: reader.place,
      begin,
      accepted,
      delivered: delivered + results.length - lost,
      refused: refused + lost,
    });
    this.#aside.clear();
    if (delivery.refused !== undefined) watch.onPartlyRefused?.(delivery.refused.cause, sink);
    watch.onStored?.(sink);
    taken();
    return true;
  }

  #wantsMore({ offset }: Place, results: number): boolean {
    const { place, sending } = this.#state;
    if (sending !== undefined) return offset < sending.offset;
    return results < enough.results && offset - place.offset < enough.bytes;
  }

  /** The same batch, until it is stored or somebody wants to end. */
  async #deliver(results: readonly Result[]): Promise<Delivery> {
    const batch = batchOf(results);
    for (;;) {
      const delivery = await this.#sink.deliver(batch);
      if (delivery.kind === 'stored' || this.#stop.signal.aborted) return delivery;
    }
  }

  #keep(state: Taken): void {
    try {
      this.#options.file.save(state);
    } catch (cause) {
      const excerpt = String(cause).slice(0, 200);
      throw new Problem('W502_SPOOL_FAILED', { where: this.name, excerpt }, { cause });
    }
    this.#state = state;
  }

  #retry(cause: unknown): void {
    // Whoever was told to end is not in trouble.
    if (cause === undefined) return;
    const { sink, watch } = this.#options;
    const problem =
      cause instanceof Problem
        ? cause
        : new Problem(
            'W502_SINK_FAILED',
            { where: sink.name, excerpt: String(cause).slice(0, 200) },
            { cause },
          );
    watch.onRetry(problem, sink.name, this.#trying);
  }

  #grown(): Promise<void> {
    return this.#untilStopped((resolve) => this.#options.spool.onGrown(resolve));
  }

  #pause(time: Millis): Promise<void> {
    return this.#untilStopped((resolve) => {
      const timer = setTimeout(resolve, time);
      return () => clearTimeout(timer);
    });
  }

  /** @param begin begins to wait, and returns what ends that */
  #untilStopped(begin: (resolve: () => void) => () => void): Promise<void> {
    const { signal } = this.#stop;
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        signal.removeEventListener('abort', done);
        end();
        resolve();
      };
      const end = begin(done);
      signal.addEventListener('abort', done);
    });
  }
}

const stopped: Delivery = { kind: 'retry', after: millis(1), cause: undefined };

/** A sink that is new gets all that is kept. */
function fromBegin({ spool, sink }: CourierOptions): Taken {
  const reader = new SpoolReader(spool, spool.begin);
  const text = reader.next();
  reader.close();
  const first = text === undefined ? undefined : letterOf(text);
  const begin = first === undefined ? 0 : first.accepted - first.results.length;
  return { sink: sink.name, place: spool.begin, begin, accepted: begin, delivered: 0, refused: 0 };
}
