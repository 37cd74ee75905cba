// What `npm run bench` measures: made-up logs, the same bytes in every run, and which peers get the same file.
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mustRun } from './timed.mjs';

const generator = fileURLToPath(new URL('generate.mjs', import.meta.url));
const million = 1_000_000;
/** Two hours, one failure in two hundred requests. */
const usual = { hours: 2, failing: 0.005, errorLog: false };

/** `peers`: of which list of `peers.mjs`; absent where none is compared. */
export const cases = {
  nginx: { ...usual, lines: 2 * million, layout: 'nginx', errorLog: true, peers: 'nginx' },
  rare: { ...usual, lines: 2 * million, layout: 'nginx', failing: 0.0005, errorLog: true },
  calm: { ...usual, lines: 2 * million, layout: 'nginx', failing: 0 },
  combined: { ...usual, lines: 2 * million, layout: 'combined', peers: 'combined' },
  alb: { ...usual, lines: million, layout: 'alb', peers: 'alb' },
  cloudflare: { ...usual, lines: million / 2, layout: 'cloudflare', peers: 'cloudflare' },
  gzip: { ...usual, lines: 2 * million, layout: 'nginx', packed: true, peers: 'gzip' },
  long: { ...usual, lines: 8 * million, hours: 8, layout: 'nginx', errorLog: true },
  outage: { ...usual, lines: million / 2, layout: 'nginx', failing: 0.86, errorLog: true },
};

/** What each case is, for the page. */
export const titles = {
  nginx: 'nginx, with its error log',
  rare: 'nginx, 0.05 % fail, with its error log',
  calm: 'nginx, nothing fails',
  combined: 'nginx `combined`',
  alb: 'ALB',
  cloudflare: 'Cloudflare',
  gzip: 'nginx, gzip',
  long: 'nginx, eight hours, with its error log',
  outage: 'nginx, 86 % fail, with its error log',
};

/**
 * The files of a case, made once and kept in the folder for temporary files.
 * @returns what analyze is given, what peers are given, and the unpacked bytes of it all
 */
export function filesOf(name, scale) {
  const { lines, hours, failing, layout, errorLog, packed } = cases[name];
  const count = Math.round(lines * scale);
  const folder = join(tmpdir(), 'why502-bench', `${layout}-${count}-${hours}-${failing}`);
  const [access, error] = [join(folder, 'access.log'), join(folder, 'error.log')];
  if (!existsSync(access)) {
    mkdirSync(folder, { recursive: true });
    const unfinished = join(folder, 'unfinished');
    const flags = Object.entries({ lines: count, hours, failing, layout, error, out: unfinished });
    mustRun(process.execPath, [generator, ...flags.flatMap(([flag, value]) => [`--${flag}`, `${value}`])]);
    renameSync(unfinished, access);
  }
  const inputs = errorLog ? [access, error] : [access];
  const bytes = inputs.reduce((sum, file) => sum + statSync(file).size, 0);
  if (!packed) return { inputs, peerFile: access, bytes };
  const archive = join(dirname(access), 'access.log.gz');
  if (!existsSync(archive)) mustRun('gzip', ['-6', '-k', access]);
  return { inputs: [archive], peerFile: archive, bytes };
}
