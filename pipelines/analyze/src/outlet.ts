import { batchOf } from '@why502/flow';
import { Problem, type Result, type Sink } from '@why502/model';

/** Results per delivery, where no sink says otherwise. */
const batchSize = 1_000;

/** Gathers results and delivers them to all sinks in the order they came. */
export class Outlet {
  readonly #sinks: readonly Sink[];
  /** All sinks are given the same batches: large enough for each of them. */
  readonly #batchSize: number;
  #waiting: Result[] = [];
  readonly #problems = new Map<string, Problem>();

  constructor(sinks: readonly Sink[]) {
    this.#sinks = sinks;
    this.#batchSize = Math.max(1, ...sinks.map(({ worthwhile }) => worthwhile ?? batchSize));
  }

  /** Why sinks refused some of what they took, each reason at each place once. */
  get problems(): readonly Problem[] {
    return [...this.#problems.values()];
  }

  add(result: Result): void {
    if (this.#sinks.length > 0) this.#waiting.push(result);
  }

  /** Delivers full batches; to be awaited before more is read, so that a slow sink slows the reading down. */
  async relieve(): Promise<void> {
    const size = this.#batchSize;
    while (this.#waiting.length >= size) await this.#deliver(this.#waiting.splice(0, size));
  }

  async close(): Promise<void> {
    await this.relieve();
    if (this.#waiting.length > 0) await this.#deliver(this.#waiting.splice(0));
    for (const sink of this.#sinks) await sink.close();
  }

  async #deliver(results: readonly Result[]): Promise<void> {
    const batch = batchOf(results);
    for (const sink of this.#sinks) {
      const delivery = await sink.deliver(batch);
      // Retry is a decorator of the sink: what reaches this place has been tried enough.
      if (delivery.kind !== 'stored') {
        const { cause } = delivery;
        throw cause instanceof Problem
          ? cause
          : new Problem('W502_WRITE_FAILED', { where: sink.name }, { cause });
      }
      const cause = delivery.refused?.cause;
      if (cause instanceof Problem && !this.#problems.has(cause.message))
        this.#problems.set(cause.message, cause);
    }
  }
}
