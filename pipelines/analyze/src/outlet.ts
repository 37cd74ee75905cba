import { createHash } from 'node:crypto';
import { type Batch, Problem, type Result, type Sink } from '@why502/model';

/** Results per delivery. */
const batchSize = 1_000;

/** Gathers results and delivers them to all sinks in the order they came. */
export class Outlet {
  readonly #sinks: readonly Sink[];
  #waiting: Result[] = [];

  constructor(sinks: readonly Sink[]) {
    this.#sinks = sinks;
  }

  add(result: Result): void {
    if (this.#sinks.length > 0) this.#waiting.push(result);
  }

  /** Delivers full batches; to be awaited before more is read, so that a slow sink slows the reading down. */
  async relieve(): Promise<void> {
    while (this.#waiting.length >= batchSize) await this.#deliver(this.#waiting.splice(0, batchSize));
  }

  async close(): Promise<void> {
    await this.relieve();
    if (this.#waiting.length > 0) await this.#deliver(this.#waiting.splice(0));
    for (const sink of this.#sinks) await sink.close();
  }

  async #deliver(results: readonly Result[]): Promise<void> {
    const batch: Batch = { token: tokenOf(results), results };
    for (const sink of this.#sinks) {
      const delivery = await sink.deliver(batch);
      // Retry is a decorator of the sink: what reaches this place has been tried enough.
      if (delivery.kind !== 'stored') {
        const { cause } = delivery;
        throw cause instanceof Problem
          ? cause
          : new Problem('W502_WRITE_FAILED', { where: sink.name }, { cause });
      }
    }
  }
}

/** Results are the same for the same logs, and are cut into batches by their number alone. */
function tokenOf(results: readonly Result[]): string {
  const hash = createHash('sha256');
  for (const result of results) hash.update(identity(result));
  return hash.digest('hex').slice(0, 32);
}

function identity(result: Result): string {
  if (result.kind === 'traffic') return JSON.stringify(result.rows);
  const { id, revision } = result.kind === 'verdict' ? result.verdict : result.incident;
  return `${result.kind} ${id} ${revision};`;
}
