import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Problem, type Result, type Sink, type SinkCounts } from '@why502/model';
import type { Place } from '../live/queue-scan.ts';
import { Spool } from '../spool/spool.ts';
import { SpoolReader } from '../spool/spool-reader.ts';
import { checkpointFile } from '../tail/checkpoint-file.ts';
import { Courier, type DeliveryWatch } from './courier.ts';
import { letterOf, lettersOf, letterText, sameness } from './letter.ts';
import { countsOf } from './taken.ts';

export interface DurableOutboxOptions {
  readonly folder: string;
  /** It takes no more than this of the disk, bytes. */
  readonly mostBytes: number;
  /** Each has a name of its own, that stays the same over restarts. */
  readonly sinks: readonly Sink[];
  /** Up to here an earlier run knew that its results were in the outbox; undefined where it did not say. */
  readonly known: Place | undefined;
  readonly watch: DeliveryWatch;
  /** Ends the waiting of whoever puts results in. Default: it waits until they are in. */
  readonly stop?: AbortSignal;
  /** Told why nothing can be put in, once for each reason. */
  readonly trouble: (problem: Problem) => void;
}

/** So long it waits when nothing can be kept, ms. */
const pauseMs = 250;

/**
 * Keeps results on the disk until every sink has taken them. Whoever puts them in waits for the disk only; each sink is
 * served by itself, so that none waits for another, and all may be down when it is opened.
 */
export class DurableOutbox {
  readonly #options: DurableOutboxOptions;
  readonly #spool: Spool;
  readonly #couriers: readonly Courier[];
  /** What a crash may have kept an earlier run from noting, and how often it is there: the same is not put in again. */
  readonly #again: Map<string, number>;
  #accepted: number;
  /** Up to here it was noted elsewhere that results are here. */
  #known: number;
  #said: string | undefined;
  readonly #drained = new Set<() => void>();

  private constructor(options: DurableOutboxOptions, spool: Spool) {
    this.#options = options;
    this.#spool = spool;
    const { folder, sinks, watch, known = spool.begin } = options;
    this.#couriers = sinks.map(
      (sink) =>
        new Courier({
          spool,
          sink,
          watch,
          file: checkpointFile(join(folder, takenName(sink))),
          taken: () => this.#release(),
        }),
    );
    this.#known = known.offset;
    this.#again = new Map();
    this.#accepted = 0;
    this.#recall(known);
  }

  /** @throws Problem W502_SPOOL_FAILED */
  static async open(options: DurableOutboxOptions): Promise<DurableOutbox> {
    const { folder, mostBytes, known } = options;
    const spool = await Spool.open({ folder, mostBytes, ...(known === undefined ? {} : { reached: known }) });
    return new DurableOutbox(options, spool);
  }

  /** Begins to deliver. */
  start(): void {
    for (const courier of this.#couriers) courier.start();
  }

  /**
   * Puts results in. Resolves, to where they end, when they are on the disk, however long that takes: where it is full
   * or fails that is said, and tried again. Whether sinks take them is another matter.
   *
   * @throws Problem W502_SPOOL_FULL, W502_SPOOL_FAILED where it is stopped meanwhile
   */
  async add(results: readonly Result[]): Promise<Place> {
    const fresh = this.#again.size === 0 ? results : results.filter((result) => !this.#isAgain(result));
    for (const letter of lettersOf(fresh, this.#accepted)) {
      await this.#append(letterText(letter));
      this.#accepted = letter.accepted;
    }
    return this.#spool.end;
  }

  /** Somebody has noted durably that everything up to here is in. */
  noted(place: Place): void {
    this.#known = place.offset;
    this.#release();
  }

  /** Whether every sink has taken everything. */
  get isDrained(): boolean {
    return this.#couriers.every(({ place }) => place.offset >= this.#spool.end.offset);
  }

  /** Resolves when that is so. */
  async drained(): Promise<void> {
    while (!this.isDrained)
      await new Promise<void>((resolve) => {
        this.#drained.add(resolve);
      });
  }

  /** By sink, since it gets any. */
  get counts(): readonly SinkCounts[] {
    return this.#couriers.map(({ taken }) => countsOf(taken, this.#accepted));
  }

  /** What a sink is taking it may take; the rest stays for the next run. */
  async close(): Promise<void> {
    await Promise.all(this.#couriers.map((courier) => courier.stop()));
    await this.#spool.close();
  }

  async #append(text: Buffer): Promise<void> {
    for (;;) {
      try {
        await this.#spool.append([text]);
        this.#said = undefined;
        return;
      } catch (error) {
        if (!(error instanceof Problem) || this.#options.stop?.aborted === true) throw error;
        if (error.code !== this.#said) this.#options.trouble(error);
        this.#said = error.code;
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
  }

  /** What was put in by an earlier run, and what of it nobody knows. */
  #recall(known: Place): void {
    const { segments, begin } = this.#spool;
    const last = segments.at(-2)?.begin ?? begin;
    const reader = new SpoolReader(this.#spool, last.offset < known.offset ? last : known);
    for (let { offset } = reader.place, text = reader.next(); text !== undefined; text = reader.next()) {
      const { accepted, results } = letterOf(text);
      this.#accepted = accepted;
      if (offset >= known.offset)
        for (const result of results) {
          const key = sameness(result);
          this.#again.set(key, (this.#again.get(key) ?? 0) + 1);
        }
      offset = reader.place.offset;
    }
    reader.close();
    for (const { taken } of this.#couriers) this.#accepted = Math.max(this.#accepted, taken.accepted);
  }

  #isAgain(result: Result): boolean {
    const key = sameness(result);
    const count = this.#again.get(key);
    if (count === undefined) return false;
    if (count === 1) this.#again.delete(key);
    else this.#again.set(key, count - 1);
    return true;
  }

  #release(): void {
    const offset = Math.min(this.#known, ...this.#couriers.map(({ place }) => place.offset));
    this.#spool.release({ offset });
    if (!this.isDrained) return;
    for (const resolve of this.#drained) resolve();
    this.#drained.clear();
  }
}

/** Of the file that keeps how far a sink has come, whatever the sink is called. */
function takenName({ name }: Sink): string {
  return `taken-${createHash('sha256').update(name).digest('hex').slice(0, 12)}`;
}
