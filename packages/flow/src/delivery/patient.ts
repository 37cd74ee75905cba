import { type Batch, type Delivery, type Millis, millis, type Sink } from '@why502/model';

export interface Patience {
  /** How long to go on trying, ms. */
  readonly longest: Millis;
  /** Told why it tries again, each time. */
  readonly onRetry?: (cause: unknown) => void;
  /** Waits; by default of the clock. */
  readonly wait?: (time: Millis) => Promise<void>;
  /** In [0, 1), by default of chance: those who failed together do not come again together. */
  readonly random?: () => number;
}

/** No wait is longer than this, ms: what is up again is asked within ten seconds. */
const longestWait = 8_000;

/**
 * A sink that tries again what could not be delivered: after the time that the sink asks for, then twice as long each
 * time, less up to a half by chance. When patience ends the last answer is handed on.
 */
export function patient(
  sink: Sink,
  { longest, onRetry, wait = pause, random = Math.random }: Patience,
): Sink {
  return {
    name: sink.name,
    async deliver(batch: Batch): Promise<Delivery> {
      let waited = 0;
      for (let attempt = 0; ; attempt++) {
        const delivery = await sink.deliver(batch);
        if (delivery.kind !== 'retry' || waited >= longest) return delivery;
        onRetry?.(delivery.cause);
        const most = Math.min(longestWait, delivery.after * 2 ** attempt, longest - waited);
        const time = millis(Math.max(1, most * (1 - random() / 2)));
        await wait(time);
        waited += time;
      }
    },
    close: () => sink.close(),
  };
}

function pause(time: Millis): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, time));
}
