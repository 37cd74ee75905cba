import type { IncomingMessage, ServerResponse } from 'node:http';
import { hostname } from 'node:os';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { type IMetricReader, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import type { Problem, Result, SinkCounts, Verdict } from '@why502/model';
import type { Breakdown } from './attributes.ts';
import { DurationProducer } from './duration-producer.ts';
import { Instruments, type Reading } from './instruments.ts';
import { hearPartialSuccess } from './partial-success.ts';
import { resource, scope } from './scope.ts';
import { toldExporter } from './told-exporter.ts';
import { within } from './within.ts';

export interface MetricsOptions {
  /** Send them by OTLP as well, as the `OTEL_*` variables of the environment say. */
  readonly send: boolean;
  /** Default: nothing but cause, mechanism, status and how sure. */
  readonly by?: readonly Breakdown[];
  /** Told each time that a collector did not take them. */
  readonly onFailure?: (problem: Problem) => void;
  /** Told each time that it refused some of them for good. */
  readonly onPartly?: (problem: Problem) => void;
  /** ms since the epoch; default the clock of the machine. */
  readonly now?: () => number;
}

/** Metrics of what was read and judged, to be scraped, and to be sent if asked for. */
export interface Metrics {
  /** Takes a final result, each once. */
  add(result: Result): void;
  look(verdict: Verdict): void;
  read(reading: Reading): void;
  /** From now on tells what became of results at sinks as this has it. */
  follow(sinks: () => readonly SinkCounts[]): void;
  /** Counts results that a sink is offered again. */
  retried(sink: string, results: number): void;
  /** Answers a scrape in the text format of Prometheus. */
  scrape(request: IncomingMessage, response: ServerResponse): void;
  /** Sends what is left, within two seconds. */
  close(): Promise<void>;
}

/** An end that nobody waits for longer, ms. */
const longestEnd = 2_000;

/** Opens the meters. Nothing is sent or listened to before there is something to tell. */
export function openMetrics({
  send,
  by = [],
  onFailure = () => {},
  onPartly = () => {},
  now = Date.now,
}: MetricsOptions): Metrics {
  const scraped = new DurationProducer('why502.request.duration.seconds', now);
  const prometheus = new PrometheusExporter({ preventServerStart: true, metricProducers: [scraped] });
  const meters = [meterOf(prometheus, scraped, true)];
  if (send) {
    hearPartialSuccess();
    const sent = new DurationProducer('why502.request.duration', now);
    const reader = new PeriodicExportingMetricReader({
      exporter: toldExporter(new OTLPMetricExporter(), {
        onFailure,
        onPartly({ rejected, cause }) {
          each((one) => one.refusePoints(rejected));
          onPartly(cause);
        },
      }),
      metricProducers: [sent],
      ...intervals(),
    });
    meters.push(meterOf(reader, sent, false));
  }

  function meterOf(reader: IMetricReader, durations: DurationProducer, unitInName: boolean) {
    const provider = new MeterProvider({ resource: resource(hostname()), readers: [reader] });
    const instruments = new Instruments(provider.getMeter(scope.name), durations, { by, unitInName, now });
    return { provider, instruments };
  }

  const each = (told: (instruments: Instruments) => void): void => {
    for (const { instruments } of meters) told(instruments);
  };
  return {
    add: (result) => each((one) => one.add(result)),
    look: (verdict) => each((one) => one.look(verdict)),
    read: (reading) => each((one) => one.read(reading)),
    follow: (sinks) => each((one) => one.follow(sinks)),
    retried: (sink, results) => each((one) => one.retried(sink, results)),
    scrape: (request, response) => prometheus.getMetricsRequestHandler(request, response),
    async close() {
      // A collector that is away must not keep anybody from ending.
      const ends = meters.map(({ provider }) => provider.shutdown({ timeoutMillis: longestEnd }));
      await within(longestEnd, Promise.allSettled(ends));
    },
  };
}

/** `OTEL_METRIC_EXPORT_INTERVAL` and `_TIMEOUT`, ms; of the specification's defaults the reader knows itself. */
function intervals(): { exportIntervalMillis?: number; exportTimeoutMillis?: number } {
  const interval = numberOf('OTEL_METRIC_EXPORT_INTERVAL');
  const timeout =
    numberOf('OTEL_METRIC_EXPORT_TIMEOUT') ??
    (interval === undefined ? undefined : Math.min(interval, 30_000));
  return {
    ...(interval === undefined ? {} : { exportIntervalMillis: interval }),
    ...(timeout === undefined ? {} : { exportTimeoutMillis: timeout }),
  };
}

function numberOf(name: string): number | undefined {
  const value = Number(process.env[name]);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}
