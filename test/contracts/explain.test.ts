import { createRequire } from 'node:module';
import { configurationOfText } from '@why502/formats';
import type { Counters, Diagnosis } from '@why502/model';
import { storyLines, tellStory } from '@why502/pipeline-analyze';
import { createDoctor, diagnosisLine, diagnosisText } from '@why502/pipeline-doctor';
import {
  explain,
  explainPage,
  explanationLines,
  explanationText,
  mechanismLine,
  mechanisms,
  mechanismText,
} from '@why502/pipeline-explain';
import { countersLine, countersText } from '@why502/pipeline-tail';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';

const schema = createRequire(import.meta.url)('@why502/model/result.schema.json');
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(schema);

const message = 'upstream sent too big header while reading response header from upstream';
const context = (field: string) =>
  `client: 192.0.2.1, server: shop, request: "GET /a${field} HTTP/1.1", upstream: "http://192.0.2.8:9000/a${field}", host: "shop${field}"`;
const errorLine = `2026/11/23 06:58:59 [error] 12#34: *43 ${message}, ${context('')}`;
const accessLine = '192.0.2.1 - - [23/Nov/2026:06:58:59 +0000] "GET /a HTTP/1.1" 502 157 "-" "curl/8.5.0"';
const options = { color: false, width: 100, mechanisms };

describe('explain as JSON', () => {
  const pastes = {
    'an error line': errorLine,
    'an error line without date': message,
    'an access line': accessLine,
    'both lines of a request': `${errorLine}\n${accessLine}`,
    'a status': '502',
    'a line that nobody knows': '2026/11/23 06:58:59 [error] 12#34: *43 something new',
  };

  test.each(Object.entries(pastes))('%s is one object of the contract', (_, text) => {
    const lines = explanationLines(explain({ text })).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines).toHaveLength(1);
    const object = JSON.parse(lines[0]!);
    expect(validate(object), JSON.stringify(validate.errors)).toBe(true);
    expect(object).toMatchObject({ kind: 'verdict', file: '-', final: true, incident: null });
  });

  test('what only an access line tells is null for an error line', () => {
    const object = JSON.parse(explanationLines(explain({ text: errorLine })));
    expect(object).toMatchObject({
      source: 'nginx_error',
      line: 1,
      status: null,
      request_id: null,
      method: null,
      duration_ms: null,
      host: 'shop',
      path: '/a',
      peer: '192.0.2.8:9000',
    });
  });
});

test.each([...mechanisms.values()].map((one) => [one.id, one] as const))(
  'the mechanism %s is an object of the contract',
  (_, mechanism) => {
    const object = JSON.parse(mechanismLine(mechanism));
    expect(validate(object), JSON.stringify(validate.errors)).toBe(true);
    expect(Object.keys(object)).toEqual(Object.keys(schema.$defs.mechanism.properties));
  },
);

test('a diagnosis is an object of the contract', () => {
  const { logging } = configurationOfText('http { access_log /a.log; }', 'nginx.conf');
  const object = JSON.parse(diagnosisLine(createDoctor().diagnoses(undefined, logging)[0]!));
  expect(validate(object), JSON.stringify(validate.errors)).toBe(true);
  expect(Object.keys(object)).toEqual(Object.keys(schema.$defs.diagnosis.properties));
});

const counters: Counters = {
  folder: '/var/lib/why502',
  lines: { read: 10, counted: 7, setAside: 1, faults: 1, waiting: 1 },
  failures: { found: 3, verdicts: 1, waiting: 1, withdrawn: 1 },
  gaps: 1,
  sinks: [{ sink: 'ClickHouse', accepted: 5, delivered: 2, waiting: 1, refused: 1 }],
};

test('what a tail has counted is an object of the contract, and says what is missing', () => {
  const object = JSON.parse(countersLine(counters));
  expect(validate(object), JSON.stringify(validate.errors)).toBe(true);
  expect(Object.keys(object)).toEqual(Object.keys(schema.$defs.counters.properties));
  expect(object.balanced).toBe(false);
  expect(object.sums.map(({ missing }: { readonly missing: number }) => missing)).toEqual([0, 0, 1]);
  const text = countersText(counters, { color: false, width: 100 });
  expect(text).toContain('ClickHouse: 1 is missing');
  expect(text).toContain('A log was copied and truncated once');
  expect(countersText({ ...counters, sinks: [] }, { color: false, width: 100 })).toContain('Every sum is');
  const uncounted = { ...counters, gaps: undefined };
  expect(JSON.parse(countersLine(uncounted)).possible_gaps).toBeNull();
  expect(countersText(uncounted, { color: false, width: 100 })).not.toContain('truncated');
});

/** Texts that act on a terminal, or on the order of what is read. */
const payloads: readonly string[] = [
  ...[...range(0x00, 0x1f), ...range(0x7f, 0x9f), 0xad, 0x61c, ...range(0x200b, 0x200f)]
    .concat(range(0x2028, 0x202e), range(0x2060, 0x206f), [0xfeff], range(0xfff9, 0xfffb))
    .map((code) => `x${String.fromCodePoint(code)}y`),
  ...range(0x40, 0x7e).map((final) => `\u001b[1;2${String.fromCodePoint(final)}`),
  ...range(0x30, 0x3f).map((final) => `\u001b${String.fromCodePoint(final)}`),
  ...['0;owned', '8;;https://evil.test', '52;c;cm0gLXJmIC8='].flatMap((text) => [
    `\u001b]${text}\u0007`,
    `\u001b]${text}\u001b\\`,
    `\u009d${text}\u009c`,
  ]),
  '\u001bPq#0;2;0;0;0\u001b\\',
  '\ud800 alone',
];

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

const acting =
  /[\0-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/;

describe('hostile text in what was pasted', () => {
  test.each(payloads.map((payload) => [JSON.stringify(payload), payload]))('%s stays text', (_, payload) => {
    const pasted = [
      `2026/11/23 06:58:59 [error] 12#34: *43 ${message}, ${context(payload)}`,
      `2026/11/23 06:59:59 [error] 12#34: *44 upstream sent invalid header: "${payload}..." while reading response header from upstream, ${context('')}`,
      accessLine.replace('/a', `/a${payload}`).replace('curl', payload),
      `somebody wrote ${payload}`,
    ].join('\n');
    const explanation = explain({ text: pasted });
    expect(explanationText(explanation, options)).not.toMatch(acting);
    expect(explanationLines(explanation).replaceAll('\n', '')).not.toMatch(acting);
    for (const line of explanationLines(explanation).trimEnd().split('\n')) {
      expect(JSON.stringify(Object.values(JSON.parse(line)))).not.toMatch(acting);
    }
  });
});

describe('hostile text in a configuration or the name of a log', () => {
  const diagnosis = createDoctor([]).diagnoses(undefined, undefined)[0]!;

  test.each(payloads.map((payload) => [JSON.stringify(payload), payload]))('%s stays text', (_, payload) => {
    const written = { text: payload, file: payload, line: 1 };
    const hostile: Diagnosis = {
      ...diagnosis,
      logs: [{ file: payload, format: payload, source: 'nginx', lines: 1, faults: 0, missing: [] }],
      findings: [{ kind: 'format_poor', written }],
      advice: [
        { place: 'nginx_conf', written, addedTo: undefined, lines: payload },
        { place: 'nginx_conf', written: undefined, addedTo: payload, lines: payload },
      ],
    };
    expect(diagnosisText(hostile, options)).not.toMatch(acting);
    const line = diagnosisLine(hostile).trimEnd();
    expect(line).not.toMatch(acting);
    expect(JSON.stringify(Object.values(JSON.parse(line)))).not.toMatch(acting);
    const told = {
      ...counters,
      folder: payload,
      sinks: counters.sinks.map((one) => ({ ...one, sink: payload })),
    };
    expect(countersText(told, options)).not.toMatch(acting);
    expect(JSON.stringify(Object.values(JSON.parse(countersLine(told))))).not.toMatch(acting);
  });
});

test.each([...mechanisms.values()].map((one) => [one.id, one] as const))('%s has a page', (id, mechanism) => {
  const page = mechanismText(mechanism, options);
  expect(page).toContain(mechanism.title);
  expect(page).toContain(`docs/mechanisms/${id}.md`);
});

describe('a page as JSON', () => {
  test.each([
    ["of one's own", '<html><h1>We will be back</h1></html>'],
    ['of nginx', '<html><title>502 Bad Gateway</title><hr><center>nginx</center></html>'],
    [
      'with headers',
      'HTTP/2 530\nserver: cloudflare\ncf-ray: 84a1b2c3d4e5f607-FRA\ncf-error-type: 1016\n\nerror code: 1016',
    ],
  ])('%s is of the contract', (_, text) => {
    const lines = explanationLines(explainPage({ bytes: Buffer.from(text) }))
      .trim()
      .split('\n');
    for (const line of lines) expect(validate(JSON.parse(line)), JSON.stringify(validate.errors)).toBe(true);
    expect(JSON.parse(lines[0]!)).toMatchObject({ kind: 'page' });
  });
});

describe('a story as JSON', () => {
  const source = (name: string, text: string) => ({
    name,
    async *chunks() {
      yield Buffer.from(text);
    },
  });

  test.each([
    ['of a request that was seen', 'curl/8.5.0', 2],
    ['of one that nobody saw', '0123456789abcdef', 1],
  ])('%s is of the contract', async (_, id, count) => {
    const sources = [source('access.log', `${accessLine}\n`), source('error.log', `${errorLine}\n`)];
    const lines = storyLines(await tellStory({ id, sources }))
      .trim()
      .split('\n');
    for (const line of lines) expect(validate(JSON.parse(line)), JSON.stringify(validate.errors)).toBe(true);
    expect(JSON.parse(lines[0]!)).toMatchObject({ kind: 'story' });
    expect(lines.length).toBe(count);
  });
});
