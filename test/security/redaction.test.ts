import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { redactText } from '@why502/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rootFolder } from '../workspaces.ts';
import { planted } from './planted.ts';
import { detector } from './secrets.ts';

const main = join(rootFolder, 'packages/cli/dist/main.js');
const secretsPlanted = 5_000;

let folder: string;
const logs = planted(secretsPlanted, 502);
const leaked = detector(logs.secrets);

beforeAll(() => {
  const built = spawnSync(process.execPath, [join(rootFolder, 'scripts/why502.mjs'), '--version']);
  if (built.status !== 0) throw new Error(String(built.stderr));
  folder = mkdtempSync(join(tmpdir(), 'why502-secrets-'));
  writeFileSync(join(folder, 'extended.log'), logs.extended);
  writeFileSync(join(folder, 'combined.log'), logs.combined);
  writeFileSync(join(folder, 'json.log'), logs.json);
  writeFileSync(join(folder, 'error.log'), logs.error);
  writeFileSync(join(folder, 'strange.log'), logs.extended.replaceAll(' 502 ', ' no '));
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function why502(...args: readonly string[]) {
  return command('analyze', ...args);
}

function command(...args: readonly string[]) {
  return spawnSync(process.execPath, [main, ...args], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1e9,
    timeout: 60_000,
  });
}

describe(`${secretsPlanted} secrets`, () => {
  it('are all in the logs', () => {
    const inLogs = (text: string) => leaked(text).length / secretsPlanted;
    expect(inLogs(logs.extended + logs.error)).toBe(1);
    expect(inLogs(logs.json + logs.error)).toBe(1);
    expect(inLogs(logs.combined)).toBeGreaterThan(0.7);
  });

  it.each([
    '--format json --traffic extended.log error.log',
    '--format json combined.log error.log',
    '--format json json.log',
    '--format json error.log',
    '--format report extended.log error.log',
    '--format report error.log',
    '--format md --verbose extended.log error.log',
  ])('none is shown by %s', (call) => {
    const { status, stdout, stderr } = why502(...call.split(' '));
    expect(status).toBe(0);
    expect(stdout).toMatch(/failed/);
    expect(leaked(stdout + stderr).map(({ shape, text }) => `${shape}: ${text}`)).toEqual([]);
  });

  it('none is shown by explain of the lines that it is given', () => {
    const some = [...logs.extended.split('\n'), ...logs.error.split('\n')].filter((_, i) => i % 31 === 0);
    writeFileSync(join(folder, 'pasted.log'), some.join('\n'));
    const { stdout, stderr } = command('explain', '--file', 'pasted.log');
    expect(stdout).not.toBe('');
    // It shows the message of nginx, in which a plain number or word is no secret to anyone.
    const seen = leaked(stdout + stderr).filter(({ plain }) => !plain);
    expect(seen.map(({ shape, text }) => `${shape}: ${text}`)).toEqual([]);
  });

  it('none is shown of a log that is not understood', () => {
    const { status, stdout, stderr } = why502('strange.log');
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toContain('203.0.113.9');
    expect(leaked(stderr)).toEqual([]);
  });

  // What is shown is cut, so that each line is looked at from several places on. A plain word in no place of note is
  // no secret to anyone who does not know the format.
  it.each(['', '"', 'host=', 'request: ', 'upstream: '])('none is left in a line from %j on', (from) => {
    const lines = `${logs.extended}${logs.error}`.split('\n').filter((line) => line.includes(from));
    const shown = lines.map((line) => redactText(line.slice(line.indexOf(from)))).join('\n');
    const seen = leaked(shown).filter(({ plain }) => !plain);
    expect(seen.map(({ shape, text }) => `${shape}: ${text}`)).toEqual([]);
  });
});
