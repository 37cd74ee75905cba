import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { corpusFolder, scenarios } from './corpus.ts';
import { codeBlocks, readme } from './readme.ts';
import { rootFolder } from './workspaces.ts';

/** Runs these tests again, or installs what they need. */
const circular = /^npm (ci|test|install)\b/;

const commands = codeBlocks('sh')
  .flatMap((block) => block.split('\n'))
  .flatMap((line) => line.replace(/\s+#.*/, '').split(' && '))
  .filter((command) => command !== '' && !circular.test(command));

const folder = mkdtempSync(join(tmpdir(), 'why502-readme-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A recording in place of the reader's own logs, and a page in place of theirs. */
function withLogs(command: string): string {
  const [scenario] = scenarios();
  const [access, error] = [scenario!.extended, scenario!.error].map((path) => join(corpusFolder, path));
  const zipped = join(folder, 'access.log.2.gz');
  writeFileSync(zipped, gzipSync(readFileSync(access!)));
  const page = join(folder, 'saved.html');
  writeFileSync(page, '<html><body><h1>502 Bad Gateway</h1></body></html>');
  return command
    .replace(/\S*access\.log\.2\.gz/, zipped)
    .replace('saved.html', page)
    .replace(/(?<= )access\.log(?= |$)/, access!)
    .replace(/(?<= )error\.log(?= |$)/, error!)
    .replace('/var/log/nginx', join(access!, '..'))
    .replace('/etc/nginx/nginx.conf', join(access!, '../../nginx.conf'));
}

describe('commands of the README', () => {
  it('are found', () => {
    expect(commands.length).toBeGreaterThan(1);
  });

  it.each(commands)('%s', (command) => {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', withLogs(command)], {
      cwd: rootFolder,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(stdout).not.toBe('');
    expect(status).toBe(0);
  });
});

describe('links of the README', () => {
  const targets = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target]) => target!);

  it.each(targets)('%s is there', (target) => {
    expect(existsSync(join(rootFolder, target))).toBe(true);
  });
});
