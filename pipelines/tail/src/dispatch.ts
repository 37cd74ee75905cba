import { join } from 'node:path';
import {
  batchOf,
  type DeliveryWatch,
  DurableOutbox,
  type Place,
  patient,
  SinkTally,
  sparing,
} from '@why502/flow';
import { millis, Problem, type Result, type Sink, type SinkCounts } from '@why502/model';
import type { StateFolder } from './state-folder.ts';

/** Where the final results of a tail go. */
export interface Dispatch {
  /**
   * Resolves when no crash can take them away any more; to where they end, if they are on the disk.
   *
   * @throws Problem W502_SPOOL_FULL, W502_SPOOL_FAILED where it is stopped while it waits for room
   */
  add(results: readonly Result[]): Promise<Place | undefined>;
  /** It was noted durably that everything up to here was handed over. */
  noted(place: Place): void;
  /** By sink, since the state was made; where nothing is kept since it was opened. */
  readonly counts: readonly SinkCounts[];
  /** Waits as long as sinks go on taking. What they have not taken then stays on the disk, and is said. */
  close(): Promise<void>;
}

export interface DispatchOptions {
  readonly sinks: readonly Sink[];
  /** Undefined where nothing is kept: then whoever adds waits for the sinks. */
  readonly state: StateFolder | undefined;
  /** How much may wait on the disk, bytes. */
  readonly mostBytes: number;
  /** Ends the waiting for room there. Default: it waits until there is some. */
  readonly stop?: AbortSignal;
  readonly watch: DeliveryWatch;
  /** Told what keeps results from being handed over, once for each reason. */
  readonly trouble: (problem: Problem) => void;
}

/** A sink that takes nothing for so long is not waited for in the end, ms. */
const patienceMs = 5_000;

/** Opens the way to the sinks, all of which may be down. @throws Problem W502_SPOOL_FAILED */
export async function openDispatch(options: DispatchOptions): Promise<Dispatch> {
  const { sinks, state } = options;
  return state === undefined || sinks.length === 0 ? direct(options) : durable(options, state);
}

/** Every result is with every sink before more is judged. */
function direct({ sinks, watch }: DispatchOptions): Dispatch {
  let trying = 0;
  let aside = 0;
  const persistent = sinks.map((sink) => {
    const { name } = sink;
    const onRetry = (cause: unknown) => {
      if (cause instanceof Problem) watch.onRetry(cause, name, trying);
    };
    const spared = sparing(
      patient(sink, { longest: millis(Number.MAX_SAFE_INTEGER), onRetry }),
      async (result, cause) => {
        watch.onRefused(result, name, cause);
        aside++;
      },
    );
    return { sink: spared, tally: new SinkTally(name) };
  });
  return {
    async add(results) {
      trying = results.length;
      for (const { tally } of persistent) tally.accept(trying);
      for (const { sink, tally } of persistent) {
        aside = 0;
        const delivery = await sink.deliver(batchOf(results));
        const partly = delivery.kind === 'stored' ? delivery.refused : undefined;
        const refused = aside + (partly?.results ?? 0);
        tally.settle({ results: trying, delivered: trying - refused, refused });
        if (partly !== undefined) watch.onPartlyRefused?.(partly.cause, sink.name);
        watch.onStored?.(sink.name);
      }
      return undefined;
    },
    noted() {},
    get counts() {
      return persistent.map(({ tally }) => tally.counts);
    },
    async close() {},
  };
}

/** Every result is on the disk before more is judged, and sinks take it from there. */
async function durable(
  { sinks, mostBytes, stop, watch, trouble }: DispatchOptions,
  state: StateFolder,
): Promise<Dispatch> {
  const outbox = await DurableOutbox.open({
    folder: join(state.folder, 'outbox'),
    mostBytes,
    sinks,
    known: state.handedOver(),
    ...(stop === undefined ? {} : { stop }),
    watch,
    trouble,
  });
  outbox.start();
  return {
    add: (results) => outbox.add(results),
    noted: (place) => outbox.noted(place),
    get counts() {
      return outbox.counts;
    },
    async close() {
      for (let moves = true; moves && !outbox.isDrained; ) {
        const before = JSON.stringify(outbox.counts);
        await Promise.race([
          outbox.drained(),
          new Promise((resolve) => setTimeout(resolve, patienceMs).unref()),
        ]);
        moves = JSON.stringify(outbox.counts) !== before;
      }
      const left = outbox.counts.filter(({ waiting }) => waiting > 0);
      for (const { sink, waiting } of left)
        trouble(new Problem('W502_RESULTS_WAIT', { where: sink, excerpt: `${waiting} results` }));
      await outbox.close();
    },
  };
}
