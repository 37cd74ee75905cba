export { openTelemetry, type Telemetry, type TelemetryOptions, verdictEvents } from './open-telemetry.ts';
