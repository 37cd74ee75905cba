import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { columns, type Fault, type LogRecord, type RequestRecord } from '@why502/model';
import { describe, expect, test } from 'vitest';
import { createNames, recognise } from '../src/index.ts';

/** Lines of one file that are no lines of nginx. */
const strangers: Readonly<Record<string, number>> = { 'bookstack-logs.log': 1 };

const shared = process.env.WHY502_SHARED;

describe.skipIf(shared === undefined)('samples of other projects (needs WHY502_SHARED)', () => {
  const root = join(shared ?? '', 'corpus', 'formats');
  const files = ['nginx-access', 'nginx-error'].flatMap((folder) =>
    shared === undefined
      ? []
      : readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
          .filter((name) => /\.log$|_log\.\d$/.test(name))
          .map((name) => join(root, folder, name)),
  );

  for (const file of files) {
    const name = file.split('/').at(-1) ?? '';
    test(`${name} is recognised, and all its lines but ${strangers[name] ?? 0} are read`, () => {
      const { records, faults } = recordsOf(file);
      expect(faults.count, JSON.stringify(faults.samples)).toBe(strangers[name] ?? 0);
      const expected = expectedBy(file);
      for (const record of records) {
        const values = expected.get(record.row.line - 1);
        if (values !== undefined) expect(asTheySee(record), name).toMatchObject(values);
      }
    });
  }
});

type Values = Record<string, string>;

/** What the project itself expects of each line, by its 0-based number: CrowdSec's `…parser.assert`. */
function expectedBy(file: string): Map<number, Values> {
  const found = new Map<number, Values>();
  let text = '';
  try {
    text = readFileSync(file.replace(/\.log$/, '.parser.assert'), 'utf8');
  } catch {
    return found;
  }
  // Its numbers are those of the records that a parser accepted; only where it accepted all are they line numbers.
  const known =
    /"s01-parse"\]\["crowdsecurity\/nginx-logs"\]\[(\d+)\]\.Evt\.Parsed\["(status|remote_addr|cid|pid|loglevel)"\] == "(.*)"$/gm;
  for (const [, line = '', key = '', value = ''] of text.matchAll(known)) {
    if (value === '') continue;
    const values = found.get(Number(line)) ?? {};
    values[key] = value;
    found.set(Number(line), values);
  }
  return found;
}

function asTheySee(record: LogRecord): Values {
  const seen =
    record.kind === 'request'
      ? { status: String(record.status).padStart(3, '0'), remote_addr: record.client }
      : {
          remote_addr: record.client,
          cid: record.connection,
          pid: String(record.pid),
          loglevel: record.level,
        };
  return Object.fromEntries(
    Object.entries(seen).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

test.skipIf(shared === undefined)('Datadog sees the same in lines of nginx and ingress-nginx', () => {
  const folder = join(shared ?? '', 'corpus/formats/nginx-access/DataDog__integrations-core');
  for (const name of ['nginx_tests.access', 'nginx-ingress-controller_tests']) {
    const expected = readFileSync(join(folder, `${name}.expected.ndjson`), 'utf8')
      .trim()
      .split('\n');
    const { records } = recordsOf(join(folder, `${name}.samples.log`));
    for (const record of records as RequestRecord[]) {
      const theirs = JSON.parse(expected[record.row.line - 1] ?? '{}') as Record<string, unknown>;
      expect(record.status).toBe(theirs['http.status_code']);
      expect(record.client).toBe(theirs['network.client.ip']);
      expect(record.method).toBe(theirs['http.method']);
      expect(record.end).toBe(theirs.date_access);
      const nanoseconds = theirs.duration_ns;
      if (typeof nanoseconds === 'number' && record.duration !== undefined) {
        expect(record.duration).toBeCloseTo(nanoseconds / 1e6, 3);
      }
    }
  }
});

function recordsOf(file: string): {
  records: LogRecord[];
  faults: { count: number; samples: readonly Fault[] };
} {
  const bytes = readFileSync(file);
  const found = recognise(bytes);
  if (found === undefined) throw new Error(`not recognised: ${file}`);
  const decoder = found.format.decoder('f', createNames());
  const rows = columns(2_000);
  decoder.scan(bytes, 0, bytes.length, true, rows);
  const records = Array.from({ length: rows.count }, (_, row) =>
    decoder.read(bytes, rows.from[row]!, rows.to[row]!, rows.line[row]!),
  ).filter((record) => 'kind' in record);
  return { records, faults: decoder.faults };
}
