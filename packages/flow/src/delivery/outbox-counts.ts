import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SinkCounts } from '@why502/model';
import { headerLength, isSegmentName, readHeader, recordAt } from '../spool/segment.ts';
import { diskSpool, type SpoolFile } from '../spool/spool-files.ts';
import { checkpointFile } from '../tail/checkpoint-file.ts';
import { letterOf } from './letter.ts';
import { countsOf, isTaken } from './taken.ts';

/** What became of the results in an outbox, by sink, as it is on the disk now. Changes nothing; its owner may be running. */
export function outboxCounts(folder: string): readonly SinkCounts[] {
  if (!existsSync(folder)) return [];
  const names = diskSpool.list(folder);
  const taken = names
    .filter((name) => /^taken-[0-9a-f]+$/.test(name))
    .map((name) => checkpointFile(join(folder, name)).load())
    .filter(isTaken);
  const accepted = Math.max(0, ...taken.map((one) => one.accepted), lastAccepted(folder, names));
  return taken.map((one) => countsOf(one, accepted)).sort((a, b) => (a.sink < b.sink ? -1 : 1));
}

/** By the last record that is whole; 0 without any. */
function lastAccepted(folder: string, names: readonly string[]): number {
  for (const name of names.filter(isSegmentName).sort().reverse()) {
    const file = diskSpool.open(join(folder, name));
    try {
      const last = lastText(file);
      if (last !== undefined) return letterOf(last).accepted;
    } finally {
      file.close();
    }
  }
  return 0;
}

function lastText(file: SpoolFile): Buffer | undefined {
  if (readHeader(file) === undefined) return undefined;
  let last: Buffer | undefined;
  for (let record = recordAt(file, headerLength); record !== undefined; record = recordAt(file, record.end))
    if (record.isSound) last = record.text;
  return last;
}
