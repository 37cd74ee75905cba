import { type FileSummary, Problem, type Source } from '@why502/model';
import type { FormatChoice } from './format-choice.ts';
import { findLog, type Log } from './log.ts';

/** What the sources turned out to be. */
export interface Discovery {
  readonly logs: readonly Log[];
  /** Files that a problem kept from being read. */
  readonly unread: readonly FileSummary[];
  readonly problems: readonly Problem[];
  /** An error log without a line is among the sources: an empty file, which its name makes one. */
  readonly quietErrorLog: boolean;
}

/**
 * Looks at the beginning of every source. What lies beside the logs in a folder is not missed, unless the folder holds
 * no log at all; nor is an empty file, which for an error log is good news, unless there is nothing else to read.
 */
export async function discover(sources: readonly Source[], choice: FormatChoice): Promise<Discovery> {
  const logs: Log[] = [];
  const unread: FileSummary[] = [];
  const problems: Problem[] = [];
  const empty: Problem[] = [];
  let quietErrorLog = false;
  const withoutLogs = new Set<string>();
  for (const source of sources) {
    const found = await findLog(source, choice);
    if (found.kind === 'log') logs.push(found.log);
    else if (found.problem.code === 'W502_EMPTY' && /error[^/]*$/i.test(source.name)) {
      quietErrorLog = true;
      if (source.folder === undefined) empty.push(found.problem);
    } else if (source.folder !== undefined && !found.likely) withoutLogs.add(source.folder);
    else if (found.problem.code === 'W502_EMPTY') empty.push(found.problem);
    else {
      problems.push(found.problem);
      unread.push(unreadFile(source));
    }
  }
  for (const { source } of logs) if (source.folder !== undefined) withoutLogs.delete(source.folder);
  for (const folder of withoutLogs) problems.push(new Problem('W502_NO_LOGS', { where: folder }));
  return { logs, unread, problems: logs.length > 0 ? problems : [...empty, ...problems], quietErrorLog };
}

function unreadFile({ name }: Source): FileSummary {
  return {
    file: name,
    format: undefined,
    source: undefined,
    sureness: undefined,
    lines: 0,
    faults: 0,
    faultSamples: [],
    unescaped: false,
    readInstead: undefined,
  };
}
