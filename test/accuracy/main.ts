// `npm run accuracy` writes docs/accuracy.md; with --check it only says whether the page is fresh. With --own it prints
// the same page about the recordings of the laboratory, and writes nothing.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testFolder } from '../corpus.ts';
import { accuracyPage, type Trial } from './page.ts';
import { conditions, replayAll } from './replay.ts';

const page = join(testFolder, '..', 'docs', 'accuracy.md');
const trials: Trial[] = [];
const own = process.argv.includes('--own');
for (const condition of conditions) {
  trials.push({ condition, replays: await replayAll(condition, own ? 'nginx-own' : 'nginx-lab') });
}
const text = accuracyPage(trials);

if (own) {
  process.stdout.write(text);
} else if (!process.argv.includes('--check')) {
  writeFileSync(page, text);
} else if (readFileSync(page, 'utf8') !== text) {
  console.error('docs/accuracy.md is stale: run npm run accuracy');
  process.exitCode = 1;
}
