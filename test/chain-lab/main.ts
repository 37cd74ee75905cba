// npm run chain-lab -- NAME... | --all  --out FOLDER [--seed N]
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { perform, writeRecording } from './perform.ts';
import { allScenarios } from './scenarios/all.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { all: { type: 'boolean' }, out: { type: 'string' }, seed: { type: 'string', default: '1' } },
});

const chosen = allScenarios.filter(({ name }) => values.all === true || positionals.includes(name));
const unknown = positionals.filter((name) => !allScenarios.some((one) => one.name === name));
if (unknown.length > 0) stop(`no scenario is called ${unknown.join(', ')}`);
if (chosen.length === 0 || values.out === undefined) {
  const names = allScenarios.map(({ name }) => name).join('\n  ');
  stop(`name scenarios or --all, and --out FOLDER. There are:\n  ${names}`);
}

for (const scenario of chosen) {
  const recording = await perform(scenario, Number(values.seed));
  writeRecording(join(values.out!, scenario.name), recording);
  const { requests, truth, by_mechanism, by_status } = recording.summary;
  console.log(`${scenario.name} ${JSON.stringify({ requests, truth, by_mechanism, by_status })}`);
}

function stop(message: string): never {
  console.error(`chain-lab: ${message}`);
  process.exit(2);
}
