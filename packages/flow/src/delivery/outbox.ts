import type { Batch, Delivery, Sink } from '@why502/model';

export interface OutboxOptions {
  /** Results that wait at most. */
  readonly most: number;
  /** Told how many results were dropped to make room, each time. */
  readonly onDropped: (results: number) => void;
  /** How long what waits is still delivered when it is closed, ms. */
  readonly longestEnd: number;
}

/**
 * A sink that holds nobody up: what it is given waits here, in order, until the sink behind it has taken what came before. When
 * too much waits, the oldest is dropped and counted. For sinks whose results can be had elsewhere again.
 */
export function outbox(sink: Sink, { most, onDropped, longestEnd }: OutboxOptions): Sink {
  const waiting: Batch[] = [];
  let results = 0;
  let working: Promise<void> | undefined;

  async function work(): Promise<void> {
    for (let batch = waiting[0]; batch !== undefined; batch = waiting[0]) {
      // It is out of the box while it is delivered, so that nobody drops it meanwhile.
      waiting.shift();
      results -= batch.results.length;
      const delivery = await sink
        .deliver(batch)
        .catch((cause: unknown): Delivery => ({ kind: 'rejected', cause }));
      if (delivery.kind !== 'stored') onDropped(batch.results.length);
    }
    working = undefined;
  }

  return {
    name: sink.name,
    async deliver(batch: Batch): Promise<Delivery> {
      waiting.push(batch);
      results += batch.results.length;
      while (results > most && waiting.length > 1) {
        const dropped = waiting.shift()!.results.length;
        results -= dropped;
        onDropped(dropped);
      }
      working ??= work();
      return { kind: 'stored' };
    },
    async close(): Promise<void> {
      const deadline = new Promise<void>((resolve) => setTimeout(resolve, longestEnd).unref());
      if (working !== undefined) await Promise.race([working, deadline]);
      const left = waiting.splice(0).reduce((sum, batch) => sum + batch.results.length, 0);
      if (left > 0) onDropped(left);
      await sink.close();
    },
  };
}
