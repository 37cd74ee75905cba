import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Source } from '@why502/model';
import { analyze } from '@why502/pipeline-analyze';
import { describe, expect, it } from 'vitest';
import { corpusFolder } from './corpus.ts';
import { inChunks } from './laws/delivery.ts';

const folder = join(corpusFolder, 'chain-sim', 'cf-origin-moved-dns', 'logs', 'cloudflare');
const [first = ''] = readdirSync(folder).sort();
const batch = gunzipSync(readFileSync(join(folder, first)));
const lines = batch.toString().trimEnd().split('\n');

function inFolder(name: string, bytes: Buffer): Source {
  return { ...inChunks(`bucket/${name}`, bytes), folder: 'bucket' };
}

describe('in a bucket of an edge', () => {
  it('what is no batch of requests is passed over', async () => {
    const events = {
      Action: 'block',
      Datetime: '2026-10-09T06:30:21Z',
      RayID: '87adab06d2e4d89e',
      RuleID: 'x',
    };
    const { files, problems, requests } = await analyze({
      sources: [
        inFolder(first, gzipSync(batch)),
        inFolder('ownership-challenge-1a2b3c4d.txt', Buffer.from('MDAwMTEyMjM='.repeat(9))),
        inFolder(
          'firewall/20261009T063000Z_20261009T063100Z_0c.log',
          Buffer.from(`${JSON.stringify(events)}\n`),
        ),
      ],
    });
    expect(files.map(({ file }) => file)).toEqual([`bucket/${first}`]);
    expect(problems).toEqual([]);
    expect(requests).toBe(new Set(lines).size);
  });

  it('of a batch that was cut off, what could be unpacked counts', async () => {
    const packed = gzipSync(batch);
    const { problems, requests } = await analyze({
      sources: [inChunks(first, packed.subarray(0, packed.length / 2))],
    });
    expect(problems.map(({ code }) => code)).toEqual(['W502_DAMAGED_ARCHIVE']);
    expect(requests).toBeGreaterThan(100);
    expect(requests).toBeLessThan(lines.length);
  });

  it('a line of 64 MB is a fault, wherever it stands', async () => {
    const long = lines[0]!.replace('"ClientIP":"', `"ClientIP":"${'9'.repeat(64_000_000)}`);
    const others = lines.slice(1, 41);
    for (const text of [
      [...others.slice(0, 20), long, ...others.slice(20)],
      [long, ...others],
    ]) {
      const {
        faults,
        requests,
        lines: read,
      } = await analyze({
        sources: [inChunks('long.ndjson', Buffer.from(`${text.join('\n')}\n`))],
      });
      expect([read, requests, faults]).toEqual([41, new Set(others).size, 1]);
    }
  }, 60_000);
});
