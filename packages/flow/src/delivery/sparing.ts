import type { Batch, Delivery, Refused, Result, Sink } from '@why502/model';
import { batchOf } from './batch.ts';

/**
 * A sink that no bad result stops: of a batch that is refused the first result is searched for that is refused by itself, in
 * halves, each of which is stored meanwhile if it can be. What is found is laid aside, and the rest delivered at once. So one bad
 * result among n costs log2(n) + 2 more deliveries. The same batch is always taken apart in the same way, so that after a crash the
 * parts have their tokens again. What the sink refuses of the parts without a name is added up.
 *
 * @param layAside keeps what was refused, and why, before the others are delivered
 */
export function sparing(sink: Sink, layAside: (result: Result, cause: unknown) => Promise<void>): Sink {
  return {
    name: sink.name,
    async deliver(batch: Batch): Promise<Delivery> {
      const { results } = batch;
      const heard = hearing(sink);
      let delivery = await heard.deliver(batch);
      /** Where bad ones lie close together the next one is searched for near the last. */
      let near = results.length;
      for (let from = 0; delivery.kind === 'rejected'; ) {
        const search = await firstBad(heard, results, from, near);
        if (search.kind !== 'found') return search.delivery;
        near = 2 * (search.to - from);
        from = search.to;
        if (search.cause !== undefined) await layAside(results[from - 1]!, search.cause);
        if (from === results.length) return heard.stored();
        delivery = await heard.deliver(batchOf(results.slice(from)));
      }
      return delivery.kind === 'stored' ? heard.stored() : delivery;
    },
    close: () => sink.close(),
  };
}

type Hearing = Pick<Sink, 'deliver'> & { readonly stored: () => Delivery };

/** Keeps how much of the parts of a batch the sink refuses. */
function hearing(sink: Sink): Hearing {
  let refused: Refused | undefined;
  return {
    async deliver(part) {
      const delivery = await sink.deliver(part);
      if (delivery.kind === 'stored' && delivery.refused !== undefined) {
        const { results, cause } = delivery.refused;
        refused = { results: results + (refused?.results ?? 0), cause };
      }
      return delivery;
    },
    stored: () => (refused === undefined ? { kind: 'stored' } : { kind: 'stored', refused }),
  };
}

/** `found`: all before `to` is stored, save the last of it where it was refused for a cause. */
type Search =
  | { readonly kind: 'found'; readonly to: number; readonly cause: unknown }
  | { readonly kind: 'broken_off'; readonly delivery: Delivery };

/** Searches `results[from, …)`, which is refused as a whole. */
async function firstBad(
  sink: Hearing,
  results: readonly Result[],
  from: number,
  near: number,
): Promise<Search> {
  let stored = from;
  let refused = results.length;
  for (let size = near; ; size *= 2) {
    // First in ever longer parts; when one is refused, in halves of it.
    const isBounded = refused < results.length || stored + size >= refused;
    const to = isBounded ? Math.ceil((stored + refused) / 2) : stored + size;
    const delivery = await sink.deliver(batchOf(results.slice(stored, to)));
    if (delivery.kind === 'retry') return { kind: 'broken_off', delivery };
    if (delivery.kind === 'stored') stored = to;
    else if (to - stored === 1) return { kind: 'found', to, cause: delivery.cause };
    else refused = to;
    // Too much at once is refused as well, though each part of it is taken.
    if (stored === refused) return { kind: 'found', to: stored, cause: undefined };
  }
}
