// npm run lab -- NAME... | --all  --out FOLDER [--seed N] [--jobs N]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { perform } from './perform.ts';
import { installMissing, missing } from './requirements.ts';
import type { Scenario } from './scenario.ts';
import { allScenarios } from './scenarios/all.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    all: { type: 'boolean' },
    out: { type: 'string' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '3' },
  },
});

const chosen = allScenarios.filter(({ name }) => values.all === true || positionals.includes(name));
const unknown = positionals.filter((name) => !allScenarios.some((one) => one.name === name));
if (unknown.length > 0) stop(`no scenario is called ${unknown.join(', ')}`);
if (chosen.length === 0 || values.out === undefined) {
  stop(
    `name scenarios or --all, and --out FOLDER. There are:\n  ${allScenarios.map(({ name }) => name).join('\n  ')}`,
  );
}

installMissing();
const lacks = missing();
if (lacks !== undefined) stop(`the laboratory needs ${lacks}`);

const out = values.out!;
const queue = [...chosen];
if (chosen.length === 1) await one(chosen[0]!);
else await Promise.all(Array.from({ length: Number(values.jobs) }, work));

/** Each scenario in a process of its own, so that none waits while another does something. */
async function work(): Promise<void> {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const options = ['--out', out, '--seed', values.seed];
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url), next.name, ...options], {
      stdio: 'inherit',
    });
    const [status] = await once(child, 'exit');
    if (status !== 0) process.exitCode = 1;
  }
}

async function one(scenario: Scenario): Promise<void> {
  try {
    const counts = await perform(scenario, join(out, scenario.name), `w${process.pid}`, Number(values.seed));
    console.log(`${scenario.name} ${JSON.stringify(counts)}`);
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  }
}

function stop(message: string): void {
  console.error(`lab: ${message}`);
  process.exit(2);
}
