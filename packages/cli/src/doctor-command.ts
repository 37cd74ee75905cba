import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { conservations, Problem, type Summary } from '@why502/model';
import type { DoctorFlags } from './flags.ts';
import { ProgressLine } from './progress.ts';
import { colored, print, reportWidth } from './terminal.ts';

/**
 * `why502 doctor`. Resolves to the exit code.
 * @throws Problem where the call is wrong or the answer cannot be written
 */
export async function doctorCommand(paths: readonly string[], flags: DoctorFlags): Promise<number> {
  if (flags.counters !== undefined) return countersOf(flags.counters, flags);
  if (paths.length === 0) {
    throw new Problem('W502_NO_INPUT', {
      expected: 'an nginx.conf, logs, or both: why502 doctor /etc/nginx /var/log/nginx',
    });
  }
  const [analyzing, { createDoctor, diagnosesText, diagnosisLine }] = await Promise.all([
    import('@why502/pipeline-analyze'),
    import('@why502/pipeline-doctor'),
  ]);
  const { analyze, sourcesOf, problemText, readNginxConf, streamSource } = analyzing;
  const confs = await readNginxConf(paths.filter(isConfiguration));
  const logs = paths.filter((path) => !isConfiguration(path) && path !== '-');
  const sources = [
    ...(await sourcesOf(logs)),
    ...(paths.includes('-') ? [streamSource(process.stdin, '-')] : []),
  ];
  const doctor = createDoctor();
  const progress = new ProgressLine(flags.quiet === true);
  const summary: Summary | undefined =
    sources.length === 0
      ? undefined
      : await analyze({
          sources,
          nginxConf: confs,
          on: (result) => doctor.add(result),
          progress: (step) => progress.show(step),
        }).finally(() => progress.clear());
  const problems = summary?.problems ?? confs.flatMap((conf) => conf.problems);
  for (const problem of problems) {
    process.stderr.write(`${problemText(problem, { color: colored('auto', process.stderr) })}\n`);
    if (flags.debug === true) process.stderr.write(`${inspect(problem)}\n`);
  }
  const diagnoses = doctor.diagnoses(summary, confs.at(-1)?.logging);
  const options = { color: colored(flags.color, process.stdout), width: reportWidth() };
  if (confs.length > 0 || diagnoses.some(({ logs }) => logs.some(({ format }) => format !== undefined))) {
    await print(
      flags.format === 'json'
        ? diagnoses.map(diagnosisLine).join('')
        : `${diagnosesText(diagnoses, options)}\n`,
    );
  }
  return problems.length > 0 ? 3 : 0;
}

/** Resolves to 3 where something is missing or too much. */
async function countersOf(folder: string, flags: DoctorFlags): Promise<number> {
  const { countersLine, countersText, readCounters } = await import('@why502/pipeline-tail');
  const counters = readCounters(folder);
  const options = { color: colored(flags.color, process.stdout), width: reportWidth() };
  await print(flags.format === 'json' ? countersLine(counters) : `${countersText(counters, options)}\n`);
  return conservations(counters).every(({ missing }) => missing === 0) ? 0 : 3;
}

/** A file that is called so, or a folder that holds one. */
function isConfiguration(path: string): boolean {
  if (/\.conf$/.test(path)) return true;
  return existsSync(join(path, 'nginx.conf')) && statSync(path).isDirectory();
}
