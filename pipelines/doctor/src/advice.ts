import { advisedAddition, advisedFormat, chainAddition } from '@why502/formats';
import type {
  ConfiguredFormat,
  ConfiguredLogging,
  DiagnosedLog,
  Logged,
  LoggedField,
  LoggingAdvice,
} from '@why502/model';
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

/** The lines to write, each with what it takes the place of. Without a configuration, lines for any, or what a log lacks. */
export function adviceFor(
  logging: ConfiguredLogging | undefined,
  missing: readonly Logged[],
  logs: readonly DiagnosedLog[],
): readonly LoggingAdvice[] {
  const lacks = (field: Logged) => missing.includes(field);
  const ties = lacks('trail') ? tieAdvice(logs) : [];
  if (logging !== undefined) return [...accessAdvice(logging), ...ties, ...errorAdvice(logging)];
  return [
    ...(advisedFields.some(lacks) ? formatAdviceFor(logs) : []),
    ...ties,
    ...(lacks('error_log') || lacks('warnings') ? [alone(`error_log ${errorLogPath} warn;`)] : []),
  ];
}

/** Behind every format: the ids that a load balancer or an edge in front gave the request. */
function tieAdvice(logs: readonly DiagnosedLog[]): readonly LoggingAdvice[] {
  const lacking = logs.filter(({ missing }) => missing?.includes('trail'));
  return lacking.map(({ file, format }) => ({
    ...alone(chainAddition(/JSON/.test(format ?? ''))),
    addedTo: file,
  }));
}

/** A log that says something about the upstream has a format of its own, which is extended; others need one. */
function formatAdviceFor(logs: readonly DiagnosedLog[]): readonly LoggingAdvice[] {
  const own = logs.filter(({ missing }) => missing !== undefined && !missing.includes('attempts'));
  if (own.length === 0) return [formatAdvice(undefined), logAdvice(accessLogPath)];
  return own.flatMap(({ file, format, missing }) => {
    const lines = advisedAddition(new Set(missing), /JSON/.test(format ?? ''));
    return lines === '' ? [] : [{ ...alone(lines), addedTo: file }];
  });
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
  if (errorLogs.length === 0) return [alone(`error_log ${errorLogPath} warn;`)];
  return errorLogs
    .filter((log) => !holdsLevel([log], 'warn'))
    .map(({ path, written }) => ({
      place: 'nginx_conf',
      written,
      addedTo: undefined,
      lines: `error_log ${path === '/dev/null' ? errorLogPath : path} warn;`,
    }));
}

function formatAdvice(inUse: ConfiguredFormat | undefined): LoggingAdvice {
  return { ...alone(advisedFormat(inUse)), written: inUse?.written };
}

function logAdvice(path: string): LoggingAdvice {
  return alone(`access_log ${path} why502;`);
}

/** Lines that take the place of none. */
function alone(lines: string): LoggingAdvice {
  return { place: 'nginx_conf', written: undefined, addedTo: undefined, lines };
}
