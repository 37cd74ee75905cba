import { readFile } from 'node:fs/promises';
import { Problem, type Summary } from '@why502/model';
import type { AnalyzeFlags } from './flags.ts';
import { Progress, print, terminal } from './terminal.ts';

/** `why502 analyze`. Resolves to the exit code. */
export async function analyzeCommand(paths: readonly string[], flags: AnalyzeFlags): Promise<number> {
  if (paths.length === 0 && process.stdin.isTTY === true) throw new Problem('W502_NO_INPUT');
  // Loaded only now, so that help and usage errors come at once.
  const { analyze, createReport, expand, jsonLinesSink, problemText, streamSource, summaryLine } =
    await import('@why502/pipeline-analyze');
  const { color, width } = terminal(flags.color);
  const progress = new Progress(flags.quiet ?? false);
  const named = paths.filter((path) => path !== '-');
  const sources = [...(await expand(named))];
  if (named.length < paths.length || paths.length === 0) sources.push(streamSource(process.stdin, '-'));
  const report = createReport({ color, width });
  const json = flags.format === 'json';
  const summary = await analyze({
    sources,
    ...(flags.nginxConf === undefined ? {} : { nginxConf: await confText(flags.nginxConf) }),
    ...(flags.logFormat === undefined ? {} : { logFormat: flags.logFormat }),
    ...(flags.errorLogZone === undefined ? {} : { errorLogZoneMin: flags.errorLogZone }),
    traffic: json && flags.traffic === true,
    progress: (bytes) => progress.add(bytes),
    sinks: json ? [jsonLinesSink(print)] : [],
    on: (result) => {
      if (!json) report.add(result);
    },
  });
  progress.clear();
  for (const problem of summary.problems) process.stderr.write(`${problemText(problem, { color: false })}\n`);
  if (!json && summary.files.length === 0) return exitCode(summary, flags);
  await print(`${json ? summaryLine(summary) : report.text(summary)}\n`);
  return exitCode(summary, flags);
}

function exitCode(summary: Summary, flags: AnalyzeFlags): number {
  if (summary.problems.length > 0) return 3;
  return flags.exitCode === true && summary.failures > 0 ? 1 : 0;
}

async function confText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new Problem(
      'W502_USAGE',
      { where: `--nginx-conf ${path}`, expected: 'a configuration file that may be read' },
      { cause },
    );
  }
}
