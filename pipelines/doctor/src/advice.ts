import { advisedFormat } from '@why502/formats';
import type { ConfiguredFormat, ConfiguredLogging, Logged, LoggedField, LoggingAdvice } from '@why502/model';
import { accessScopes } from './access-scopes.ts';
import { holdsLevel } from './setting-findings.ts';

const errorLogPath = '/var/log/nginx/error.log';
const accessLogPath = '/var/log/nginx/access.log';

/** Fields that every advised format holds. */
const advisedFields: readonly LoggedField[] = [
  'attempts',
  'attempt_status',
  'attempt_connect',
  'attempt_header',
  'attempt_response',
  'attempt_bytes_received',
  'duration',
  'host',
  'service',
  'request_id',
  'connection',
];

/** The lines to write, each with what it takes the place of. Without a configuration, lines for any. */
export function adviceFor(
  logging: ConfiguredLogging | undefined,
  missing: readonly Logged[],
): readonly LoggingAdvice[] {
  const isMissing = new Set(missing);
  const fields = advisedFields.some((field) => isMissing.has(field));
  const errors = isMissing.has('error_log') || isMissing.has('warnings');
  if (logging === undefined) {
    return [
      ...(fields ? [formatAdvice(undefined), logAdvice(accessLogPath)] : []),
      ...(errors ? [{ written: undefined, lines: `error_log ${errorLogPath} warn;` }] : []),
    ];
  }
  return [...accessAdvice(logging), ...errorAdvice(logging)];
}

/** For requests of which no log holds enough: the format of one of their logs. */
function accessAdvice(logging: ConfiguredLogging): readonly LoggingAdvice[] {
  const scopes = accessScopes(logging);
  if (scopes.length === 0) return [formatAdvice(undefined), logAdvice(accessLogPath)];
  const poor = scopes
    .filter(({ logged }) => advisedFields.some((field) => !logged.has(field)))
    .flatMap(({ logs }) => logs.slice(0, 1));
  const forged = scopes
    .flatMap(({ logs }) => logs)
    .flatMap(({ formatUsed }) => (formatUsed?.escape === 'none' ? formatUsed : []));
  const formats = new Set([...poor.flatMap(({ formatUsed }) => formatUsed ?? []), ...forged]);
  const builtIn = poor.filter(({ formatUsed }) => formatUsed === undefined);
  return [
    ...[...formats].map(formatAdvice),
    ...(builtIn.length > 0 ? [formatAdvice(undefined)] : []),
    ...builtIn.map(({ path, written }) => ({ ...logAdvice(path), written })),
  ];
}

function errorAdvice({ errorLogs }: ConfiguredLogging): readonly LoggingAdvice[] {
  if (errorLogs.length === 0) return [{ written: undefined, lines: `error_log ${errorLogPath} warn;` }];
  return errorLogs
    .filter((log) => !holdsLevel([log], 'warn'))
    .map(({ path, written }) => ({
      written,
      lines: `error_log ${path === '/dev/null' ? errorLogPath : path} warn;`,
    }));
}

function formatAdvice(inUse: ConfiguredFormat | undefined): LoggingAdvice {
  return { written: inUse?.written, lines: advisedFormat(inUse) };
}

function logAdvice(path: string): LoggingAdvice {
  return { written: undefined, lines: `access_log ${path} why502;` };
}
