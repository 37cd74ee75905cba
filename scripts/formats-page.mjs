// Writes docs/formats.md from the logs of other projects. With --check it writes nothing and fails if the page is stale.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { formatsPage } from '../test/dist/formats/page.js';
import { samplesFolder } from '../test/dist/formats/samples.js';

const page = new URL('../docs/formats.md', import.meta.url);

if (samplesFolder === undefined) console.error('docs/formats.md is left as it is: WHY502_SHARED is not set');
else {
  const text = formatsPage();
  if (!process.argv.includes('--check')) writeFileSync(page, text);
  else if (!existsSync(page) || readFileSync(page, 'utf8') !== text) {
    console.error('docs/formats.md is stale: run npm run docs');
    process.exitCode = 1;
  }
}
