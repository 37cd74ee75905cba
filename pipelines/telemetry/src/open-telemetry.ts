import { outbox, patient, SinkTally, sparing } from '@why502/flow';
import { mechanisms } from '@why502/mechanisms';
import { type Millis, millis, Problem, type Sink, type SinkCounts } from '@why502/model';
import type { Breakdown, Health, Metrics, MetricsServer } from '@why502/otel';

/** Results that wait for a collector that is away; about 100 MB of them. */
const mostWaiting = 50_000;

/** When all else has ended, what waits is delivered within this, ms. */
const longestEnd = 2_000;

export interface TelemetryOptions {
  /** Send metrics and events, as the `OTEL_*` variables of the environment say. */
  readonly send: boolean;
  /** Where to be scraped, port 0 for one that is free. Default: nowhere. */
  readonly listen?: { readonly host: string; readonly port: number };
  /** What failures are told apart by on metrics, besides cause, mechanism and status. */
  readonly by?: readonly Breakdown[];
  /** Whoever asks keeps events that wait, tries again and counts: then they are handed on as they come. Default false. */
  readonly durable?: boolean;
  readonly health: () => Health;
  /** Told why events are delayed, each time. */
  readonly onRetry: (cause: unknown) => void;
  /** Told what a collector refuses of metrics or events though it takes the others, each time. */
  readonly onPartly: (cause: unknown) => void;
}

export interface Telemetry {
  readonly metrics: Metrics;
  /** Takes verdicts, and unless it is durable never holds anybody up; absent where nothing is sent. */
  readonly events: Sink | undefined;
  /** What became of events that wait here; none where whoever asks keeps them. */
  readonly waiting: readonly SinkCounts[];
  readonly server: MetricsServer | undefined;
  close(): Promise<void>;
}

/**
 * Opens what is asked for.
 *
 * @throws Problem W502_NO_OTEL, W502_OTEL_SETTING, W502_LISTEN
 */
export async function openTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const { send, listen, by, durable = false, health, onRetry, onPartly } = options;
  const otel = await installed();
  const sent = send ? otel.sending() : { metrics: false, events: false };
  const metrics = otel.openMetrics({
    send: sent.metrics,
    onFailure: onRetry,
    onPartly,
    ...(by === undefined ? {} : { by }),
  });
  const server =
    listen === undefined
      ? undefined
      : await otel.serveMetrics(listen, (request, response) => metrics.scrape(request, response), health);
  const sink = sent.events ? otel.eventSink({ titles: titles() }) : undefined;
  const tally = sink === undefined || durable ? undefined : new SinkTally(sink.name);
  const events =
    sink === undefined || tally === undefined ? sink : waitingEvents(sink, metrics, tally, options);
  return {
    metrics,
    events,
    get waiting() {
      return tally === undefined ? [] : [tally.counts];
    },
    server,
    async close() {
      // Metrics say last what became of the events.
      await events?.close();
      await Promise.all([metrics.close(), server?.close()]);
    },
  };
}

/**
 * Events of verdicts, sent again for so long when the collector does not take them.
 *
 * @returns undefined where the environment wants none sent
 * @throws Problem W502_NO_OTEL, W502_OTEL_SETTING
 */
export async function verdictEvents(longest: Millis): Promise<Sink | undefined> {
  const { eventSink, sending } = await installed();
  if (!sending().events) return undefined;
  return patient(eventSink({ titles: titles() }), { longest });
}

/** A package of its own, for the SDK is as many packages as all the rest. */
async function installed() {
  return import('@why502/otel').catch((cause: NodeJS.ErrnoException) => {
    // What is there and does not load is another matter.
    const isAbsent =
      cause.code === 'ERR_MODULE_NOT_FOUND' && /^Cannot find package '@why502\/otel'/.test(cause.message);
    throw isAbsent ? new Problem('W502_NO_OTEL', {}, { cause }) : cause;
  });
}

function waitingEvents(
  sink: Sink,
  metrics: Metrics,
  tally: SinkTally,
  { onRetry, onPartly }: TelemetryOptions,
): Sink {
  const { name } = sink;
  let trying = 0;
  let aside = 0;
  const persistent = patient(sink, {
    longest: millis(Number.MAX_SAFE_INTEGER),
    onRetry(cause) {
      metrics.retried(name, trying);
      onRetry(cause);
    },
  });
  const spared = sparing(persistent, async (_, cause) => {
    aside++;
    onRetry(cause);
  });
  const counted: Sink = {
    name,
    async deliver(batch) {
      trying = batch.results.length;
      aside = 0;
      const delivery = await spared.deliver(batch);
      if (delivery.kind !== 'stored') return delivery;
      const refused = aside + (delivery.refused?.results ?? 0);
      tally.settle({ results: trying, delivered: trying - refused, refused });
      if (delivery.refused !== undefined) onPartly(delivery.refused.cause);
      return delivery;
    },
    close: () => sink.close(),
  };
  const box = outbox(counted, {
    most: mostWaiting,
    onDropped: (results) => tally.settle({ results, dropped: results }),
    longestEnd,
  });
  return {
    name,
    async deliver(batch) {
      tally.accept(batch.results.length);
      return box.deliver(batch);
    },
    close: () => box.close(),
  };
}

function titles(): ReadonlyMap<string, string> {
  return new Map(mechanisms.map(({ id, title }) => [id, title]));
}
