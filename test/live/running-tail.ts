import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { rootFolder } from '../workspaces.ts';

/** The command, built. */
export const main = join(rootFolder, 'packages/cli/dist/main.js');

const running: ChildProcess[] = [];

/** Builds the command before the tests of a file, and ends after them what they have started. Returns a folder for them. */
export function useCommand(): () => string {
  let folder: string;
  beforeAll(() => {
    const built = spawnSync(process.execPath, [join(rootFolder, 'scripts/why502.mjs'), '--version']);
    expect(built.status).toBe(0);
    folder = mkdtempSync(join(tmpdir(), 'why502-tail-'));
  }, 120_000);
  afterAll(() => {
    for (const child of running) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  return () => folder;
}

/** Starts a tail. What it says is gathered. */
export function start(...args: readonly string[]) {
  const child = spawn(process.execPath, [main, 'tail', ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  running.push(child);
  // Who writes to one that was killed is not to die of it.
  child.stdin.on('error', () => {});
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text;
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, said, ended };
}

export async function until(holds: () => boolean, longestMs: number): Promise<void> {
  const end = performance.now() + longestMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error('it did not come about');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A line of now, of a peer that refuses or answers. */
export function accessLine(at: number, status: 200 | 502): string {
  const time = new Date().toISOString().slice(0, 19);
  const connect = status === 200 ? '0.001' : '-';
  return `{"time":"${time}+00:00","status":${status},"request":"GET /${at} HTTP/1.1","host":"shop.example","upstream_addr":"10.0.0.1:80","upstream_status":"${status}","upstream_connect_time":"${connect}","upstream_header_time":"${connect}","upstream_response_time":"0.010","request_time":0.010}\n`;
}

/** The lines of JSON that a tail has printed whole. */
export function printed(out: string): readonly Printed[] {
  return out
    .slice(0, out.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** What the tests look at of a line of JSON. */
export interface Printed {
  readonly kind: string;
  readonly id: string;
  readonly path: string | null;
  readonly final: boolean;
  readonly cause: string;
  readonly line: number;
}

/** The final verdicts, as `id cause`, sorted. */
export function finals(all: readonly Printed[]): readonly string[] {
  return all
    .filter(({ kind, final }) => kind === 'verdict' && final)
    .map(({ id, cause }) => `${id} ${cause}`)
    .sort();
}

/** What `analyze` says of the same lines. */
export function analyzed(lines: string): readonly string[] {
  const { stdout } = spawnSync(process.execPath, [main, 'analyze', '--format', 'json', '-'], {
    input: lines,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  return finals(printed(stdout));
}
