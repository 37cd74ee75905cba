import { describe, expect, test } from 'vitest';
import { expectedBy, type Values, valuesOf } from './origins.ts';
import { type Reading, readSample, sampleBytes, sampleNames, samplesFolder } from './samples.ts';

/** What becomes of the lines of a log: requests, error lines, lines that go on with those, and lines set aside as no line of nginx. */
interface Expected {
  readonly format: string;
  readonly requests?: number;
  readonly errors?: number;
  readonly goOn?: number;
  readonly strange?: readonly number[];
  /** Requests with a status of 5xx, by it. */
  readonly failed?: Readonly<Record<string, number>>;
}

const npm = 'Nginx Proxy Manager';

/** By the file's name in INDEX.md, whose oddities it follows. */
const table: Readonly<Record<string, Expected>> = {
  'nginx-ingress-controller_tests.samples.log': {
    format: 'ingress-nginx',
    requests: 8,
    failed: { 503: 1 },
  },
  'nginx_tests.access.samples.log': { format: 'common + combined and more + common and more', requests: 4 },
  'bunkerweb-logs.log': { format: 'combined with host and id', requests: 5 },
  'cri-logs.log': { format: 'ingress-nginx in CRI', requests: 3 },
  'docker-logs.log': { format: 'ingress-nginx in Docker JSON', requests: 3 },
  'http-dos-bypass-cache.log': { format: 'combined', requests: 356 },
  'nginx-http-generic-bf.log': { format: 'combined and more', requests: 6, errors: 16 },
  'nginx-http-malformed.log': { format: 'combined', requests: 12 },
  'nginx-http-open-proxy.log': { format: 'combined', requests: 2 },
  'nginx-http-path-traversal.log': { format: 'combined', requests: 9 },
  'nginx-http-sensitive-files.log': { format: 'combined', requests: 9 },
  'nginx-http-sqli-probing.log': { format: 'combined', requests: 16 },
  'nginx-http-w00twoot.log': { format: 'combined', requests: 2 },
  'nginx-http-xss-probing.log': { format: 'combined', requests: 26 },
  'nginx-proxy-manager-logs.log': {
    format: `${npm} proxy + ${npm} standard + combined`,
    requests: 12,
    errors: 2,
    failed: { 500: 1 },
  },
  'nginx_http-catch-npm.log': {
    format: `NPMplus + ${npm} proxy + ${npm} standard`,
    requests: 6,
  },
  'nginx_http-logs.log': {
    format: 'combined + combined with host + combined without user',
    requests: 8,
    errors: 1,
    failed: { 500: 4 },
  },
  'npmplus-logs.log': { format: 'NPMplus', requests: 8, errors: 2 },
  'nginx_logs.log': { format: 'combined and more', requests: 500 },
  'test-access.log': { format: 'combined and more', requests: 15, failed: { 500: 1, 502: 1, 503: 1 } },
  'k8s-ingress_nginx.toml': { format: 'ingress-nginx', requests: 1 },
  'nginx.toml': { format: 'combined and more', requests: 1 },
  'satyrius__gonx/access.log': { format: 'common without user and more', requests: 1000 },
  'combined_access.log': { format: 'combined and more', requests: 14, failed: { 504: 1 } },
  'json_access.log': { format: 'JSON', requests: 14, failed: { 504: 1 } },
  'ltsv_access.log': { format: 'LTSV', requests: 14, failed: { 504: 1 } },
  'logfile_access_log.0': { format: 'combined', requests: 3 },
  'logfile_access_log.1': { format: 'combined', requests: 1 },
  'logfile_bad_access_log.0': { format: 'combined + common without user and more', requests: 3 },
  'logfile_shop_access_log.0': { format: 'combined and more', requests: 1000 },
  'nginx_tests.error.samples.log': { format: 'error log', errors: 2, goOn: 1 },
  'error.log': { format: 'error log', errors: 14 },
  'bookstack-logs.log': { format: 'error log', errors: 1, strange: [2] },
  'modsecurity-logs-nginx.log': { format: 'error log', errors: 8 },
  'nginx-mail-logs.log': { format: 'combined', requests: 2, errors: 15 },
  'nginx_req_limit_exceeded.log': { format: 'error log', errors: 9 },
  'pfsense-rfc5424-nginx.log': { format: 'error log in syslog', errors: 1, goOn: 1 },
  'debug.log': { format: 'error log', errors: 128, goOn: 22 },
  'madsmtm__nginx-error-log/error.log': { format: 'error log', errors: 19 },
  'info.log': { format: 'error log', errors: 61 },
  'notice.log': { format: 'error log', errors: 248 },
  'warn.log': { format: 'error log', errors: 7 },
  'errors_nginx_dummy.log': { format: 'error log', errors: 9 },
  'multiline_nginx_error_dummy.log': { format: 'error log', errors: 2, goOn: 4 },
};

/** Where another project sees something else, and why we do not follow it. */
const disagreements: readonly {
  readonly file: string;
  readonly key: string;
  readonly lines: readonly number[] | 'all';
  readonly why: string;
}[] = [
  {
    file: 'nginx-http-malformed.log',
    key: 'target',
    lines: 'all',
    why: 'a request line without a method asks for no target: CrowdSec takes all of it for one',
  },
  { file: 'npmplus-logs.log', key: 'target', lines: [8], why: 'the same, with the bytes of a TLS hello' },
  { file: 'nginx_http-catch-npm.log', key: 'target', lines: [4], why: 'the same' },
  {
    file: 'nginx_http-logs.log',
    key: 'host',
    lines: [6],
    why: 'nearly all lines of this log have a bare host, so that a port behind it belongs to it',
  },
  {
    file: 'modsecurity-logs-nginx.log',
    key: 'host',
    lines: [6],
    why: 'CrowdSec shows the hostname that ModSecurity says, not the header behind "host:"',
  },
  {
    file: 'error.log',
    key: 'client',
    lines: [7],
    why: 'that client stands in the message; the line has no ", client:"',
  },
  { file: 'nginx-mail-logs.log', key: 'client', lines: [1, 7, 10, 14], why: 'the same' },
];

describe.skipIf(samplesFolder === undefined)('logs of other projects (needs WHY502_SHARED)', () => {
  test('are all in the table', () => {
    expect(sampleNames().map(fileOf).sort()).toEqual(Object.keys(table).sort());
  });

  test('hold as many failures as INDEX.md counts', () => {
    const counts: Record<string, number> = {};
    for (const { failed = {} } of Object.values(table)) {
      for (const [status, count] of Object.entries(failed)) counts[status] = (counts[status] ?? 0) + count;
    }
    expect(counts).toEqual({ 500: 6, 502: 1, 503: 2, 504: 3 });
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

function summaryOf({ format, records, faults, setAside }: Reading) {
  const requests = records.filter((record) => record.kind === 'request');
  const failed: Record<string, number> = {};
  for (const { status } of requests) if (status >= 500) failed[status] = (failed[status] ?? 0) + 1;
  return {
    format: format.replace(/^nginx /, ''),
    requests: requests.length,
    errors: records.length - requests.length,
    goOn: setAside.length,
    strange: faults.map(({ row }) => row.line),
    failed,
  };
}

function differences(ours: Values, theirs: Values): string[] {
  return Object.entries(theirs).flatMap(([key, value]) => (ours[key] === value ? [] : [key]));
}
