import type { FileSummary, Summary } from '@why502/model';
import { discover } from './discovery.ts';
import { FormatChoice } from './format-choice.ts';
import type { Log } from './log.ts';
import type { AnalyzeRequest } from './request.ts';
import { Run } from './run.ts';
import { readInstead } from './same-traffic.ts';
import { zonesOf } from './zone.ts';

/**
 * Reads logs to their ends and says why requests failed. Results go out while reading; what kept the run from being
 * complete stands in the summary.
 * @throws Problem where the request itself is wrong, or a sink takes no more
 */
export async function analyze(request: AnalyzeRequest): Promise<Summary> {
  const { logs, unread, problems, quietErrorLog } = await discover(
    request.sources,
    new FormatChoice(request),
  );
  const instead = await readInstead(logs);
  // Lines that are the same word for word are told apart by the order in which they come, which must not be that of the arguments.
  const read = logs
    .filter((log) => !instead.has(log))
    .sort((a, b) => (a.source.name < b.source.name ? -1 : 1));
  const zones = request.errorLogZoneMin === undefined ? await zonesOf(read) : new Map();
  const run = new Run(request, read, zones, quietErrorLog);
  const summary = await run.toEnd();
  const left = [...instead].map(([log, name]) => leftOut(log, name));
  return {
    ...summary,
    files: [...summary.files, ...left, ...unread].sort((a, b) => (a.file < b.file ? -1 : 1)),
    problems: [
      ...(request.nginxConf ?? []).flatMap((version) => version.problems),
      ...problems,
      ...summary.problems,
    ],
  };
}

function leftOut({ source, format, sureness }: Log, instead: string): FileSummary {
  return {
    file: source.name,
    format: format.name,
    source: format.source,
    sureness,
    lines: 0,
    faults: 0,
    faultSamples: [],
    unescaped: false,
    readInstead: instead,
  };
}
