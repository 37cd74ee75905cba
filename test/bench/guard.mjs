// CPU of the command over that of a script of an afternoon on the same 59 MB, and its peak memory, as JSON: for the test that
// watches over both. The least of three runs each is what the work itself takes.
import { fileURLToPath } from 'node:url';
import { filesOf } from './cases.mjs';
import { peers } from './peers.mjs';
import { timed } from './timed.mjs';

const command = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
const { inputs, peerFile } = filesOf('nginx', 0.08);
const script = peers.nginx.find(({ name }) => name.startsWith('node readline'));
const runs = Array.from({ length: 3 }, () => ({
  own: timed([process.execPath, command, 'analyze', ...inputs, '--format', 'json', '--jobs', '1']),
  peer: timed(script.argv(peerFile)),
}));
const least = (of) => Math.min(...runs.map((run) => of(run).cpuSeconds));
console.log(
  JSON.stringify({
    ratio: least(({ own }) => own) / least(({ peer }) => peer),
    peakMib: Math.max(...runs.map(({ own }) => own.peakMib)),
  }),
);
