import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import protos from 'otlp-protos/build/src/generated/root.js';

const { opentelemetry } = protos as unknown as {
  opentelemetry: {
    proto: {
      collector: {
        logs: { v1: { ExportLogsServiceRequest: Decoder } };
        metrics: { v1: { ExportMetricsServiceRequest: Decoder } };
      };
    };
  };
};

interface Decoder {
  decode(bytes: Uint8Array): unknown;
  toObject(message: unknown, options: object): unknown;
}

interface KeyValue {
  readonly key: string;
  readonly value: {
    readonly stringValue?: string;
    readonly intValue?: string;
    readonly doubleValue?: number;
    readonly boolValue?: boolean;
    readonly arrayValue?: { readonly values: readonly KeyValue['value'][] };
  };
}

export interface LogEvent {
  readonly timeUnixNano: string;
  readonly severityNumber: number;
  readonly traceId?: Uint8Array;
  readonly spanId?: Uint8Array;
  readonly body: { readonly stringValue: string };
  readonly attributes: readonly KeyValue[];
}

interface Point {
  readonly attributes: readonly KeyValue[];
  readonly asDouble?: number;
  readonly asInt?: string;
  readonly count?: string;
  readonly bucketCounts?: readonly string[];
}

interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly sum?: { readonly dataPoints: readonly Point[]; readonly isMonotonic: boolean };
  readonly gauge?: { readonly dataPoints: readonly Point[] };
  readonly histogram?: { readonly dataPoints: readonly Point[] };
}

/** What the collector answers: a status, nothing at all, or that it takes all but so many. */
export type Answer = number | 'silence' | { readonly rejected: number; readonly message?: string };

/** A collector of OTLP as protobuf over HTTP, that decodes with the official definitions and answers as it is told. */
export class Collector {
  readonly events: LogEvent[] = [];
  readonly metrics: Metric[] = [];
  readonly resources: KeyValue[][] = [];
  /** The last logs as they came. */
  bytes: Buffer = Buffer.alloc(0);
  asked = 0;
  answer: (events: readonly LogEvent[]) => Answer = () => 200;
  answerToMetrics: Answer = 200;
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const packed = Buffer.concat(chunks);
      const bytes = request.headers['content-encoding'] === 'gzip' ? gunzipSync(packed) : packed;
      if (request.url === '/v1/logs') this.#takeLogs(bytes, response);
      else this.#takeMetrics(bytes, response);
    });
  });

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #takeLogs(bytes: Buffer, response: ServerResponse): void {
    const { resourceLogs } = decoded(
      opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest,
      bytes,
    ) as {
      resourceLogs: readonly {
        resource: { attributes: KeyValue[] };
        scopeLogs: readonly { logRecords: readonly LogEvent[] }[];
      }[];
    };
    const events = resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords));
    this.bytes = bytes;
    const status = this.answer(events);
    this.asked++;
    if (status === 200 || typeof status === 'object') {
      this.events.push(...events.slice(typeof status === 'object' ? status.rejected : 0));
      this.resources.push(...resourceLogs.map(({ resource }) => resource.attributes));
    }
    end(response, status);
  }

  #takeMetrics(bytes: Buffer, response: ServerResponse): void {
    const { resourceMetrics } = decoded(
      opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest,
      bytes,
    ) as { resourceMetrics: readonly { scopeMetrics: readonly { metrics?: readonly Metric[] }[] }[] };
    this.metrics.push(
      ...resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics = [] }) => metrics)),
    );
    end(response, this.answerToMetrics);
  }
}

/** Attributes as an object. */
export function valuesOf(attributes: readonly KeyValue[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value)]));
}

function plain(value: KeyValue['value']): unknown {
  if (value.arrayValue !== undefined) return value.arrayValue.values.map(plain);
  if (value.intValue !== undefined) return Number(value.intValue);
  return value.stringValue ?? value.doubleValue ?? value.boolValue;
}

function decoded(decoder: Decoder, bytes: Buffer): unknown {
  return decoder.toObject(decoder.decode(bytes), { longs: String, defaults: false });
}

function end(response: ServerResponse, answer: Answer): void {
  if (answer === 'silence') return;
  const [status, body] = typeof answer === 'object' ? [200, partialSuccess(answer)] : [answer, undefined];
  response.writeHead(status, { 'Content-Type': 'application/x-protobuf' }).end(body);
}

/**
 * ExportLogsServiceResponse and ExportMetricsServiceResponse alike: field 1 is a message, whose field 1 is how many records or
 * points were rejected and field 2 why (opentelemetry-proto, collector/logs/v1/logs_service.proto).
 */
function partialSuccess({ rejected, message = '' }: { rejected: number; message?: string }): Buffer {
  const text = Buffer.from(message);
  const inner = Buffer.concat([Buffer.from([0x08, rejected, 0x12, text.length]), text]);
  return Buffer.concat([Buffer.from([0x0a, inner.length]), inner]);
}
