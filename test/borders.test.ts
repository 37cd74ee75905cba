import { existsSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readManifest, rootFolder, type Workspace, workspaces } from './workspaces.ts';

/** What a package may have from outside of the house; the others have nothing. */
const outside: Readonly<Record<string, readonly string[]>> = {
  why502: ['commander', 'yaml', 'zod'],
  '@why502/clickhouse': ['@clickhouse/client'],
  '@why502/dashboard': ['@hono/node-server', 'hono'],
  '@why502/engine': ['chdb', 'ffi-rs'],
  '@why502/formats': ['fzstd', 'stream-json'],
  '@why502/otel': [
    '@opentelemetry/api',
    '@opentelemetry/core',
    '@opentelemetry/exporter-logs-otlp-proto',
    '@opentelemetry/exporter-metrics-otlp-proto',
    '@opentelemetry/exporter-prometheus',
    '@opentelemetry/resources',
    '@opentelemetry/sdk-logs',
    '@opentelemetry/sdk-metrics',
  ],
  '@why502/s3': ['@aws-sdk/client-s3'],
};

/** Modules of those that are asked for by a path of their own. */
const parts: Readonly<Record<string, readonly string[]>> = {
  'stream-json': ['stream-json/core/parser.js'],
  hono: ['hono/compress', 'hono/cookie', 'hono/secure-headers', 'hono/streaming'],
  '@hono/node-server': ['@hono/node-server/serve-static'],
  chdb: ['chdb/libchdb'],
};

const all = workspaces();
const model = '@why502/model';
const pipelines = all.filter(({ path }) => path.startsWith('pipelines/')).map(({ name }) => name);
const packages = all.filter(({ path }) => path.startsWith('packages/')).map(({ name }) => name);

/** A pipeline that does what another one does, with other bytes (ADR 17). */
const buildsOn: Readonly<Record<string, readonly string[]>> = {
  '@why502/pipeline-tail': ['@why502/pipeline-analyze'],
  '@why502/pipeline-dashboard': ['@why502/pipeline-store'],
};

/** A star: all know the model, pipelines put packages together, the command knows pipelines. */
function mayKnow({ name }: Workspace): readonly string[] {
  if (name === model) return [];
  if (name === 'why502') return [model, ...pipelines];
  if (!pipelines.includes(name)) return [model];
  return [...packages.filter((other) => other !== 'why502'), ...(buildsOn[name] ?? [])];
}

it('the house has the packages that its borders were drawn for', () => {
  expect(packages).toContain(model);
  expect(packages).toContain('why502');
  expect(pipelines.length).toBeGreaterThan(0);
});

describe.each(all)('$path', (workspace) => {
  const { path, name, dependencies, peerDependencies, sources } = workspace;

  it('depends on nothing that its place in the house does not allow', () => {
    const allowed = [...mayKnow(workspace), ...(outside[name] ?? [])];
    const all = Object.keys({ ...dependencies, ...peerDependencies });
    expect(all.filter((one) => !allowed.includes(one))).toEqual([]);
  });

  it('imports only what it depends on, by the name of the package', () => {
    const known = new Set([
      ...Object.keys({ ...dependencies, ...peerDependencies }).flatMap((one) => [one, ...(parts[one] ?? [])]),
      ...builtinModules.map((module) => `node:${module}`),
    ]);
    const foreign = sources.flatMap((file) =>
      file.imports
        .filter((specifier) => !specifier.startsWith('.') && !known.has(specifier))
        .map((specifier) => `${file.path}: ${specifier}`),
    );
    expect(foreign).toEqual([]);
  });

  it('reaches no file outside of its own sources', () => {
    const leaving = sources.flatMap((file) =>
      file.imports
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => join(dirname(file.path), specifier))
        .filter((target) => !target.startsWith(join(path, 'src/')))
        .map((target) => `${file.path}: ${target}`),
    );
    expect(leaving).toEqual([]);
  });

  it('has a page that says what it does', () => {
    expect(existsSync(join(rootFolder, path, 'README.md'))).toBe(true);
  });
});

it.each(['.', 'test', ...all.map(({ path }) => path)])('%s asks for exact versions', (path) => {
  const { dependencies, devDependencies } = readManifest(path);
  const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
    // An exact version of a package under another name is one, too.
    ([, version]) => !/^(npm:[@\w/-]+@)?\d+\.\d+\.\d+$/.test(version),
  );
  expect(loose).toEqual([]);
});
