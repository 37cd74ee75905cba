import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdir } from 'node:fs/promises';
import { createServer, Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Problem } from '@why502/model';
import { libchdbPath } from 'chdb/libchdb';
import { type Address, isThere } from './address.ts';
import { writeConfiguration } from './configuration.ts';
import { userName } from './users.ts';

/** An engine that this process started. */
export interface Engine {
  readonly address: Address;
  readonly pid: number;
  /** Resolves when it has stopped, for whatever reason. */
  readonly stopped: Promise<void>;
  stop(): Promise<void>;
}

/** It starts in a quarter of a second; a store with many parts takes longer. */
const longestStartMs = 30_000;
const betweenTriesMs = 20;

/** What the engine says before it ends, bytes kept of it. */
const keptWords = 64 * 1024;

/** The statement with which the engine begins to listen, and then waits without an end. */
const listenAndWait =
  'SYSTEM START LISTEN HTTP; SELECT sleepEachRow(0.2) FROM system.numbers SETTINGS max_execution_time = 0, max_block_size = 1, function_sleep_max_microseconds_per_block = 0 FORMAT Null';

/** What an engine says that can not have the data or its port, because another program has it. */
const saysTaken = /Cannot lock file|Address already in use/;

/**
 * Starts an engine whose data lie in the folder, which is made where it is not there and closed to other users.
 *
 * @returns undefined where another engine has the folder, or another program was faster at the port
 * @throws Problem W502_ENGINE_FAILED
 */
export async function startEngine(folder: string, password: string): Promise<Engine | undefined> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const port = await freePort();
  const address = { url: `http://127.0.0.1:${port}`, user: userName, password };
  const configuration = await writeConfiguration(folder, password);
  const child = spawn(
    process.execPath,
    [
      program(),
      libchdbPath(),
      String(port),
      `--path=${join(folder, 'data')}`,
      `--http_port=${port}`,
      '--listen-host=127.0.0.1',
      `--config-file=${configuration.file}`,
      '--query',
      listenAndWait,
    ],
    { stdio: ['pipe', 'ignore', 'pipe'], env: { ...process.env, WHY502_ENGINE_PASSWORD: password } },
  );
  const words = lastWords(child);
  const stopped = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  // A busy port is an end without a failure: whatever ends it before it answers is one.
  if (!(await answers(address, stopped))) {
    child.kill('SIGKILL');
    await stopped;
    await configuration.remove();
    if (saysTaken.test(words())) return undefined;
    throw new Problem(
      'W502_ENGINE_FAILED',
      { where: folder, excerpt: firstError(words()) },
      { cause: words() },
    );
  }
  // It does not keep this process alive by itself.
  child.unref();
  for (const stream of [child.stdin, child.stderr]) if (stream instanceof Socket) stream.unref();
  return {
    address,
    pid: child.pid!,
    stopped,
    async stop() {
      child.ref();
      child.stdin?.end();
      await stopped;
      await configuration.remove();
    },
  };
}

/** The built file, where this is a source: a process of its own is not run through what runs the tests. */
function program(): string {
  const isSource = import.meta.url.endsWith('.ts');
  return fileURLToPath(
    new URL(isSource ? '../dist/engine-process.js' : './engine-process.js', import.meta.url),
  );
}

/** Whether it answers its user, rather than ends, keeps silent, or is another program. */
async function answers(address: Address, stopped: Promise<void>): Promise<boolean> {
  let hasStopped = false;
  void stopped.then(() => {
    hasStopped = true;
  });
  const until = performance.now() + longestStartMs;
  while (!hasStopped && performance.now() < until) {
    if (await isThere(address)) return true;
    await new Promise((resolve) => setTimeout(resolve, betweenTriesMs));
  }
  return false;
}

function lastWords(child: ChildProcess): () => string {
  let words = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-keptWords);
  });
  return () => words;
}

function firstError(words: string): string {
  const line =
    words.split('\n').find((one) => one.includes('DB::Exception')) ?? words.trim().split('\n').at(-1);
  return (line ?? '').slice(0, 300);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
