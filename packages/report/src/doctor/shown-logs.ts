import type { DiagnosedLog } from '@why502/model';

/** More logs of one folder that say the same are shown as one. */
const mostOfFolder = 4;

/** A log, or all those of a folder that say the same, as a bucket holds one for every node and five minutes. */
export interface ShownLog extends Omit<DiagnosedLog, 'file'> {
  readonly name: string;
}

export function shownLogs(logs: readonly DiagnosedLog[]): readonly ShownLog[] {
  const alike = new Map<string, DiagnosedLog[]>();
  for (const log of logs) {
    const key = [folderOf(log), log.format, ...(log.missing ?? ['-'])].join('\0');
    alike.set(key, [...(alike.get(key) ?? []), log]);
  }
  return [...alike.values()].flatMap((group) =>
    group.length > mostOfFolder ? together(group) : group.map((log) => ({ ...log, name: log.file })),
  );
}

function together(group: readonly DiagnosedLog[]): ShownLog {
  const sum = (of: (log: DiagnosedLog) => number) => group.reduce((total, log) => total + of(log), 0);
  return {
    ...group[0]!,
    name: `${folderOf(group[0]!)} (${group.length} files)`,
    lines: sum(({ lines }) => lines),
    faults: sum(({ faults }) => faults),
  };
}

function folderOf({ file }: DiagnosedLog): string {
  return file.slice(0, file.lastIndexOf('/') + 1);
}
