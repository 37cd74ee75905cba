// `npm run latency`: how long it takes from a failure that stands in the file to its first verdict on standard output, while
// lines keep coming; and what a tail costs that has nothing to read. Prints both and fails where a goal is missed.
import { spawn } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { traffic } from '../bench/traffic.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '30' },
    rate: { type: 'string', default: '5000' },
    failing: { type: 'string', default: '0.01' },
    files: { type: 'string', default: '100' },
    quiet: { type: 'string', default: '20' },
  },
});
const [seconds, rate, failing, files, quiet] = [
  values.seconds,
  values.rate,
  values.failing,
  values.files,
  values.quiet,
].map(Number);

/** ms, and share of one core. */
const goals = { p50: 100, p99: 1_000, idle: 0.02 };
/** The writer sleeps so long between two writes, ms. */
const tickMs = 10;
/** What the tail may take to start, ms. */
const startMs = 4_000;
const ticksPerSecond = 100;

const main = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'why502-latency-'));
try {
  const delays = await firstVerdicts();
  const [p50, p99, worst] = [0.5, 0.99, 1].map((share) => percentile(delays, share));
  console.log(
    `first verdict: ${delays.length} of them, p50 ${p50} ms, p99 ${p99} ms, worst ${worst} ms at ${rate} lines/s`,
  );
  const idle = await idleShare();
  console.log(`nothing to read in ${files} files: ${(100 * idle).toFixed(2)} % of a core`);
  if (p50 > goals.p50 || p99 > goals.p99 || idle > goals.idle) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}

/** ms from the write of a failure's access line to its first verdict, one for each failure. */
async function firstVerdicts() {
  const logs = join(folder, 'busy');
  mkdirSync(logs);
  const [access, error] = ['access.log', 'error.log'].map((name) => openSync(join(logs, name), 'a'));
  /** By line of the access log, when it was written. */
  const written = [0];
  const seen = new Map();
  const tail = startTail(logs, 'busy', 'start');
  createInterface({ input: tail.stdout }).on('line', (line) => {
    if (!line.startsWith('{"kind":"verdict"')) return;
    const { id, line: number } = JSON.parse(line);
    if (!seen.has(id)) seen.set(id, performance.now() - written[number]);
  });
  const lines = rate * seconds;
  const chunks = traffic({ lines, hours: seconds / 3_600, failing });
  await sleep(startMs);
  const began = performance.now();
  for (const chunk of chunks) {
    // The error line is there before the request ends.
    writeSync(error, chunk.error);
    const count = chunk.access.toString().split('\n').length - 1;
    writeSync(access, chunk.access);
    const now = performance.now();
    for (let line = 0; line < count; line++) written.push(now);
    const due = began + (1_000 * (written.length - 1)) / rate;
    if (due > now + tickMs) await sleep(due - now);
  }
  await sleep(2_000);
  await stop(tail);
  for (const file of [access, error]) closeSync(file);
  return [...seen.values()].map(Math.round).sort((a, b) => a - b);
}

/** CPU time over wall time of a tail whose files do not change. */
async function idleShare() {
  const logs = join(folder, 'idle');
  mkdirSync(logs);
  const [some] = traffic({ lines: 20, hours: 1, failing: 0 });
  for (let file = 0; file < files; file++) writeFileSync(join(logs, `site-${file}.access.log`), some.access);
  const tail = startTail(logs, 'idle', 'end');
  tail.stdout.resume();
  await sleep(startMs + 5 * files);
  const before = cpuSeconds(tail.pid);
  await sleep(1_000 * quiet);
  const share = (cpuSeconds(tail.pid) - before) / quiet;
  await stop(tail);
  return share;
}

function startTail(logs, name, from) {
  const argv = [
    main,
    'tail',
    logs,
    '--from',
    from,
    '--format',
    'json',
    '--state',
    join(folder, `${name}-state`),
  ];
  return spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function stop(tail) {
  const ended = new Promise((resolve) => tail.once('exit', resolve));
  tail.kill('SIGTERM');
  await ended;
}

/** User and system time of a process so far (proc(5): fields 14 and 15 of stat, in ticks). */
function cpuSeconds(pid) {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .split(') ')[1]
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return (user + system) / ticksPerSecond;
}

function percentile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
}
