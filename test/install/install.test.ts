import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { corpusFolder, scenarios } from '../corpus.ts';
import { codeBlocks } from '../readme.ts';
import { rootFolder } from '../workspaces.ts';
import { type Installation, installation } from './installation.ts';

/** Runtime packages, ours included, that an installation may bring. */
const mostPackages = 40;

const [scenario] = scenarios();

let installed: Installation;

beforeAll(() => {
  installed = installation();
  const { extended, error, json } = scenario!;
  for (const [path, name] of [
    [extended, 'access.log'],
    [error, 'error.log'],
    [json, 'access.json.log.gz'],
  ] as const) {
    copyFileSync(join(corpusFolder, path), join(installed.folder, name));
  }
}, 240_000);

afterAll(() => installed?.remove());

/** A package and all that it depends on, by name. */
function broughtBy(
  name: string,
  lock: Readonly<Record<string, { readonly dependencies?: Readonly<Record<string, string>> }>>,
): ReadonlySet<string> {
  const brought = new Set<string>();
  const waiting = [name];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (brought.has(next)) continue;
    brought.add(next);
    waiting.push(...Object.keys(lock[`node_modules/${next}`]?.dependencies ?? {}));
  }
  return brought;
}

describe('a packed package', () => {
  it('holds what was built, its sources, a readme and the license, and nothing else', () => {
    for (const archive of installed.archives) {
      const files = installed.run('tar', 'tzf', archive).stdout.trim().split('\n');
      const other = files.filter(
        (file) =>
          !/^package\/(?:(?:dist|src)\/.*\.(?:ts|js|map)|(?:questions|panels)\/[a-z]+\.sql)$/.test(file),
      );
      const schema = archive.includes('why502-model-') ? ['package/schema/result.schema.json'] : [];
      const page = archive.includes('why502-dashboard-')
        ? files.filter((file) => file.startsWith('package/dist/page/'))
        : [];
      expect(other.sort()).toEqual(
        [
          'package/LICENSE',
          'package/README.md',
          'package/package.json',
          ...schema,
          ...page.filter((file) => other.includes(file)),
        ].sort(),
      );
      expect(files.filter((file) => file.includes('.test.'))).toEqual([]);
    }
  });
});

describe('what is installed from packed packages', () => {
  it('is small', () => {
    const lock = JSON.parse(readFileSync(join(installed.folder, 'package-lock.json'), 'utf8'));
    const packages = broughtBy('why502', lock.packages);
    expect(packages).toContain('@why502/classifier');
    // They are packages of their own, which nobody gets who does not ask for them.
    for (const large of ['@why502/engine', '@why502/otel']) expect(packages).not.toContain(large);
    expect(packages.size).toBeLessThanOrEqual(mostPackages);
  });

  it('answers as the clone does', () => {
    const args = ['analyze', 'access.log', 'error.log'];
    const main = join(rootFolder, 'packages/cli/dist/main.js');
    const own = spawnSync(process.execPath, [main, ...args], { cwd: installed.folder, encoding: 'utf8' });
    expect(own.stdout).toContain('requests failed');
    const { status, stdout, stderr } = installed.run('npx', '--no', 'why502', ...args);
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: own.stdout, stderr: '' });
  });

  it('loads no package but its own, the parser of flags and at most an unpacker', () => {
    const loaded = join(installed.folder, 'loaded.txt');
    writeFileSync(join(installed.folder, 'trace.mjs'), traceInto(loaded));
    const trace = `data:text/javascript,import{register}from'node:module';register('./trace.mjs','file://${installed.folder}/')`;
    const main = join(installed.folder, 'node_modules/why502/dist/main.js');
    const { status } = installed.run(process.execPath, '--import', trace, main, 'analyze', 'access.log');
    expect(status).toBe(0);
    const packages = new Set(
      [...readFileSync(loaded, 'utf8').matchAll(/node_modules\/((?:@[^/]+\/)?[^/]+)\//g)].map(
        ([, name]) => name,
      ),
    );
    expect(packages).toContain('@why502/pipeline-analyze');
    const others = [...packages].filter((name) => name !== 'why502' && !name!.startsWith('@why502/'));
    // The one unpacks zstd where Node cannot.
    expect(others.filter((name) => name !== 'fzstd')).toEqual(['commander']);
    const heavy = [...packages].filter((name) => /clickhouse|chdb|opentelemetry|otel/.test(name!));
    expect(heavy).toEqual([]);
  });
});

describe('the library examples of the README', () => {
  const examples = codeBlocks('ts').map((code, i) => ({ name: `example-${i + 1}`, code }));

  it.each(examples)('$name runs', ({ name, code }) => {
    writeFileSync(join(installed.folder, `${name}.mjs`), code);
    const { status, stdout, stderr } = installed.run(process.execPath, `${name}.mjs`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).not.toBe('');
  });

  it('pass a strict type check, declarations of the packages included', () => {
    for (const { name, code } of examples) writeFileSync(join(installed.folder, `${name}.mts`), code);
    const options = {
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      skipLibCheck: false,
      target: 'es2023',
      module: 'nodenext',
      types: ['node'],
      typeRoots: [join(rootFolder, 'node_modules/@types')],
    };
    const files = examples.map(({ name }) => `${name}.mts`);
    writeFileSync(
      join(installed.folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: options, files }),
    );
    const compiler = join(rootFolder, 'node_modules/typescript/bin/tsc');
    const { status, stdout } = installed.run(process.execPath, compiler, '-p', '.');
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });
});

/** A module hook that writes down every module that is loaded. */
function traceInto(file: string): string {
  return `import { appendFileSync } from 'node:fs';
export async function load(url, context, next) {
  appendFileSync(${JSON.stringify(file)}, url + '\\n');
  return next(url, context);
}
`;
}
