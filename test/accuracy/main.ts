// `npm run accuracy` writes docs/accuracy.md; with --check it only says whether the page is fresh.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testFolder } from '../corpus.ts';
import { Fitting } from './left-out.ts';
import { accuracyPage } from './page/page.ts';
import { replayAll } from './replay.ts';

const page = join(testFolder, '..', 'docs', 'accuracy.md');
const replays = await replayAll();
const text = accuracyPage(replays, new Fitting(replays));

if (!process.argv.includes('--check')) {
  writeFileSync(page, text);
} else if (readFileSync(page, 'utf8') !== text) {
  console.error('docs/accuracy.md is stale: run npm run accuracy');
  process.exitCode = 1;
}
