import type {
  ConfiguredErrorLog,
  ConfiguredLogging,
  LoggedField,
  SettingFinding,
  Written,
} from '@why502/model';
import { accessScopes } from './access-scopes.ts';

/** Levels of an error log, the most talkative first (https://nginx.org/en/docs/ngx_core_module.html#error_log). */
const levels = ['debug', 'info', 'notice', 'warn', 'error', 'crit', 'alert', 'emerg'];

/** Without these an access log says nothing about the upstream. */
const telling: readonly LoggedField[] = ['attempts', 'attempt_status', 'attempt_connect', 'attempt_header'];

/** What the settings of the logs hide, or let in. */
export function settingFindings(logging: ConfiguredLogging): readonly SettingFinding[] {
  const scopes = accessScopes(logging);
  const kept = scopes.flatMap(({ logs }) => logs);
  const found = (kind: SettingFinding['kind'], of: readonly { readonly written: Written }[]) =>
    of.map(({ written }): SettingFinding => ({ kind, written }));
  const poor = scopes.filter(({ logged }) => telling.some((field) => !logged.has(field)));
  const formats = new Set(kept.flatMap(({ formatUsed }) => formatUsed ?? []));
  return [
    ...errorLogFindings(logging.errorLogs),
    ...found(
      'access_off',
      logging.accessLogs.filter(({ path }) => path === 'off'),
    ),
    ...found(
      'access_conditional',
      kept.filter(({ conditional }) => conditional),
    ),
    ...found(
      'access_buffered',
      kept.filter(({ buffered }) => buffered),
    ),
    ...found(
      'format_poor',
      poor.flatMap(({ logs }) => logs.slice(0, 1)),
    ),
    ...found(
      'escape_none',
      [...formats].filter((format) => format.escape === 'none'),
    ),
  ];
}

/** Whether every error log that is configured holds lines of this level; by default there is one of level `error`. */
export function holdsLevel(errorLogs: readonly ConfiguredErrorLog[], level: string): boolean {
  if (errorLogs.length === 0) return levels.indexOf('error') <= levels.indexOf(level);
  return errorLogs.every((log) => isKept(log) && levels.indexOf(log.level) <= levels.indexOf(level));
}

function errorLogFindings(errorLogs: readonly ConfiguredErrorLog[]): readonly SettingFinding[] {
  if (errorLogs.length === 0) return [{ kind: 'warnings_hidden', written: undefined }];
  return errorLogs.flatMap((log): SettingFinding[] => {
    if (!holdsLevel([log], 'error')) return [{ kind: 'causes_hidden', written: log.written }];
    return holdsLevel([log], 'warn') ? [] : [{ kind: 'warnings_hidden', written: log.written }];
  });
}

function isKept({ path }: ConfiguredErrorLog): boolean {
  return path !== '/dev/null';
}
