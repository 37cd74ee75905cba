export type { Breakdown, Fate, Health } from '@why502/otel';
export { breakdowns } from '@why502/otel';
export { openTelemetry, type Telemetry, type TelemetryOptions, verdictEvents } from './open-telemetry.ts';
