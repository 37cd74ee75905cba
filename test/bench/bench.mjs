// `npm run bench`: CPU time and memory of the whole command on made-up logs, in pairs with mawk doing a smaller job.
// Needs GNU time (Debian package time); without mawk the comparison is left out.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const command = join(here, '..', '..', 'packages', 'cli', 'dist', 'main.js');
const time = '/usr/bin/time';
const megabyte = 1_000_000;

const cases = {
  ordinary: { lines: 2_000_000, hours: 2, failing: 0.005 },
  short: { lines: 200_000, hours: 2, failing: 0.005 },
  long: { lines: 8_000_000, hours: 8, failing: 0.005 },
  failing: { lines: 500_000, hours: 2, failing: 0.86 },
};
/** For the whole job on ordinary logs. */
const goals = { mbPerCpuSecond: 400, peakMib: 150 };

/** Requests by minute, status and peer, and the lines of all 502s: less than half of what the command does. */
const countJob = `{ status = substr($3, 2, 3); count[substr($1, index($1, "[") + 1, 17) " " status " " $14]++ }
status == 502 { print }
END { for (key in count) print key, count[key] }`;

const { values } = parseArgs({
  options: {
    case: { type: 'string', multiple: true, default: ['ordinary'] },
    pairs: { type: 'string', default: '5' },
  },
});
const pairs = Number(values.pairs);
const unknown = values.case.filter((name) => !(name in cases));
if (unknown.length > 0 || !(pairs > 0)) {
  console.error(`usage: npm run bench -- [--pairs 5] [--case ${Object.keys(cases).join('|')}]...`);
  process.exit(2);
}
if (!existsSync(time)) {
  console.error(`no ${time}: install GNU time (Debian package time)`);
  process.exit(2);
}
const hasMawk = spawnSync('mawk', ['-W', 'version']).error === undefined;
if (!hasMawk) console.log('mawk is not installed: measured without a comparison');

const results = values.case.map((name) => measure(name, cases[name]));
const day = new Date().toISOString().slice(0, 10);
const [cpu] = cpus();
const machine = `${cpu?.model ?? 'unknown'}, ${cpus().length} cores`;
const run = join(here, 'runs', `${day}-${machine.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.json`);
mkdirSync(dirname(run), { recursive: true });
const context = { day, machine, node: process.version, load: loadavg()[0]?.toFixed(1) };
writeFileSync(run, `${JSON.stringify({ ...context, goals, results }, null, 2)}\n`);

function measure(name, options) {
  const { access, error } = logs(name, options);
  const megabytes = (statSync(access).size + statSync(error).size) / megabyte;
  const runs = Array.from({ length: pairs }, () => ({
    why502: timed([process.execPath, command, 'analyze', access, error, '--format', 'json']),
    ...(hasMawk && { mawk: timed(['mawk', '-F"', countJob, access]) }),
  }));
  const result = {
    case: name,
    ...options,
    megabytes: Math.round(megabytes),
    mbPerCpuSecond: Math.round(megabytes / median(runs.map(({ why502 }) => why502.cpuSeconds))),
    peakMib: Math.max(...runs.map(({ why502 }) => why502.peakMib)),
    ...(hasMawk && {
      cpuOverMawk: median(runs.map((pair) => pair.why502.cpuSeconds / pair.mawk.cpuSeconds)),
    }),
    runs,
  };
  const compared = hasMawk ? `, ${result.cpuOverMawk.toFixed(2)} times the CPU of mawk` : '';
  console.log(
    `${name}: ${result.megabytes} MB at ${result.mbPerCpuSecond} MB/s of CPU${compared}, ${result.peakMib} MiB at most`,
  );
  return result;
}

/** Made once and kept in the folder for temporary files, since they are the same every time. */
function logs(name, { lines, hours, failing }) {
  const folder = join(tmpdir(), 'why502-bench', `${name}-${lines}-${hours}-${failing}`);
  const [access, error] = [join(folder, 'access.log'), join(folder, 'error.log')];
  if (!existsSync(access)) {
    const flags = Object.entries({ lines, hours, failing, error }).flatMap(([flag, value]) => [
      `--${flag}`,
      `${value}`,
    ]);
    const unfinished = join(folder, 'unfinished');
    mustRun(process.execPath, [join(here, 'generate.mjs'), ...flags, '--out', unfinished]);
    renameSync(unfinished, access);
  }
  return { access, error };
}

/** User and system time of the whole process, start included, and its peak memory; what it prints goes nowhere. */
function timed(argv) {
  const nowhere = openSync('/dev/null', 'w');
  const { stderr } = mustRun(time, ['-f', '%U %S %e %M', ...argv], {
    stdio: ['ignore', nowhere, 'pipe'],
    encoding: 'utf8',
  });
  const [user, system, wallSeconds, kibibytes] = stderr.trim().split('\n').at(-1).split(' ').map(Number);
  return {
    cpuSeconds: Number((user + system).toFixed(2)),
    wallSeconds,
    peakMib: Math.round(kibibytes / 1024),
  };
}

function mustRun(program, argv, options = { stdio: 'inherit' }) {
  const result = spawnSync(program, argv, options);
  if (result.status !== 0)
    throw new Error(`${program} ${argv.join(' ')} failed: ${result.stderr ?? result.error}`);
  return result;
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
