// `npm run accuracy` writes docs/accuracy.md; with the word `nginx` or `chain` only the part of the page about these
// recordings, and with --check it only says whether that is fresh.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testFolder } from '../corpus.ts';
import { replayChain, wholeChain } from './chain-replay.ts';
import { Fitting } from './left-out.ts';
import { chainLevels, nginxLevels, passedOnLevels } from './levels.ts';
import { chainPart } from './page/chain-part.ts';
import { nginxPart } from './page/nginx-part.ts';
import { replayAll } from './replay.ts';

const page = join(testFolder, '..', 'docs', 'accuracy.md');
const border = '\n<!-- From here on: `npm run accuracy -- chain`. -->\n\n';

const present = existsSync(page) ? readFileSync(page, 'utf8') : '';
const [ofNginx = '', ofChain = ''] = present.split(border);
const flags = process.argv.slice(2).filter((word) => word.startsWith('--'));
const isWanted = (part: string) => process.argv.length - flags.length < 3 || process.argv.includes(part);
const text = [
  isWanted('nginx') ? await writtenOfNginx() : ofNginx,
  isWanted('chain') ? await writtenOfChain() : ofChain,
].join(border);

if (!flags.includes('--check')) {
  writeFileSync(page, text);
} else if (present !== text) {
  console.error('docs/accuracy.md is stale: run npm run accuracy');
  process.exitCode = 1;
}

async function writtenOfNginx(): Promise<string> {
  const replays = await replayAll();
  return nginxPart(replays, new Fitting(replays, nginxLevels));
}

async function writtenOfChain(): Promise<string> {
  const replays = await replayChain();
  const whole = replays.filter(({ condition }) => condition === wholeChain);
  return chainPart(replays, new Fitting(whole, chainLevels, new Fitting(replays, passedOnLevels)));
}
