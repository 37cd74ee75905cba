import { describe, expect, test } from 'vitest';
import type { Expected } from './expected.ts';
import { albDisagreements, albTable } from './expected-alb.ts';
import { cloudflareDisagreements, cloudflareTable } from './expected-cloudflare.ts';
import { nginxDisagreements, nginxTable } from './expected-nginx.ts';
import { expectedBy } from './origins.ts';
import { type Reading, readSample, sampleBytes, sampleNames, samplesFolder } from './samples.ts';
import { type Values, valuesOf } from './values.ts';

/** By the file's name in INDEX.md, whose oddities it follows. */
const table: Readonly<Record<string, Expected>> = { ...nginxTable, ...albTable, ...cloudflareTable };

const disagreements = [...nginxDisagreements, ...albDisagreements, ...cloudflareDisagreements];

describe.skipIf(samplesFolder === undefined)('logs of other projects (needs WHY502_SHARED)', () => {
  test('are all in the table', () => {
    expect(sampleNames().map(fileOf).sort()).toEqual(Object.keys(table).sort());
  });

  test('hold as many failures as INDEX.md counts', () => {
    const counts: Record<string, number> = {};
    for (const { failed = {} } of Object.values(table)) {
      for (const [status, count] of Object.entries(failed)) counts[status] = (counts[status] ?? 0) + count;
    }
    expect(counts).toEqual({ 500: 6, 502: 6, 503: 14, 504: 3 });
  });

  for (const name of sampleNames()) {
    const file = fileOf(name);
    test(`${file} is read as the table says`, () => {
      const reading = readSample(sampleBytes(name));
      expect(summaryOf(reading)).toEqual({
        requests: 0,
        errors: 0,
        goOn: 0,
        strange: [],
        failed: {},
        ...table[file],
      });
    });

    test(`${file} is read as its own project reads it`, () => {
      const expected = expectedBy(name);
      const seen: string[] = [];
      for (const record of readSample(sampleBytes(name)).records) {
        const theirs = expected.get(record.row.line) ?? {};
        seen.push(...differences(valuesOf(record), theirs).map((key) => `${record.row.line} ${key}`));
      }
      const known = disagreements.filter((one) => one.file === file);
      const accepted = known.flatMap(({ key, lines }) =>
        (lines === 'all' ? [...expected.keys()] : lines).map((line) => `${line} ${key}`),
      );
      expect(seen.sort()).toEqual(accepted.sort());
    });
  }

  test('are compared in some hundred values', () => {
    const compared = sampleNames().flatMap((name) => [...expectedBy(name).values()].flatMap(Object.keys));
    expect(compared.length).toBeGreaterThan(500);
  });
});

function fileOf(name: string): string {
  const file = name.split('/').at(-1) ?? '';
  // Three projects have one of these names.
  return /^(error|access)\.log$/.test(file) && !name.includes('aasaam')
    ? name.split('/').slice(-2).join('/')
    : file;
}

function summaryOf({ format, records, strange, setAside }: Reading) {
  const requests = records.filter((record) => record.kind === 'request');
  const failed: Record<string, number> = {};
  for (const { status } of requests) if (status >= 500) failed[status] = (failed[status] ?? 0) + 1;
  return {
    format: format.replace(/^nginx /, ''),
    requests: requests.length,
    errors: records.length - requests.length,
    goOn: setAside.length,
    strange,
    failed,
  };
}

function differences(ours: Values, theirs: Values): string[] {
  return Object.entries(theirs).flatMap(([key, value]) => (ours[key] === value ? [] : [key]));
}
