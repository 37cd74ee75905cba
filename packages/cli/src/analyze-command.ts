import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { millis, Problem, type Sink, type Summary } from '@why502/model';
import type { AnalyzeFlags } from './flags.ts';
import { ProgressLine } from './progress.ts';
import { storeOf } from './store.ts';
import { colored, print, reportWidth, trace } from './terminal.ts';

/**
 * `why502 analyze`. Resolves to the exit code.
 * @throws Problem where the call is wrong or the answer cannot be written
 */
export async function analyzeCommand(paths: readonly string[], flags: AnalyzeFlags): Promise<number> {
  if (paths.length === 0 && process.stdin.isTTY === true) throw new Problem('W502_NO_INPUT');
  // Loaded only now, so that help and usage errors come at once.
  const {
    analyze,
    createHtmlReport,
    createMarkdownReport,
    createReport,
    sourcesOf,
    jsonLinesSink,
    problemText,
    readNginxConf,
    streamSource,
    summaryLine,
    titles,
  } = await import('@why502/pipeline-analyze');
  const files = paths.filter((path) => path !== '-');
  const stdin = files.length < paths.length || paths.length === 0;
  const json = flags.format === 'json';
  const html = flags.format === 'html';
  const verbose = flags.verbose === true;
  const report = html
    ? createHtmlReport({ titles })
    : flags.format === 'md'
      ? createMarkdownReport({ titles, verbose })
      : createReport({ color: colored(flags.color, process.stdout), width: reportWidth(), titles, verbose });
  const store = flags.save === true ? await storeOf(flags, false) : undefined;
  const progress = new ProgressLine(flags.quiet === true);
  const summary = await analyze({
    sources: [...(await sourcesOf(files)), ...(stdin ? [streamSource(process.stdin, '-')] : [])],
    ...(flags.nginxConf === undefined ? {} : { nginxConf: await readNginxConf(flags.nginxConf) }),
    ...(flags.logFormat === undefined ? {} : { logFormat: flags.logFormat }),
    ...(flags.errorLogZone === undefined ? {} : { errorLogZoneMin: flags.errorLogZone }),
    ...(flags.jobs === undefined ? {} : { jobs: flags.jobs }),
    traffic: store !== undefined || html || (json && flags.traffic === true),
    sinks: [
      ...(json ? [jsonLinesSink(print, flags.traffic === true)] : []),
      ...(store === undefined ? [] : [store.sink(originOf(paths), patienceMs)]),
      ...(flags.otel === true ? await eventSinks() : []),
    ],
    on: json ? () => {} : (result) => report.add(result),
    progress: (step) => progress.show(step),
  }).finally(async () => {
    progress.clear();
    await store?.close();
  });
  for (const problem of summary.problems) {
    process.stderr.write(`${problemText(problem, { color: colored('auto', process.stderr) })}\n`);
    if (flags.debug === true) process.stderr.write(`${trace(problem)}\n`);
  }
  if (json) await print(`${summaryLine(summary)}\n`);
  // Where nothing was read there is no answer, and standard error says why.
  else if (summary.lines > 0) await print(`${report.text(summary)}\n`);
  return exitCode(summary, flags);
}

/** Events alone: metrics of what is past would have the time of now. */
async function eventSinks(): Promise<readonly Sink[]> {
  const { verdictEvents } = await import('@why502/pipeline-telemetry');
  const events = await verdictEvents(millis(patienceMs));
  return events === undefined ? [] : [events];
}

/** A server that does not answer is asked again for so long. */
const patienceMs = 60_000;

/** The same archives replace what they counted before, and nothing of others. */
function originOf(paths: readonly string[]): string {
  const names = paths.map((path) => resolve(path)).sort();
  return `analyze ${createHash('sha256').update(names.join('\0')).digest('hex').slice(0, 12)}`;
}

function exitCode(summary: Summary, flags: AnalyzeFlags): number {
  if (summary.problems.length > 0) return 3;
  return flags.exitCode === true && summary.failures > 0 ? 1 : 0;
}
