import type { Batch, Delivery, Result, Sink } from '@why502/model';
import { batchOf } from './batch.ts';

/**
 * A sink that no bad result stops: a batch that is refused is halved until the results are found that are refused by
 * themselves. These are laid aside, and the others delivered.
 *
 * @param layAside keeps what was refused, and why, before the others are delivered
 */
export function sparing(sink: Sink, layAside: (result: Result, cause: unknown) => Promise<void>): Sink {
  async function deliver(batch: Batch): Promise<Delivery> {
    const delivery = await sink.deliver(batch);
    if (delivery.kind !== 'rejected') return delivery;
    const { results } = batch;
    if (results.length === 1) {
      await layAside(results[0]!, delivery.cause);
      return { kind: 'stored' };
    }
    const middle = Math.ceil(results.length / 2);
    for (const half of [results.slice(0, middle), results.slice(middle)]) {
      const part = await deliver(batchOf(half));
      if (part.kind !== 'stored') return part;
    }
    return { kind: 'stored' };
  }
  return { name: sink.name, deliver, close: () => sink.close() };
}
