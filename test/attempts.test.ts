import { join } from 'node:path';
import { createNames, recognise } from '@why502/formats';
import { type AttemptCounts, type RequestRecord, statusGetsVerdict } from '@why502/model';
import { analyze, fileSource } from '@why502/pipeline-analyze';
import { expect, it } from 'vitest';
import { corpora, corpusFolder, linesOf, scenarios } from './corpus.ts';

const none: AttemptCounts = { ok: 0, failed: 0, left: 0 };

function added(sum: AttemptCounts, { ok, failed, left }: AttemptCounts): AttemptCounts {
  return { ok: sum.ok + ok, failed: sum.failed + failed, left: sum.left + left };
}

/** What is counted along with the traffic, which reads in full only what failed. */
async function counted(path: string): Promise<AttemptCounts> {
  let sum = none;
  await analyze({
    sources: [fileSource(join(corpusFolder, path), path)],
    traffic: true,
    on: (result) => {
      if (result.kind === 'traffic') sum = added(sum, result.attempts!);
    },
  });
  return sum;
}

/** Every attempt of every line, one by one. */
function listed(path: string): AttemptCounts {
  const lines = linesOf(path).map((line) => Buffer.from(line));
  const { format } = recognise(Buffer.from(linesOf(path).slice(0, 50).join('\n')))!;
  const decoder = format.decoder(path, createNames());
  return lines
    .map((line, at) => decoder.read(line, 0, line.length, at + 1) as RequestRecord)
    .flatMap(({ status, attempts }) =>
      attempts.flatMap(({ pass, peer, status: got }, index): AttemptCounts | [] => {
        // Where no peer could be picked the name of the group stands.
        if (!peer?.includes(':')) return [];
        const next = attempts[index + 1];
        if (next === undefined && statusGetsVerdict(status) && status < 500) return { ...none, left: 1 };
        const isError = got === undefined || statusGetsVerdict(got);
        return isError || next?.pass === pass ? { ...none, failed: 1 } : { ...none, ok: 1 };
      }),
    )
    .reduce(added, none);
}

it.each(
  corpora.flatMap((corpus) => scenarios(corpus)).map(({ name, extended }) => [name, extended] as const),
)('attempts of the recording %s are counted as its lines list them', async (_, extended) => {
  const sum = listed(extended);
  expect(sum.ok + sum.failed + sum.left).toBeGreaterThan(0);
  expect(await counted(extended)).toEqual(sum);
});
