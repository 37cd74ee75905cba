import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Case, type Outcome, parseCase, printCase } from './case-file.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');
const main = join(root, 'packages/cli/dist/main.js');

let work: string;
let path: string;

beforeAll(() => {
  const built = spawnSync(process.execPath, [join(root, 'scripts/why502.mjs'), '--version'], {
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(built.stderr);
  work = mkdtempSync(join(tmpdir(), 'why502-cases-'));
  path = join(work, 'bin');
  mkdirSync(path);
  writeFileSync(join(path, 'why502'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`);
  chmodSync(join(path, 'why502'), 0o755);
}, 120_000);

afterAll(() => rmSync(work, { recursive: true, force: true }));

describe('cases', () => {
  for (const name of readdirSync(here).filter((file) => file.endsWith('.case'))) {
    const file = join(here, name);
    const one = parseCase(readFileSync(file, 'utf8'));
    // Root may read everything.
    const skip = one.title.includes('needs a user other than root') && process.getuid?.() === 0;
    it.skipIf(skip)(name.replace('.case', ''), async () => {
      await expect(printCase(one, outcomeOf(name, one))).toMatchFileSnapshot(file);
    });
  }
});

/** The environment of a case, without what the machine says about colours and terminals. */
function environment(): NodeJS.ProcessEnv {
  const { HOME, PATH } = process.env;
  return { HOME, PATH: `${path}${delimiter}${PATH}`, LC_ALL: 'C.UTF-8' };
}

function outcomeOf(name: string, { command, files }: Case): Outcome {
  const folder = join(work, name);
  for (const [file, content] of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  }
  mkdirSync(folder, { recursive: true });
  const { status, stdout, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', command], {
    cwd: folder,
    env: environment(),
    encoding: 'utf8',
    input: '',
  });
  return { exit: status, stdout, stderr };
}

/** Loaded before the command: at its end, says on standard error how much memory it took at most. */
const peakMemory = `data:text/javascript,${encodeURIComponent(
  "process.on('exit', () => console.error('peak', process.resourceUsage().maxRSS >> 10, 'MiB'))",
)}`;

describe('a line of a gigabyte', () => {
  const line = '203.0.113.9 - - [12/Mar/2026:10:15:32 +0000] "GET /a HTTP/1.1" 200 559 "-" "curl/8.5.0"\n';

  it('is a counted fault, and takes no memory to speak of', async () => {
    const child = spawn(
      process.execPath,
      ['--import', peakMemory, main, 'analyze', '--format', 'json', '-'],
      {
        env: environment(),
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    );
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (text) => (stdout += text));
    child.stderr.on('data', (text) => (stderr += text));
    const exit = new Promise((resolve) => child.on('close', resolve));
    const letters = Buffer.alloc(1024 * 1024, 0x61);
    const send = async (bytes: Uint8Array | string) => {
      if (!child.stdin.write(bytes)) await new Promise((resolve) => child.stdin.once('drain', resolve));
    };
    await send(line.repeat(5));
    for (let part = 0; part < 1024; part++) await send(letters);
    await send(`\n${line}`);
    child.stdin.end();
    expect(await exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ requests: 6, lines: 7, faults: 1 });
    expect(Number(/peak (\d+) MiB/.exec(stderr)?.[1])).toBeLessThan(150);
  });
});
