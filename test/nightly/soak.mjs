// `npm run soak`: a generator writes logs, a tail follows them into a store, and everything that can happen to either does: rotation,
// SIGKILL of the tail, SIGKILL of the engine, a full disk, a store that is away, refuses, or loses answers. At the end two oracles
// are asked (compare.mjs). `npm run nightly` runs it with other settings.
import { execFile, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { localStore } from '@why502/engine';
import { traffic } from '../bench/traffic.mjs';
import { randomNumbers } from '../random.mjs';
import { compare } from './compare.mjs';
import { Lives } from './lives.mjs';
import { Logs } from './logs.mjs';
import { tally } from './said.mjs';
import { refusals, wayTo } from './way.mjs';

const execute = promisify(execFile);

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
    // They come when the store has an insert and the tail does not know it yet.
    'kill-stored': { type: 'boolean', default: false },
    // Seconds for which the tail is stopped, again and again, with half as many between.
    stall: { type: 'string', default: '0' },
    // Seconds for which nobody listens at the store's address, after the first minute.
    outage: { type: 'string', default: '0' },
    // Share of inserts whose answer is lost after they are stored.
    lost: { type: 'string', default: '0' },
    // Seconds, for whose half the server refuses, again and again: it may only be read, has too many parts, lacks memory, is restarted.
    refuse: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    pace: { type: 'string', default: '6' },
    failing: { type: 'string', default: '0.005' },
    engine: { type: 'boolean', default: true },
    full: { type: 'boolean', default: true },
    patience: { type: 'string', default: '60' },
    keep: { type: 'boolean', default: false },
  },
});
const [seconds, rate, rotateEvery, killEvery, stall, outage, lost, refuseEvery, pace, failing] = [
  values.seconds,
  values.rate,
  values.rotate,
  values.kill,
  values.stall,
  values.outage,
  values.lost,
  values.refuse,
  values.pace,
  values.failing,
].map(Number);

const main = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'why502-soak-'));
const [written, disk, state] = ['logs', 'disk', 'state'].map((name) => join(folder, name));
mkdirSync(written);
mkdirSync(disk);
// A disk of its own, to be filled: only root can have one.
const hasDisk = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1g', 'tmpfs', disk]).status === 0;
const chance = randomNumbers(Number(values.seed));
const events = { stalls: 0, engineKills: 0, fillings: 0, outages: 0, refusals: 0 };

/** A store that the tail runs itself, or one of our own with a way to it that fails. */
const needsWay = outage > 0 || lost > 0 || refuseEvery > 0 || values['kill-stored'];
const own = needsWay ? localStore(join(disk, 'store')) : undefined;
const way = own && Object.assign(await wayTo(() => own.address()), { chance, lost });
const store = way ? `http://tail@127.0.0.1:${way.port}/soak` : join(disk, 'store');
/** The way knows the password. */
const environment = way ? { WHY502_CLICKHOUSE_PASSWORD: 'any' } : {};

let began = Date.now();
const elapsed = () => (Date.now() - began) / 1_000;
/** What happens: `{at, every, run}`, seconds. */
const agenda = [];
const logs = new Logs(written, values.by);
let tail;

try {
  tail = new Lives(folder, argvOfTail(), environment);
  // It follows from where the logs end when it starts, and keeps that at once.
  for (let waited = 0; !existsSync(join(state, 'checkpoint')) && waited < 300; waited++) await pause(100);
  began = Date.now();
  plan();
  const chunks = traffic({ lines: seconds * rate, hours: (seconds * pace) / 3_600, failing });
  for (let chunk = chunks.next(); !chunk.done; ) {
    // As many lines as are due by the clock.
    while (!chunk.done && logs.lines < elapsed() * rate) {
      logs.write(chunk.value);
      chunk = chunks.next();
    }
    await pause(20);
    tail.sample(elapsed());
    for (const event of agenda.filter(({ at }) => elapsed() > at)) {
      event.at = event.every === undefined ? Number.POSITIVE_INFINITY : event.at + event.every();
      await event.run();
    }
  }
  tail.go();
  if (way !== undefined) way.refusal = undefined;
  console.log(`written after ${Math.round(elapsed())} s: ${logs.failures} failures`);
  // What is judged by then is compared; the rest waits for its context, as it should.
  await pause(Number(values.patience) * 1_000);
  await tail.end();
  report(await access());
} finally {
  tail?.abandon();
  await pause(1_500);
  await way?.close().catch(() => {});
  await own?.close();
  if (values.keep) console.log(`kept: ${folder}`);
  else if (hasDisk) spawnSync('umount', ['-l', disk]);
  if (!values.keep) rmSync(folder, { recursive: true, force: true });
}

function plan() {
  const always = (every, run) => agenda.push({ at: every, every: () => every, run });
  const once = (at, run) => agenda.push({ at, run });
  always(rotateEvery, () => logs.rotate());
  if (killEvery > 0) {
    // Somewhere between half and one and a half times as long as the mean.
    const every = () => killEvery * (0.5 + chance());
    agenda.push({ at: every(), every, run: values['kill-stored'] ? killWhenStored : () => tail.kill() });
  }
  if (stall > 0) {
    const every = () => 1.5 * stall;
    agenda.push({ at: stall / 2, every, run: stopTail }, { at: 1.5 * stall, every, run: () => tail.go() });
  }
  if (values.engine) for (const part of [1 / 3, 2 / 3]) once(part * seconds, killEngine);
  if (values.full) once(seconds / 2, fillDisk);
  if (outage > 0) planOutage(once);
  if (refuseEvery > 0) {
    const ways = [...Object.values(refusals), 'restart'];
    always(refuseEvery, () => refuse(ways[events.refusals++ % ways.length]));
    agenda.push({ at: 1.5 * refuseEvery, every: () => refuseEvery, run: () => refuse(undefined) });
  }
}

function planOutage(once) {
  const from = 60;
  once(from, async () => {
    events.outages++;
    await way.close();
  });
  once(from + outage, async () => {
    events.memoryBefore = tail.mostBetween(0, from);
    events.memoryWhileAway = tail.mostBetween(from, from + outage);
    events.waitingThen = await waiting();
    await way.open();
    void caughtUp(elapsed());
  });
}

/** How long it takes until no more results wait for the store than come anew. */
async function caughtUp(since) {
  const few = 1_000;
  for (let asked = 0; asked < 600 && (await waiting()) > few; asked++) await pause(500);
  events.caughtUpAfterSeconds = Number((elapsed() - since).toFixed(1));
}

/** Results that the tail has and the store has not. */
async function waiting() {
  const argv = [main, 'doctor', '--counters', state, '--format', 'json'];
  const { stdout } = await execute(process.execPath, argv).catch((error) => error);
  const { sums } = JSON.parse(stdout);
  return Math.max(0, ...sums.map(({ parts }) => parts.waiting ?? 0));
}

function argvOfTail() {
  const following = ['tail', written, '--from', 'checkpoint', '--state', state];
  return [main, ...following, '--save', '--store', store, '--format', 'json'];
}

function killWhenStored() {
  way.onStored = () => tail.kill();
}

function stopTail() {
  events.stalls++;
  tail.stop();
}

async function refuse(how) {
  if (how === 'restart') {
    events.engineKills++;
    await own.close();
  } else way.refusal = how;
}

/** As soon as there is one: the tail may have been killed just before. */
function killEngine() {
  const parent = own === undefined ? tail.pid : process.pid;
  const found = spawnSync('pgrep', ['-P', String(parent), '-f', 'engine-process'], { encoding: 'utf8' });
  const pids = found.stdout.split('\n').filter((one) => one !== '');
  for (const pid of pids) {
    events.engineKills++;
    process.kill(Number(pid), 'SIGKILL');
  }
  if (pids.length === 0) agenda.push({ at: elapsed() + 1, run: killEngine });
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

/** For who asks, straight to the store. */
async function access() {
  if (own === undefined) return { store, environment };
  const { url, user, password } = await own.address();
  const { host } = new URL(url);
  return { store: `http://${user}@${host}/soak`, environment: { WHY502_CLICKHOUSE_PASSWORD: password } };
}

function report(access) {
  const analyzed = join(folder, 'analyzed.jsonl');
  const ran = { main, logs: written, analyzed, ...access, said: tail.said };
  const { figures, isRight } = compare(ran, logs);
  const all = {
    seconds: Math.round(elapsed()),
    lines: logs.lines,
    failures: logs.failures,
    rotations: logs.rotations,
    kills: tail.kills,
    ...events,
    ...way?.counts,
    diskFilled: hasDisk,
    ...figures,
    rssMib: tail.memory(),
    errors: tally(tail.errors.match(/W502_\w+/g) ?? []),
    files: readdirSync(written).length,
  };
  console.log(JSON.stringify(all, null, 2));
  console.log(isRight ? 'nothing lost, nothing doubled' : `WRONG\n${tail.errors.slice(-2_000)}`);
  process.exitCode = isRight ? 0 : 1;
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
