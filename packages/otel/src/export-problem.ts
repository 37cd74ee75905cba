import { Problem } from '@why502/model';

/** Where the exporters send without a setting (OpenTelemetry protocol exporter, 1.x). */
const usualEndpoint = 'http://localhost:4318';

/** As the variables of OpenTelemetry name it. */
export type Signal = 'LOGS' | 'METRICS';

/** What kept an export from its collector, as somebody can mend it. */
export function exportProblem(error: Error | undefined, signal: Signal = 'LOGS'): Problem {
  const code = codeOf(error);
  const excerpt = error === undefined ? undefined : `${error.name}: ${error.message}`.slice(0, 200);
  return new Problem(
    code === undefined ? 'W502_OTEL_UNREACHABLE' : 'W502_OTEL_REFUSED',
    { where: endpointOf(signal), ...(excerpt === undefined ? {} : { excerpt }) },
    { cause: error },
  );
}

/**
 * The collector would refuse the same again: a status of 4xx other than 401, 403 and 404, which somebody may mend, and 408 and 429, which
 * ask to come later (OTLP specification 1.x, "OTLP/HTTP Response").
 */
export function isRefusal(error: Error | undefined): boolean {
  const code = codeOf(error) ?? 0;
  return code >= 400 && code < 500 && ![401, 403, 404, 408, 429].includes(code);
}

/** Where a signal is sent to, as it may be shown. */
export function endpointOf(signal: Signal): string {
  const { [`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`]: own, OTEL_EXPORTER_OTLP_ENDPOINT: shared } = process.env;
  return withoutSecrets(own ?? shared ?? usualEndpoint);
}

function codeOf(error: Error | undefined): number | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'number' ? code : undefined;
}

/** Without user, password, query and fragment: each may hold a token. */
function withoutSecrets(address: string): string {
  return address.replace(/\/\/[^/@]*@/, '//').replace(/[?#].*$/s, '');
}
