import { hostname } from 'node:os';
import { type Context, type Logger, trace } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import {
  LoggerProvider,
  type LogRecordProcessor,
  type ReadableLogRecord,
  type ReadWriteLogRecord,
} from '@opentelemetry/sdk-logs';
import { type Batch, type Delivery, millis, type Sink } from '@why502/model';
import { exportProblem, isRefusal } from './export-problem.ts';
import { hearPartialSuccess, type PartialSuccess, partialSuccess } from './partial-success.ts';
import { resource, scope } from './scope.ts';
import { verdictEvent } from './verdict-event.ts';
import { within } from './within.ts';

/** First wait before a collector that did not take a batch is asked again. */
const firstWait = millis(1_000);

/** An end that nobody waits for longer, ms. */
const longestEnd = 2_000;

export interface EventSinkOptions {
  /** What a mechanism does, as a sentence; default its id. */
  readonly titles?: ReadonlyMap<string, string>;
}

/**
 * Sends every verdict as a log event by OTLP, as protobuf over HTTP, to where `OTEL_EXPORTER_OTLP_ENDPOINT` and its
 * companions say; default a collector on this machine, `http://localhost:4318`. A batch is stored when the collector has
 * taken it. Incidents and traffic are no events: metrics tell of them.
 */
export function eventSink({ titles = new Map() }: EventSinkOptions = {}): Sink {
  hearPartialSuccess();
  const exporter = new OTLPLogExporter();
  const made = new Records();
  const provider = new LoggerProvider({ resource: resource(hostname()), processors: [made] });
  const logger: Logger = provider.getLogger(scope.name);
  return {
    name: 'opentelemetry',
    async deliver({ results }: Batch): Promise<Delivery> {
      for (const result of results)
        if (result.kind === 'verdict')
          logger.emit(verdictEvent(result.verdict, (mechanism) => titles.get(mechanism)));
      const records = made.take();
      if (records.length === 0) return { kind: 'stored' };
      const { code, error, partly } = await new Promise<
        ExportResult & { readonly partly: PartialSuccess | undefined }
      >((resolve) =>
        exporter.export([...records], (result) =>
          resolve({ ...result, partly: partialSuccess('LOGS', records.length) }),
        ),
      );
      if (code === ExportResultCode.SUCCESS)
        return partly === undefined
          ? { kind: 'stored' }
          : { kind: 'stored', refused: { results: partly.rejected, cause: partly.cause } };
      const cause = exportProblem(error);
      return isRefusal(error) ? { kind: 'rejected', cause } : { kind: 'retry', after: firstWait, cause };
    },
    close: () => within(longestEnd, exporter.shutdown()),
  };
}

/** Keeps the records that the logger makes for whoever exports them: the SDK's own batches drop what does not fit, unseen. */
class Records implements LogRecordProcessor {
  #made: ReadableLogRecord[] = [];

  /** The SDK leaves a trace out whose span is not known; a record may have one without the other (opentelemetry-proto, logs.proto). */
  onEmit(record: ReadWriteLogRecord, context?: Context): void {
    const span = context === undefined ? undefined : trace.getSpanContext(context);
    if (span !== undefined) record.spanContext = span;
    this.#made.push(record);
  }

  take(): readonly ReadableLogRecord[] {
    const made = this.#made;
    this.#made = [];
    return made;
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}
}
