// Starts a mechanism: `npm run new:mechanism -- tls-handshake-refused` writes its file and lists it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const folder = new URL('../packages/mechanisms/src/', import.meta.url);

const words = (process.argv[2] ?? '').split(/[-_]/);
if (!words.every((word) => /^[a-z][a-z0-9]*$/.test(word))) {
  console.error('usage: npm run new:mechanism -- name-in-lower-case');
  process.exit(2);
}
const id = words.join('_');
const file = `${words.join('-')}.ts`;
const value = words.map((word, i) => (i === 0 ? word : word[0].toUpperCase() + word.slice(1))).join('');
if (existsSync(new URL(file, folder))) {
  console.error(`packages/mechanisms/src/${file} is there already; ids are never used twice`);
  process.exit(2);
}

writeFileSync(
  new URL(file, folder),
  `import { decibans, type Mechanism, says, supports } from '@why502/model';
import { access, error } from './sample/lines.ts';

/** Say in one sentence what goes wrong. */
export const ${value}: Mechanism = {
  id: '${id}',
  cause: 'unknown',
  title: 'Say what happens, as a sentence without a full stop',
  summary: 'Say in two to five sentences what goes on inside, to someone who meets it for the first time.',
  status: 'trial',
  prior: decibans(-12),
  weigh: [supports('symptom', 20, says(), 'say what this shows')],
  needs: ['error_log'],
  remedy: [{ where: 'nginx', change: 'Say what to change', example: 'directive value;' }],
  success: 'Say how the reader will see that it worked',
  mistakenFor: [],
  references: [
    { title: 'nginx: error_log', url: 'https://nginx.org/en/docs/ngx_core_module.html#error_log' },
  ],
  cases: () => [
    {
      name: 'say the situation in which it must be named',
      access: access({ status: 502 }),
      error: error({
        message: 'the message of nginx',
        action: 'reading response header from upstream',
      }),
      expect: { is: '${id}' },
    },
    {
      name: 'say the look-alike in which it must not',
      access: access({ status: 502, took: 0.01, header: 0.01 }),
      expect: { isNot: '${id}' },
    },
  ],
};
`,
);

const index = new URL('index.ts', folder);
const lines = readFileSync(index, 'utf8').split('\n');
insertSorted(/^import \{ \w+ \} from '\.\//, `import { ${value} } from './${file}';`);
insertSorted(/^ {2}\w+,$/, `  ${value},`);
writeFileSync(index, lines.join('\n'));

/** Puts a line where it belongs among those of its kind. */
function insertSorted(kind, line) {
  const after = lines.findIndex((other) => kind.test(other) && other > line);
  lines.splice(after >= 0 ? after : lines.findLastIndex((other) => kind.test(other)) + 1, 0, line);
}

console.log(`written: packages/mechanisms/src/${file}, and its lines in index.ts

next
  1. fill in ${file}, the two cases first: sample/lines.ts says what their lines can hold
  2. npx vitest run test/mechanisms.test.ts -t ${id}
                           the first case fails until the weights are right
  3. npm run docs          writes docs/mechanisms/${id}.md
  4. npm run accuracy      shows whether a verdict moved on recordings with known causes`);
