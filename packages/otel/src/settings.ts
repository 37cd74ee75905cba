import { Problem } from '@why502/model';

/** What is to be sent. */
export interface Sending {
  readonly metrics: boolean;
  readonly events: boolean;
}

const signals = { metrics: 'METRICS', events: 'LOGS' } as const;

/**
 * What the `OTEL_*` variables want sent (OpenTelemetry specification, "Environment Variable Specification" and "OTLP
 * Exporter Configuration"). Endpoints, headers, certificates, compression and timeouts are read by the exporters themselves.
 *
 * @throws Problem W502_OTEL_SETTING for what this program cannot do, rather than do something else
 */
export function sending(environment: NodeJS.ProcessEnv = process.env): Sending {
  const value = (name: string) => environment[name]?.trim().toLowerCase() || undefined;
  if (value('OTEL_SDK_DISABLED') === 'true') return { metrics: false, events: false };
  const isSent = (signal: (typeof signals)[keyof typeof signals]) => {
    const exporter = `OTEL_${signal}_EXPORTER`;
    if (value(exporter) === 'none') return false;
    expectOneOf(environment, exporter, ['otlp', 'none']);
    for (const protocol of [`OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`, 'OTEL_EXPORTER_OTLP_PROTOCOL'])
      expectOneOf(environment, protocol, ['http/protobuf']);
    return true;
  };
  const sent = { metrics: isSent(signals.metrics), events: isSent(signals.events) };
  // Durations are counted here and not by the SDK, from the start on.
  if (sent.metrics)
    expectOneOf(environment, 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE', ['cumulative']);
  return sent;
}

function expectOneOf(environment: NodeJS.ProcessEnv, name: string, choices: readonly string[]): void {
  const value = environment[name]?.trim();
  if (value === undefined || value === '' || choices.includes(value.toLowerCase())) return;
  throw new Problem('W502_OTEL_SETTING', { where: name, excerpt: value, choices });
}
