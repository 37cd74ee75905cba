// `npm run nightly [R2 R3 R4 C2 …]`: the soak with the settings of tests that are too long for every commit. `--shorter 10` takes a tenth
// of the time of each. Ends with 1 where one lost or doubled anything.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const tests = {
  R2: {
    what: 'rotation by renaming every 2 s, 50 kills',
    seconds: 600,
    args: ['--rotate', '2', '--kill', '12'],
  },
  R3: {
    what: 'rotation by copying and truncating every 2 s, 50 kills',
    seconds: 600,
    args: ['--rotate', '2', '--kill', '12', '--by', 'copytruncate'],
  },
  R4: {
    what: 'rotated files packed at once, the tail stopped for 12 s of 18, so that it is 6 rotations behind',
    seconds: 600,
    args: ['--rotate', '2', '--kill', '0', '--by', 'pack', '--stall', '12'],
  },
  // What a restart reads again is a matter of the logs' time: at this pace it is 340,000 lines.
  C2: { what: '200 kills', seconds: 600, args: ['--kill', '3', '--pace', '60'] },
  C3: {
    what: 'half an hour without the store',
    seconds: 2_040,
    args: (seconds) => ['--kill', '0', '--outage', String(seconds - 240), '--patience', '180'],
  },
  K1: { what: 'the answer to every fifth insert lost', seconds: 300, args: ['--kill', '0', '--lost', '0.2'] },
  K2: {
    what: 'a hundred kills between an insert and its answer',
    seconds: 600,
    args: ['--kill', '6', '--kill-stored', '--pace', '60'],
  },
  K3: {
    what: 'a store that may only be read, has too many parts, lacks memory, is restarted, ten of every twenty seconds',
    seconds: 300,
    args: ['--kill', '0', '--refuse', '20'],
  },
  memory: {
    what: 'rotation every 10 s and nothing else, so that memory has the time to grow',
    seconds: 900,
    args: ['--kill', '0'],
  },
  soak: {
    what: 'rotation every 10 s, a kill every 30 s, the engine killed twice, the disk full once',
    seconds: 1_200,
    args: ['--engine', '--full'],
  },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    shorter: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Date.now() % 1e6) },
  },
});
const soak = fileURLToPath(new URL('soak.mjs', import.meta.url));
const asked = positionals.length === 0 ? Object.keys(tests) : positionals;
for (const name of asked) {
  const test = tests[name];
  if (test === undefined)
    throw new Error(`${name}: no such test; there are ${Object.keys(tests).join(', ')}`);
  const seconds = Math.round(test.seconds / Number(values.shorter));
  const args = [
    '--seconds',
    String(seconds),
    '--seed',
    values.seed,
    '--no-engine',
    '--no-full',
    ...(typeof test.args === 'function' ? test.args(seconds) : test.args),
  ];
  console.log(`${name}: ${test.what}, ${seconds} s, seed ${values.seed}`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [soak, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  console.log(`${stdout}${stderr}`);
  if (status !== 0) process.exitCode = 1;
}
