// `npm run assembly`: compiles packages/formats/assembly into a module that holds the WebAssembly program as text, so that
// sources run without a build. `-- --check` says whether the module is that of the sources.
import { readFileSync, writeFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';

const source = 'packages/formats/assembly/index.ts';
const target = 'packages/formats/src/ordinary/program.ts';

const flags = ['-O3', '--converge', '--noAssert', '--enable', 'simd', '--runtime', 'stub'];
let program;
const { error, stderr } = await asc.main([source, ...flags, '--outFile', 'program.wasm'], {
  writeFile(name, contents) {
    if (name === 'program.wasm') program = contents;
  },
});
if (error) {
  console.error(`${error.message}\n${stderr.toString()}`);
  process.exit(1);
}
const lines = Buffer.from(program)
  .toString('base64')
  .match(/.{1,100}/g);
const text = `// Made of ${source} by \`npm run assembly\`.

/** A WebAssembly module in Base64. */
export const program = \`
${lines.join('\n')}
\`;
`;
const isFresh = readFileSync(target, { encoding: 'utf8', flag: 'a+' }) === text;
if (process.argv.includes('--check')) {
  console.log(`${target}: ${isFresh ? 'fresh' : 'stale, run npm run assembly'}`);
  process.exitCode = isFresh ? 0 : 1;
} else if (!isFresh) {
  writeFileSync(target, text);
  console.log(`${target}: ${program.length} bytes of program`);
}
