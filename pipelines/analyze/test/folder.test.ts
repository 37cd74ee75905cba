import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sourcesOf } from '../src/index.ts';
import { accessLine, combinedLine, errorLine, outcomeOf, seconds } from './lines.ts';

const hour = 3_600;
const failsAt = (second: number) => second % 60 < 5;
const statusAt = (second: number) => (failsAt(second) ? 502 : 200);
const line = (second: number) => ({ second, status: statusAt(second), path: `/item/${second}` });
const extended = (from: number, to: number) => seconds(from, to, (second) => accessLine(line(second)));
const combined = (from: number, to: number) => seconds(from, to, (second) => combinedLine(line(second)));
const errors = (from: number, to: number) =>
  seconds(from, to, (second) => (failsAt(second) ? errorLine(line(second)) : '')).replaceAll(/\n+/g, '\n');

/** A frame of zstd whose blocks are stored as they are (RFC 8878, section 3.1.1). */
function zstd(text: string): Buffer {
  const parts: Buffer[] = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38])];
  const bytes = Buffer.from(text);
  const size = 100_000;
  for (let from = 0; from < bytes.length; from += size) {
    const block = bytes.subarray(from, from + size);
    const head = Buffer.alloc(3);
    head.writeUIntLE((block.length << 3) | (from + size >= bytes.length ? 1 : 0), 0, 3);
    parts.push(head, block);
  }
  return Buffer.concat(parts);
}

describe('a folder as /var/log/nginx is after some days', () => {
  let folder = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'why502-folder-'));
    const put = (name: string, content: string | Buffer) => writeFileSync(join(folder, name), content);
    // What is read: the extended log and the error log, rotated, packed, and partly packed by another program.
    put('access.log', extended(3 * hour, 4 * hour));
    put('access.log.1', extended(2 * hour, 3 * hour));
    put('access.log.2.gz', gzipSync(extended(hour, 2 * hour)));
    put('access.log.3.zst', zstd(extended(0, hour)));
    put('error.log', errors(2 * hour + 1_800, 4 * hour));
    put('error.log.1', errors(hour, 2 * hour + 1_800));
    // Its name says gzip, its bytes do not.
    put('error.log.2.gz', errors(0, hour));
    // The same requests in another format, rotated at other times.
    put('combined.log', combined(2 * hour + 900, 4 * hour));
    put('combined.log.1', combined(900, 2 * hour + 900));
    // Another site, in a folder of its own.
    mkdirSync(join(folder, 'blog'));
    put(
      'blog/access.log',
      seconds(0, 600, (second) =>
        combinedLine({ second, path: `/post/${second}` }).replace('198.51.100.9', '192.0.2.7'),
      ),
    );
    put('blog/error.log', '');
    // No logs.
    put('README', 'Logs of the web server.\nAsk the operators.\n');
    put('core.1234', Buffer.alloc(5_000, 7));
    put('goaccess.html', '<!doctype html>\n<html><body>502</body></html>\n');
    put('access.log.swp', Buffer.concat([Buffer.from('b0VIM 9.0'), Buffer.alloc(4_000)]));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('sorts itself out: every request counts once, and nothing is complained about', async () => {
    const { summary } = await outcomeOf(await sourcesOf([folder]));
    const files = Object.fromEntries(
      summary.files.map(({ file, lines, faults, readInstead }) => [
        file.slice(folder.length + 1),
        readInstead?.slice(folder.length + 1) ?? [lines, faults],
      ]),
    );
    expect(files).toEqual({
      'access.log': [3_600, 0],
      'access.log.1': [3_600, 0],
      'access.log.2.gz': [3_600, 0],
      'access.log.3.zst': [3_600, 0],
      'blog/access.log': [600, 0],
      'combined.log': 'access.log.1',
      'combined.log.1': 'access.log.3.zst',
      'error.log': [450, 0],
      'error.log.1': [450, 0],
      'error.log.2.gz': [300, 0],
    });
    expect(summary).toMatchObject({
      requests: 4 * hour + 600,
      failures: 1_200,
      errorLinesJoined: 1_200,
      byMechanism: { process_down: 1_200 },
      problems: [],
    });
  });
});
