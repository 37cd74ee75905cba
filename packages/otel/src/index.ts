export { type Breakdown, breakdowns } from './attributes.ts';
export { type EventSinkOptions, eventSink } from './event-sink.ts';
export type { Reading } from './instruments.ts';
export { type Metrics, type MetricsOptions, openMetrics } from './metrics.ts';
export { type Health, type MetricsServer, serveMetrics } from './metrics-server.ts';
export { type Sending, sending } from './settings.ts';
