import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  causes,
  durationBoundsMs,
  millis,
  Problem,
  probability,
  problems,
  type Result,
  type Summary,
} from '@why502/model';
import { analyze, fileSource } from '@why502/pipeline-analyze';
import { resultLine, summaryLine } from '@why502/report';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { corpusFolder, scenarios } from '../corpus.ts';
import { incident, summary, trafficRow, verdict } from './results.ts';

interface Schema {
  readonly $defs: Readonly<Record<string, ObjectSchema>>;
}
interface ObjectSchema {
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<
    Record<string, { readonly description?: string; readonly minItems?: number }>
  >;
}

const schema: Schema = createRequire(import.meta.url)('@why502/model/result.schema.json');
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(schema);

const bare = verdict({
  rows: [],
  status: undefined,
  method: undefined,
  host: undefined,
  path: undefined,
  upstream: undefined,
  peer: undefined,
  duration: undefined,
  mechanism: undefined,
  cause: 'unknown',
  decision: 'unexplained',
  candidates: [],
  evidence: [],
  remedy: [],
  wouldSettle: [{ field: 'error_log', text: 'says whether the connection was refused' }],
  incident: undefined,
  ruleset: undefined,
});

const lines: Readonly<Record<string, string>> = {
  'a verdict': resultLine({ kind: 'verdict', verdict: verdict() }),
  'a verdict of which nothing is known': resultLine({ kind: 'verdict', verdict: bare }),
  'a verdict within a trace': resultLine({
    kind: 'verdict',
    verdict: verdict({ trace: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) } }),
  }),
  'an incident': resultLine({ kind: 'incident', incident: incident() }),
  'an incident without a mechanism': resultLine({
    kind: 'incident',
    incident: incident({ mechanism: undefined, upstream: undefined, remedy: [], success: '' }),
  }),
  'a row of traffic': resultLine({ kind: 'traffic', rows: [trafficRow()] }),
  'a summary': summaryLine(summary()),
  'a summary of a run that read nothing': summaryLine(
    summary({
      from: undefined,
      to: undefined,
      files: [
        {
          file: 'photo.jpg',
          format: undefined,
          source: undefined,
          sureness: undefined,
          lines: 0,
          faults: 0,
          faultSamples: [],
          unescaped: false,
          readInstead: undefined,
        },
      ],
      problems: [new Problem('W502_BINARY', { where: 'photo.jpg' })],
    }),
  ),
};

describe('the JSON contract', () => {
  test.each(Object.keys(lines))('%s is valid', (name) => {
    const valid = validate(JSON.parse(lines[name] ?? ''));
    expect(validate.errors ?? []).toEqual([]);
    expect(valid).toBe(true);
  });

  test.each(Object.keys(lines))('%s holds every key of its kind in the order of the schema', (name) => {
    const object: { readonly kind: string } = JSON.parse(lines[name] ?? '');
    expect(Object.keys(object)).toEqual(Object.keys(schema.$defs[object.kind]?.properties ?? {}));
  });

  test.each(scenarios())('every line about the recording $name is valid', async ({ extended, error }) => {
    const told: string[] = [];
    const summary = await analyze({
      sources: [extended, error].map((path) => fileSource(join(corpusFolder, path), path)),
      traffic: true,
      on: (result) => told.push(...resultLine(result).split('\n')),
    });
    expect(told).not.toEqual([]);
    for (const line of [...told, summaryLine(summary)]) {
      expect(validate(JSON.parse(line)), `${line}\n${JSON.stringify(validate.errors)}`).toBe(true);
    }
  });

  test('an object with a key too many or one too few is refused', () => {
    const object = JSON.parse(lines['a verdict'] ?? '');
    expect(validate({ ...object, extra: 1 })).toBe(false);
    delete object.merged_into;
    expect(validate(object)).toBe(false);
  });

  test('every kind and every field is described', () => {
    const undescribed = Object.entries(schema.$defs).flatMap(([name, { description, properties }]) => [
      ...(description ? [] : [name]),
      ...Object.entries(properties ?? {}).flatMap(([key, field]) =>
        field.description ? [] : [`${name}.${key}`],
      ),
    ]);
    expect(undescribed).toEqual([]);
  });

  test('every property is required, since absence is null', () => {
    for (const { properties, required } of Object.values(schema.$defs)) {
      expect(required ?? []).toEqual(Object.keys(properties ?? {}));
    }
  });

  test('the closed lists are those of the model', () => {
    expect(schema.$defs.cause?.enum).toEqual(causes);
    expect(schema.$defs.traffic?.properties?.duration_counts?.minItems).toBe(durationBoundsMs.length + 1);
  });

  test('docs/schema.md says what the schema says', () => {
    const script = fileURLToPath(new URL('../../scripts/schema-page.mjs', import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  test('every problem fits the summary', () => {
    for (const code of Object.keys(problems) as (keyof typeof problems)[]) {
      const line = summaryLine(summary({ problems: [new Problem(code)] }));
      expect(validate(JSON.parse(line)), code).toBe(true);
    }
  });
});

test('a batch of traffic is one line per row', () => {
  const batch: Result = { kind: 'traffic', rows: [trafficRow(), trafficRow({ peer: undefined })] };
  const [first, second, ...more] = resultLine(batch)
    .split('\n')
    .map((line): { peer: unknown } => JSON.parse(line));
  expect([first?.peer, second?.peer, more.length]).toEqual(['10.0.0.8:8080', null, 0]);
});

test('an excerpt of a log never leaves with the summary', () => {
  const told: Summary = summary({ problems: [new Problem('W502_FORMAT_UNKNOWN', { excerpt: 'secret=1' })] });
  expect(summaryLine(told)).not.toContain('secret');
});

test('a verdict is written under its public names, in the order of the contract', () => {
  expect(resultLine({ kind: 'verdict', verdict: verdict() })).toBe(
    '{"kind":"verdict","id":"v1","revision":1,"final":true,"time":"2026-11-23T07:24:51.204Z","source":"nginx",' +
      '"file":"access.log","line":1043,"request_id":null,"trace_id":null,"span_id":null,"status":502,"method":"GET","host":"api.example.com",' +
      '"path":"/v1/orders?customer=***","upstream":"orders","peer":"10.0.0.7:8080","duration_ms":12,' +
      '"rows":[{"source":"nginx","file":"access.log","line":1043},' +
      '{"source":"nginx_error","file":"error.log","line":7}],"merged_into":null,"outcome":"failed",' +
      '"generator":"proxy","hop":"nginx","decision":"attributed","cause":"upstream_fault",' +
      '"mechanism":"process_down","confidence":0.94,"mechanism_confidence":0.9,"certainty":"direct",' +
      '"candidates":[{"cause":"network","mechanism":"firewall_reject","confidence":0.04}],' +
      '"evidence":[{"fact":"connect_refused","weight_db":40,"text":"nginx was refused the connection",' +
      '"file":"error.log","line":7},' +
      '{"fact":"peer_record","weight_db":6,"text":"the peer answered nothing for 11 s","file":null,"line":null}],' +
      '"primary":null,"remedy":[' +
      '{"where":"upstream","change":"Start the process and keep it running","example":"systemctl status orders"},' +
      '{"where":"nginx","change":"Give the group a second peer","example":null}],' +
      '"would_settle":[],"incident":"i1","ruleset":"0123456789ab"}',
  );
});

test('numbers are rounded to what was measured', () => {
  const line = resultLine({
    kind: 'verdict',
    verdict: verdict({ confidence: probability(2 / 3), duration: millis(0.1 + 0.2) }),
  });
  expect(line).toContain('"confidence":0.667,');
  expect(line).toContain('"duration_ms":0.3,');
});

test('a fault stands at its column counted from one', () => {
  expect(summaryLine(summary())).toContain(
    '"fault_samples":[{"file":"logs/error.log","line":12,"column":5,"reason":"bad_time"}]',
  );
});

test('controls of a terminal stay visible text even after the line was parsed', () => {
  const hostile = 'a\u001b[31m\u009b2J\u007f\u202e\u0000';
  const line = resultLine({ kind: 'incident', incident: incident({ upstream: hostile }) });
  const { upstream }: { upstream: string } = JSON.parse(line);
  expect(upstream).toBe('a\\u{1b}[31m\\u{9b}2J\\u{7f}\\u{202e}\\u{0}');
});
