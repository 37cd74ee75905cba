import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rootFolder } from '../workspaces.ts';
import { moment } from './moment.ts';
import { acting, payloads } from './payloads.ts';

const main = join(rootFolder, 'packages/cli/dist/main.js');
const start = Date.UTC(2026, 10, 23, 7, 0, 0);

let folder: string;

/** Each payload in each field of a failed request, raw as with escape=none, and as nginx escapes it. */
function logs() {
  const fields = ['target', 'host', 'referrer', 'agent', 'user', 'id', 'peer', 'method', 'message'] as const;
  const access: string[] = [];
  const json: string[] = [];
  const error: string[] = [];
  let number = 0;
  for (const payload of payloads) {
    for (const escaped of [false, true]) {
      for (const field of fields) {
        const put = (name: (typeof fields)[number], plain: string) =>
          name === field ? (escaped ? asNginx(payload) : payload) : plain;
        const { local, error: wall, iso } = moment(start + number++ * 10);
        const request = `${put('method', 'GET')} /a${put('target', '')}/b?q=${put('target', '1')} HTTP/1.1`;
        const peer = `10.0.0.7${put('peer', '')}:8080`;
        access.push(
          `203.0.113.9 - ${put('user', '-')} [${local}] "${request}" 502 157 "${put('referrer', '-')}" "${put('agent', 'x')}" rt=0.004 uct="-" uht="-" urt="0.004" ua="${peer}" us="502" host="shop${put('host', '')}.example.com" rid=${put('id', 'a')} conn=${number}`,
        );
        json.push(
          JSON.stringify({
            time: iso,
            remote_addr: '203.0.113.9',
            request: field === 'target' ? `GET /a${payload} HTTP/1.1` : request,
            status: 502,
            host: field === 'host' ? payload : 'shop.example.com',
            request_id: field === 'id' ? payload : 'a',
            upstream_addr: field === 'peer' ? payload : peer,
            upstream_status: '502',
            upstream_response_time: '0.004',
          }),
        );
        error.push(
          `${wall} [error] 77#77: *${number} connect() failed (111: Connection refused) ${put('message', '')}while connecting to upstream, client: 203.0.113.9, server: shop, request: "${request}", upstream: "http://${peer}/a${put('target', '')}", host: "shop${put('host', '')}.example.com"`,
        );
      }
    }
  }
  return { access, json, error };
}

function asNginx(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) =>
      byte < 0x20 || byte > 0x7e
        ? `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`
        : String.fromCharCode(byte),
    )
    .join('');
}

const written = logs();

beforeAll(() => {
  const built = spawnSync(process.execPath, [join(rootFolder, 'scripts/why502.mjs'), '--version']);
  if (built.status !== 0) throw new Error(String(built.stderr));
  folder = mkdtempSync(join(tmpdir(), 'why502-terminal-'));
  for (const [name, lines] of Object.entries(written))
    writeFileSync(join(folder, `${name}.log`), lines.join('\n'));
  // Some of each field and each payload some.
  const some = [...written.access, ...written.error].filter((_, i) => i % 29 === 0);
  writeFileSync(join(folder, 'pasted.log'), some.join('\n'));
  writeFileSync(join(folder, 'strange.log'), payloads.map((payload) => `a ${payload} b`).join('\n'));
  for (const [i, payload] of payloads.entries()) {
    if (payload.includes('/') || i % 8 !== 0) continue;
    mkdirSync(join(folder, 'named', `${i}${payload}`), { recursive: true });
    const lines = [...written.access.slice(0, 5), ...(i % 16 === 0 ? payloads : [])];
    writeFileSync(join(folder, 'named', `${i}${payload}`, `access${payload}.log`), lines.join('\n'));
  }
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function said(args: readonly string[], input = ''): string {
  const { stdout, stderr, error } = spawnSync(process.execPath, [main, ...args], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1e9,
    timeout: 120_000,
    input,
  });
  if (error !== undefined) throw error;
  return stdout + stderr;
}

function first(text: string): string {
  const match = acting.exec(text);
  return match === null ? '' : JSON.stringify(text.slice(Math.max(0, match.index - 60), match.index + 60));
}

describe(`${payloads.length} sequences that a terminal acts on`, () => {
  it('are more than two hundred', () => {
    expect(payloads.length).toBeGreaterThan(200);
    expect(payloads.filter((payload) => !acting.test(payload))).toEqual([]);
  });

  it.each([
    'analyze access.log error.log',
    'analyze --verbose access.log error.log',
    'analyze --format json --traffic access.log error.log',
    'analyze --format md --verbose access.log error.log',
    'analyze json.log error.log',
    'analyze --format json json.log',
    'analyze --verbose --format md error.log',
    'analyze --debug strange.log',
    'analyze --verbose named',
    'analyze --format json named',
    'analyze --format md named',
    'explain --file pasted.log',
    'explain --format json --file pasted.log',
    'explain --file strange.log',
  ])('none comes through why502 %s', (call) => {
    const text = said(call.split(' '));
    expect(text).not.toBe('');
    expect(first(text)).toBe('');
  });

  it('none comes through in arguments', () => {
    const some = payloads.filter((payload, i) => i % 12 === 0 || payload.includes(']'));
    for (const payload of some) {
      const calls = [
        ['analyze', `no${payload}file`],
        ['analyze', '--format', payload],
        ['analyze', '--debug', '--log-format', `$a${payload}$b`, 'access.log'],
        ['analyze', '--error-log-zone', payload],
        [`no${payload}command`],
        ['explain', payload],
      ];
      const [call] = calls.splice(some.indexOf(payload) % calls.length, 1);
      expect(first(said(call!))).toBe('');
    }
  });
});
