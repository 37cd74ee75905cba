import { instant } from '@why502/model';
import type { Consumer, Input } from './input.ts';
import { Reader } from './reader.ts';

/** The watermark rises in steps of this much log time: the length of a traffic bucket. */
const stepMs = 10_000;

/**
 * Carries the rows of all inputs to the consumer, merged by log time: in every step each input is read until its own
 * watermark has passed the same limit. Where a step ends depends on the times in the lines alone, so the consumer sees
 * the same calls however the bytes come in chunks. An input is opened when the others have come to its start, so of a
 * year of rotated files few are open at once.
 */
export async function pump<I extends Input>(inputs: readonly I[], consumer: Consumer<I>): Promise<void> {
  const waiting = [...inputs].sort((a, b) => startOf(a) - startOf(b) || 0);
  let open: Reader<I>[] = [];
  let reached = Number.NEGATIVE_INFINITY;
  for (;;) {
    const watermark = lowest(open, waiting[0]);
    if (watermark === Number.POSITIVE_INFINITY) return;
    const step = Math.floor(watermark / stepMs) * stepMs;
    if (step > reached) {
      reached = step;
      consumer.advance(instant(step));
    }
    const limit = Number.isFinite(step) ? step + stepMs : -Number.MAX_VALUE;
    while (waiting[0] !== undefined && startOf(waiting[0]) < limit) {
      const reader = new Reader(waiting.shift()!);
      if (reader.whole) await reader.readTo(Number.POSITIVE_INFINITY, consumer);
      else open.push(reader);
    }
    open.sort((a, b) => b.ahead - a.ahead);
    for (const reader of open) await reader.readTo(limit + reader.ahead, consumer);
    open = open.filter((reader) => !reader.ended);
  }
}

/** Before this, nothing is expected of the input. */
function startOf(input: Input): number {
  return (input.start ?? Number.NEGATIVE_INFINITY) - input.disorder - (input.ahead ?? 0);
}

/** The watermark of all inputs together: infinity when nothing is left. */
function lowest<I extends Input>(open: readonly Reader<I>[], next: I | undefined): number {
  let least = next === undefined ? Number.POSITIVE_INFINITY : startOf(next);
  for (const reader of open) least = Math.min(least, reader.watermark);
  return least;
}
