// A tail that is started again whenever it ends, and what each of its lives said and took.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { slopePerHour } from './slope.mjs';

export class Lives {
  /** Files with what each life has said: a line that a SIGKILL cuts must not run into the first of the next. */
  said = [];
  kills = 0;
  #folder;
  #argv;
  #environment;
  /** `{at, mib}` by life. */
  #memory = [];
  #tail;
  #isOver = false;

  constructor(folder, argv, environment) {
    this.#folder = folder;
    this.#argv = argv;
    this.#environment = environment;
    this.#start();
  }

  get pid() {
    return this.#tail.pid;
  }

  get errors() {
    return readFileSync(this.#errorsFile, 'utf8');
  }

  kill() {
    this.kills++;
    this.#tail.kill('SIGKILL');
  }

  stop() {
    this.#tail.kill('SIGSTOP');
  }

  go() {
    this.#tail.kill('SIGCONT');
  }

  /** Ends it as an operator does. */
  async end() {
    this.#isOver = true;
    const ended = new Promise((resolve) => this.#tail.once('exit', resolve));
    this.#tail.kill('SIGCONT');
    this.#tail.kill('SIGTERM');
    await ended;
  }

  /** Whatever it does. */
  abandon() {
    this.#isOver = true;
    this.#tail.kill('SIGKILL');
  }

  sample(at) {
    const mib = residentMib(this.#tail.pid);
    if (mib !== undefined) this.#memory.at(-1).push({ at, mib });
  }

  /** MiB; the slope per hour is of the second half of the longest life, when all that grows at first has grown. */
  memory() {
    const samples = this.#memory.flat();
    const half = samples.length >> 1;
    const [longest] = this.#memory.toSorted((a, b) => b.length - a.length);
    return {
      early: mean(samples.slice(0, half)),
      late: mean(samples.slice(half)),
      most: Math.round(samples.reduce((most, { mib }) => Math.max(most, mib), 0)),
      slopePerHour: Math.round(slopePerHour(longest.slice(longest.length >> 1))),
    };
  }

  /** MiB at most between two times. */
  mostBetween(from, to) {
    const between = this.#memory.flat().filter(({ at }) => at >= from && at < to);
    return Math.round(between.reduce((most, { mib }) => Math.max(most, mib), 0));
  }

  get #errorsFile() {
    return join(this.#folder, 'errors.txt');
  }

  #start() {
    const file = join(this.#folder, `said-${this.said.length}.jsonl`);
    const out = openSync(file, 'w');
    const errors = openSync(this.#errorsFile, 'a');
    this.said.push(file);
    this.#memory.push([]);
    const mine = spawn(process.execPath, this.#argv, {
      stdio: ['ignore', out, errors],
      env: { ...process.env, ...this.#environment },
    });
    closeSync(out);
    closeSync(errors);
    this.#tail = mine;
    mine.once('exit', (code, signal) => {
      if (this.#isOver) return;
      if (signal !== 'SIGKILL') console.log(`the tail ended by itself: ${code} ${signal}`);
      this.#start();
    });
  }
}

function residentMib(pid) {
  try {
    const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kib === undefined ? undefined : Number(kib) / 1_024;
  } catch {
    // It has just been killed.
    return undefined;
  }
}

function mean(samples) {
  return Math.round(samples.reduce((sum, { mib }) => sum + mib, 0) / Math.max(1, samples.length));
}
