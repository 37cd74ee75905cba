// `npm run bench`: CPU time, wall time and memory of the whole command on made-up logs, in turn with programs that do a part of
// the work. Writes the part of docs/performance.md between its marks, and the single runs into test/bench/runs. Needs GNU
// time (Debian package time); peers that are not installed are left out by name.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cases, filesOf } from './cases.mjs';
import { page } from './page.mjs';
import { peers, versionOf } from './peers.mjs';
import { median, time, timed } from './timed.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const command = join(here, '..', '..', 'packages', 'cli', 'dist', 'main.js');
const document = join(here, '..', '..', 'docs', 'performance.md');

const { values } = parseArgs({
  options: {
    case: { type: 'string', multiple: true, default: Object.keys(cases) },
    pairs: { type: 'string', default: '5' },
    scale: { type: 'string', default: '1' },
  },
});
const [pairs, scale] = [values.pairs, values.scale].map(Number);
const unknown = values.case.filter((name) => !(name in cases));
if (unknown.length > 0 || !(pairs > 0) || !(scale > 0)) {
  console.error(
    `usage: npm run bench -- [--pairs 5] [--scale 1] [--case ${Object.keys(cases).join('|')}]...`,
  );
  process.exit(2);
}
if (!existsSync(time)) {
  console.error(`no ${time}: install GNU time (Debian package time)`);
  process.exit(2);
}

const results = values.case.map(measure);
const [cpu] = cpus();
const machine = `${cpu?.model ?? 'unknown'}, ${cpus().length} cores`;
const context = {
  day: new Date().toISOString().slice(0, 10),
  machine,
  node: process.version,
  load: loadavg()[0]?.toFixed(1),
  pairs,
  scale,
};
const run = join(here, 'runs', `${context.day}-${machine.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.json`);
mkdirSync(dirname(run), { recursive: true });
writeFileSync(run, `${JSON.stringify({ ...context, results }, null, 1)}\n`);
// A part of it, or less of it, is no figure for the page.
if (scale === 1 && values.case.length === Object.keys(cases).length) {
  const [before, rest] = readFileSync(document, 'utf8').split('<!-- npm run bench -->\n');
  const [, after] = rest.split('<!-- end of npm run bench -->\n');
  const part = page({ ...context, results });
  writeFileSync(document, `${before}<!-- npm run bench -->\n${part}<!-- end of npm run bench -->\n${after}`);
}

function measure(name) {
  const { inputs, peerFile, bytes } = filesOf(name, scale);
  const analyze = (jobs) =>
    timed([process.execPath, command, 'analyze', ...inputs, '--format', 'json', '--jobs', `${jobs}`]);
  const own = [];
  const jobs = [];
  const compared = (peers[cases[name].peers] ?? []).flatMap((peer) => {
    const version = versionOf(peer);
    if (version === undefined) console.log(`${name}: without ${peer.name} (Debian package ${peer.debian})`);
    return version === undefined ? [] : { name: peer.name, does: peer.does, version, peer, runs: [] };
  });
  for (let pair = 0; pair < pairs; pair++) {
    const ours = analyze(1);
    own.push(ours);
    if (name === 'nginx') jobs.push({ one: ours, two: analyze(2) });
    for (const { peer, runs } of compared) {
      if (peer.once === true && pair > 0) continue;
      runs.push({ own: ours, peer: timed(peer.argv(peerFile)) });
    }
  }
  const megabytes = bytes / 1_000_000;
  const cpuSeconds = median(own.map((one) => one.cpuSeconds));
  const peakMib = Math.max(...own.map((one) => one.peakMib));
  console.log(
    `${name}: ${megabytes.toFixed(0)} MB at ${(megabytes / cpuSeconds).toFixed(0)} MB/s of CPU, ${peakMib} MiB`,
  );
  return {
    name,
    megabytes,
    lines: Math.round(cases[name].lines * scale),
    cpuSeconds,
    userSeconds: median(own.map((one) => one.userSeconds)),
    wallSeconds: median(own.map((one) => one.wallSeconds)),
    peakMib,
    jobs:
      jobs.length === 0
        ? undefined
        : {
            wall: median(jobs.map(({ one, two }) => two.wallSeconds / one.wallSeconds)),
            cpu: median(jobs.map(({ one, two }) => two.cpuSeconds / one.cpuSeconds)),
            peakMib: Math.max(...jobs.map(({ two }) => two.peakMib)),
          },
    peers: compared.map((one) => told(name, one)),
    runs: own,
  };
}

/** Ratios pair by pair: what the machine did otherwise meanwhile it did to both. */
function told(name, { name: peer, does, version, runs }) {
  const cpu = median(runs.map((pair) => pair.own.cpuSeconds / pair.peer.cpuSeconds));
  console.log(`${name}: ${cpu.toFixed(2)} times the CPU of ${peer}`);
  return {
    name: peer,
    does,
    version,
    cpuSeconds: median(runs.map((pair) => pair.peer.cpuSeconds)),
    wallSeconds: median(runs.map((pair) => pair.peer.wallSeconds)),
    peakMib: Math.max(...runs.map((pair) => pair.peer.peakMib)),
    cpu,
    wall: median(runs.map((pair) => pair.own.wallSeconds / pair.peer.wallSeconds)),
    runs: runs.map((pair) => pair.peer),
  };
}
