import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Inbox, type PushServer, servePush } from '../src/index.ts';

const secret = 'a secret of the two of us';
const lines = '{"RayID":"1"}\n{"RayID":"2"}\n';

let work: string;
let folder: string;
let inbox: Inbox;
let server: PushServer;

beforeEach(async () => {
  work = mkdtempSync(join(tmpdir(), 'why502-push-'));
  folder = join(work, 'pushed');
  await open(1 << 20);
});

afterEach(async () => {
  await server.close();
  rmSync(work, { recursive: true, force: true });
});

async function open(most: number): Promise<void> {
  inbox = new Inbox(folder, { most });
  server = await servePush({
    host: '127.0.0.1',
    port: 0,
    secret,
    inbox,
    isLog: (head) => head.includes('RayID'),
  });
}

function push(
  body: Uint8Array | string,
  headers: Record<string, string> = { authorization: `Bearer ${secret}` },
) {
  return fetch(`http://127.0.0.1:${server.port}/`, { method: 'POST', body, headers });
}

describe('what is pushed', () => {
  it('is on the disk when it is confirmed, as it came', async () => {
    const object = gzipSync(lines);
    const response = await push(object);
    expect(response.status).toBe(200);
    const [name, ...others] = readdirSync(folder);
    expect(others).toEqual([]);
    expect(name).toBe(`${createHash('sha256').update(object).digest('hex').slice(0, 32)}.log.gz`);
    expect(readFileSync(join(folder, name!))).toEqual(object);
  });

  it('twice is there once', async () => {
    for (const said of ['kept\n', 'kept before\n']) expect(await (await push(lines)).text()).toBe(said);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('is not kept where it is no log, such as a test of the connection, and confirmed all the same', async () => {
    for (const object of ['', gzipSync('{"content":"tests"}'), gzipSync('')])
      expect((await push(object)).status).toBe(200);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is not taken without the secret', async () => {
    for (const headers of [
      {},
      { authorization: 'Bearer guess' },
      { authorization: secret },
      { 'x-why502-secret': '' },
    ])
      expect((await push(lines, headers as Record<string, string>)).status).toBe(401);
    expect((await push(lines, { 'x-why502-secret': secret })).status).toBe(200);
  });

  it('is refused where it is damaged or a bomb, and leaves nothing', async () => {
    const whole = gzipSync(lines);
    expect((await push(whole.subarray(0, whole.length - 6))).status).toBe(400);
    const bomb = gzipSync(Buffer.alloc(300 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(1 << 20);
    expect((await push(bomb)).status).toBe(413);
    expect((await push(Buffer.alloc(33 * 1024 * 1024))).status).toBe(413);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is asked for again where there is no room, and taken when there is', async () => {
    await server.close();
    await open(70);
    expect((await push(lines)).status).toBe(200);
    const full = await push(`${lines}{"RayID":"3"}\n`);
    expect([full.status, full.headers.get('retry-after')]).toEqual([429, '10']);
    inbox.sweep(() => true);
    expect((await push(`${lines}{"RayID":"3"}\n`)).status).toBe(200);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('and was not whole when the power went is gone, for it was never confirmed', async () => {
    writeFileSync(join(`${folder}.coming`, '0'), 'half');
    await server.close();
    await open(1 << 20);
    expect([readdirSync(folder), readdirSync(`${folder}.coming`)]).toEqual([[], []]);
  });

  it('slowly by a hundred others keeps nobody out', async () => {
    const slow = Array.from({ length: 60 }, () => {
      const socket = connect(server.port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Le');
      return socket;
    });
    expect((await push(lines)).status).toBe(200);
    for (const socket of slow) socket.destroy();
  });
});
