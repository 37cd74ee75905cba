import { combined, loggedBy } from '@why502/formats';
import type { ConfiguredAccessLog, ConfiguredFormat, ConfiguredLogging, LoggedField } from '@why502/model';

/** Access logs that are written for the same requests, the richest first, and what all of them tell of a request. */
export interface AccessScope {
  readonly logs: readonly (ConfiguredAccessLog & { readonly formatUsed: ConfiguredFormat | undefined })[];
  readonly logged: ReadonlySet<LoggedField>;
}

const combinedVariables = [...combined.matchAll(/\$(\w+)/g)].map(([, variable]) => variable!);

/** Scopes in which something is logged. `formatUsed` is absent for `combined`, which is built in. */
export function accessScopes({ accessLogs, formats }: ConfiguredLogging): readonly AccessScope[] {
  const byScope = new Map<number, ConfiguredAccessLog[]>();
  for (const log of accessLogs) {
    if (log.path !== 'off') byScope.set(log.scope, [...(byScope.get(log.scope) ?? []), log]);
  }
  return [...byScope.values()].map((logs) => {
    const used = logs
      .map((log) => {
        const formatUsed = formats.find(({ name }) => name === log.format);
        return { ...log, formatUsed, held: loggedBy(formatUsed?.variables ?? combinedVariables) };
      })
      .sort((a, b) => b.held.size - a.held.size);
    return { logs: used, logged: new Set(used.flatMap(({ held }) => [...held])) };
  });
}
