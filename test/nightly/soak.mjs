// `npm run soak`: a generator writes logs, a tail follows them into a store, and everything that can happen to either does: rotation,
// SIGKILL of the tail, SIGKILL of the engine, a full disk. At the end two oracles are asked: the generator, which knows what it
// wrote, and `analyze` of the same files. `npm run nightly` runs it with other settings.
import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { traffic } from '../bench/traffic.mjs';
import { randomNumbers } from '../random.mjs';
import { linesOf, plain, tally, trafficOf, verdicts } from './said.mjs';
import { slopePerHour } from './slope.mjs';

const { values } = parseArgs({
  allowNegative: true,
  options: {
    seconds: { type: 'string', default: '1200' },
    rate: { type: 'string', default: '20000' },
    rotate: { type: 'string', default: '10' },
    // How: rename, copytruncate, or pack, which is rename and gzip at once.
    by: { type: 'string', default: 'rename' },
    // Seconds between two kills, on average; 0 for none.
    kill: { type: 'string', default: '30' },
    // Seconds for which the tail is stopped, again and again, with half as many between.
    stall: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    pace: { type: 'string', default: '6' },
    failing: { type: 'string', default: '0.005' },
    engine: { type: 'boolean', default: true },
    full: { type: 'boolean', default: true },
    patience: { type: 'string', default: '60' },
    keep: { type: 'boolean', default: false },
  },
});
const [seconds, rate, rotateEvery, killEvery, pace, failing] = [
  values.seconds,
  values.rate,
  values.rotate,
  values.kill,
  values.pace,
  values.failing,
].map(Number);

const main = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'why502-soak-'));
const logs = join(folder, 'logs');
const disk = join(folder, 'disk');
const state = join(folder, 'state');
mkdirSync(logs);
mkdirSync(disk);
// A disk of its own, to be filled: only root can have one.
const hasDisk = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1g', 'tmpfs', disk]).status === 0;
const store = join(disk, 'store');

const shownDifferences = 3;

const chance = randomNumbers(Number(values.seed));
const stall = Number(values.stall);
const truth = { lines: 0, failures: 0 };
const events = { rotations: 0, kills: 0, stalls: 0, engineKills: 0, fillings: 0 };
/** What each life of the tail has said: a line that a SIGKILL cuts must not run into the first of the next. */
const said = [];
/** Memory, of each life by itself. */
const rss = [];
let tail;
let isOver = false;
let began = Date.now();
const elapsed = () => (Date.now() - began) / 1_000;

try {
  let writer = openLogs();
  startTail();
  // It follows from where the logs end when it starts, and keeps that at once.
  for (let waited = 0; !existsSync(join(state, 'checkpoint')) && waited < 300; waited++) await pause(100);
  began = Date.now();
  const chunks = traffic({ lines: seconds * rate, hours: (seconds * pace) / 3_600, failing });
  const due = {
    rotate: rotateEvery,
    kill: killEvery === 0 ? Number.POSITIVE_INFINITY : untilKill(),
    stall: stall === 0 ? Number.POSITIVE_INFINITY : stall / 2,
    go: Number.POSITIVE_INFINITY,
    engine: values.engine ? [seconds / 3, (2 * seconds) / 3] : [],
    full: values.full ? [seconds / 2] : [],
  };
  for (let chunk = chunks.next(); !chunk.done; ) {
    // As many lines as are due by the clock.
    while (!chunk.done && truth.lines < elapsed() * rate) {
      const { access, error } = chunk.value;
      writeSync(writer.access, access, null, 'latin1');
      writeSync(writer.error, error, null, 'latin1');
      count(access);
      chunk = chunks.next();
    }
    await pause(20);
    sample();
    if (elapsed() > due.rotate) {
      due.rotate += rotateEvery;
      writer = rotate(writer);
    }
    if (elapsed() > due.kill) {
      due.kill += untilKill();
      killTail();
    }
    if (elapsed() > due.stall) {
      events.stalls++;
      due.go = due.stall + stall;
      due.stall = due.go + stall / 2;
      tail.kill('SIGSTOP');
    }
    if (elapsed() > due.go) {
      due.go = Number.POSITIVE_INFINITY;
      tail.kill('SIGCONT');
    }
    if (elapsed() > (due.engine[0] ?? Number.POSITIVE_INFINITY)) {
      due.engine.shift();
      killEngine();
    }
    if (elapsed() > (due.full[0] ?? Number.POSITIVE_INFINITY)) {
      due.full.shift();
      await fillDisk();
    }
  }
  tail.kill('SIGCONT');
  console.log(`written after ${Math.round(elapsed())} s: ${truth.failures} failures`);
  // What is judged by then is compared; the rest waits for its context, as it should.
  await pause(Number(values.patience) * 1_000);
  isOver = true;
  tail.kill('SIGTERM');
  await new Promise((resolve) => tail.once('exit', resolve));
  report();
} finally {
  isOver = true;
  tail?.kill('SIGKILL');
  await pause(1_500);
  if (values.keep) console.log(`kept: ${folder}`);
  else if (hasDisk) spawnSync('umount', ['-l', disk]);
  if (!values.keep) rmSync(folder, { recursive: true, force: true });
}

function openLogs() {
  return { access: openSync(join(logs, 'access.log'), 'a'), error: openSync(join(logs, 'error.log'), 'a') };
}

function rotate(writer) {
  events.rotations++;
  const number = String(events.rotations).padStart(5, '0');
  const rotated = (name) => join(logs, `${name}.log.${number}`);
  if (values.by === 'copytruncate') {
    for (const name of ['access', 'error']) {
      copyFileSync(join(logs, `${name}.log`), rotated(name));
      ftruncateSync(writer[name]);
    }
    return writer;
  }
  for (const name of ['access', 'error']) renameSync(join(logs, `${name}.log`), rotated(name));
  const next = openLogs();
  closeSync(writer.access);
  closeSync(writer.error);
  if (values.by === 'pack')
    for (const name of ['access', 'error']) {
      writeFileSync(`${rotated(name)}.gz`, gzipSync(readFileSync(rotated(name)), { level: 1 }));
      rmSync(rotated(name));
    }
  return next;
}

/** Somewhere between half and one and a half times as long as the mean. */
function untilKill() {
  return killEvery * (0.5 + chance());
}

function count(access) {
  for (const line of access.split('\n')) {
    if (line === '') continue;
    truth.lines++;
    if (/" (\d{3}) /.exec(line)[1] >= '500') truth.failures++;
  }
}

function startTail() {
  const file = join(folder, `said-${said.length}.jsonl`);
  const out = openSync(file, 'w');
  said.push(file);
  rss.push([]);
  const errors = openSync(join(folder, 'errors.txt'), 'a');
  tail = spawn(
    process.execPath,
    [
      main,
      'tail',
      logs,
      '--from',
      'checkpoint',
      '--state',
      state,
      '--save',
      '--store',
      store,
      '--format',
      'json',
    ],
    { stdio: ['ignore', out, errors] },
  );
  closeSync(out);
  closeSync(errors);
  const mine = tail;
  mine.once('exit', (code, signal) => {
    if (isOver || mine !== tail) return;
    if (signal !== 'SIGKILL') console.log(`the tail ended by itself: ${code} ${signal}`);
    startTail();
  });
}

function killTail() {
  events.kills++;
  tail.kill('SIGKILL');
}

function killEngine() {
  const children = spawnSync('pgrep', ['-P', String(tail.pid)], { encoding: 'utf8' })
    .stdout.trim()
    .split('\n');
  for (const pid of children.filter((one) => one !== '')) {
    events.engineKills++;
    process.kill(Number(pid), 'SIGKILL');
  }
}

/** Full for five seconds. */
async function fillDisk() {
  if (!hasDisk) return;
  events.fillings++;
  const file = join(disk, 'filling');
  const filling = openSync(file, 'w');
  try {
    for (;;) writeSync(filling, Buffer.alloc(1 << 20));
  } catch {
    // There is no room left, which is what was wanted.
  }
  closeSync(filling);
  await pause(5_000);
  rmSync(file);
}

function sample() {
  try {
    const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${tail.pid}/status`, 'utf8'))?.[1];
    if (kib !== undefined) rss.at(-1).push({ at: elapsed(), mib: Number(kib) / 1_024 });
  } catch {
    // It has just been killed.
  }
}

function report() {
  const sql = (statement) =>
    spawnSync(process.execPath, [main, 'query', '--store', store, '--format', 'json', '--sql', statement], {
      encoding: 'utf8',
      maxBuffer: 1 << 30,
    })
      .stdout.trim()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  const answer = spawnSync(process.execPath, [main, 'query', '--store', store, 'top'], { encoding: 'utf8' });
  if (answer.status !== 0)
    console.log(answer.stderr, readFileSync(join(folder, 'errors.txt'), 'utf8').slice(-3_000));
  const rows = new Map(
    sql('SELECT id, cause, mechanism FROM verdicts FINAL').map(({ id, ...row }) => [id, row]),
  );
  const [raw] = sql('SELECT count() AS rows FROM verdicts');
  const stored = new Map(
    sql(
      'SELECT toUnixTimestamp(bucket) AS at, status, sum(requests) AS total FROM traffic FINAL GROUP BY at, status',
    ).map(({ at, status, total }) => [`${at} ${status}`, Number(total)]),
  );

  const analyzed = join(folder, 'analyzed.jsonl');
  spawnSync(process.execPath, [main, 'analyze', '--format', 'json', '--traffic', '--quiet', logs], {
    stdio: ['ignore', openSync(analyzed, 'w'), 'ignore'],
  });
  const all = verdicts(linesOf(analyzed));
  const finals = verdicts(linesOf(...said), true);
  // Verdicts are said in order of (time, id): up to the last one none may lack.
  const order = ({ time, id }) => `${time} ${id}`;
  const last = [...finals.values()]
    .map(({ verdict }) => order(verdict))
    .reduce((a, b) => (a > b ? a : b), '');
  const expected = new Map([...all].filter(([, { verdict }]) => order(verdict) <= last));
  let differing = 0;
  let differingInStore = 0;
  for (const [id, { line, verdict }] of expected) {
    const final = finals.get(id)?.line;
    if (final !== undefined && plain(final) !== plain(line)) {
      differing++;
      if (differing <= shownDifferences) console.log(`differs:\n  said     ${final}\n  analyzed ${line}`);
    }
    const row = rows.get(id);
    if (row !== undefined && (row.cause !== verdict.cause || row.mechanism !== (verdict.mechanism ?? '')))
      differingInStore++;
  }
  const counted = trafficOf(linesOf(analyzed));
  const judgedTo = Math.max(0, ...[...stored.keys()].map((key) => Number(key.split(' ')[0])));
  const wrong = [...counted].filter(
    ([key, total]) => Number(key.split(' ')[0]) < judgedTo && stored.get(key) !== total,
  );
  const samples = rss.flat();
  const [early, late] = [samples.slice(0, samples.length >> 1), samples.slice(samples.length >> 1)].map(mean);
  const [longest] = rss.toSorted((a, b) => b.length - a.length);
  const figures = {
    seconds: Math.round(elapsed()),
    lines: truth.lines,
    failures: truth.failures,
    ...events,
    diskFilled: hasDisk,
    readByAnalyze: [...counted.values()].reduce((sum, total) => sum + total, 0),
    foundByAnalyze: all.size,
    judged: expected.size,
    said: finals.size,
    saidTwice: finals.repeated,
    missingOnScreen: [...expected.keys()].filter((id) => !finals.has(id)).length,
    differingOnScreen: differing,
    rowsInStore: Number(raw?.rows ?? 0),
    missingInStore: [...expected.keys()].filter((id) => !rows.has(id)).length,
    surplusInStore: [...rows.keys()].filter((id) => !all.has(id)).length,
    differingInStore,
    bucketsJudged: new Set([...stored.keys()].map((key) => key.split(' ')[0])).size,
    bucketsWrong: wrong.length,
    rssMib: {
      early: Math.round(early),
      late: Math.round(late),
      most: Math.round(Math.max(...samples.map(({ mib }) => mib))),
      // Of the second half of the longest life, when all that grows at first has grown.
      slopePerHour: Math.round(slopePerHour(longest.slice(longest.length >> 1))),
    },
    errors: tally(readFileSync(join(folder, 'errors.txt'), 'utf8').match(/W502_\w+/g) ?? []),
    logs: readdirSync(logs).length,
  };
  console.log(JSON.stringify(figures, null, 2));
  const isRight =
    figures.readByAnalyze === truth.lines &&
    figures.foundByAnalyze === truth.failures &&
    figures.judged > 0 &&
    figures.rowsInStore === rows.size &&
    [
      figures.missingOnScreen,
      figures.differingOnScreen,
      figures.missingInStore,
      figures.surplusInStore,
      figures.differingInStore,
      figures.bucketsWrong,
    ].every((count) => count === 0);
  console.log(isRight ? 'nothing lost, nothing doubled' : 'WRONG');
  process.exitCode = isRight ? 0 : 1;
}

function mean(samples) {
  return samples.reduce((sum, { mib }) => sum + mib, 0) / Math.max(1, samples.length);
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
