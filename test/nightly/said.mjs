// What a tail or an analyze has said in JSON, as the soak compares it. Twenty minutes of it are more than one string may hold.
import { closeSync, openSync, readSync } from 'node:fs';

/** The lines of files, one file after the other; what stands behind the last line break of one was cut by a SIGKILL. */
export function* linesOf(...files) {
  const chunk = Buffer.alloc(1 << 20);
  for (const file of files) {
    const input = openSync(file, 'r');
    let rest = Buffer.alloc(0);
    for (let length = readSync(input, chunk); length > 0; length = readSync(input, chunk)) {
      const bytes = Buffer.concat([rest, chunk.subarray(0, length)]);
      const end = bytes.lastIndexOf(0x0a) + 1;
      rest = bytes.subarray(end);
      yield* bytes.toString('utf8', 0, Math.max(0, end - 1)).split('\n');
    }
    closeSync(input);
  }
}

/** Files have moved since the tail read them, and revisions count what was said before. */
export function plain(line) {
  return line.replace(/"file":"[^"]*"/g, '').replace(/"revision":\d+/, '');
}

/** Requests by bucket and status. */
export function trafficOf(lines) {
  const totals = new Map();
  for (const line of lines) {
    if (!line.includes('"kind":"traffic"')) continue;
    const { bucket, status, requests } = JSON.parse(line);
    const key = `${Date.parse(bucket) / 1_000} ${status}`;
    totals.set(key, (totals.get(key) ?? 0) + requests);
  }
  return totals;
}

/** Final verdicts by id, of failures. */
export function verdicts(lines, last = false) {
  const byId = new Map();
  byId.repeated = 0;
  for (const line of lines) {
    if (!line.includes('"kind":"verdict"') || !line.includes('"final":true')) continue;
    const verdict = JSON.parse(line);
    if (byId.has(verdict.id)) byId.repeated++;
    if (last || !byId.has(verdict.id)) byId.set(verdict.id, { line, verdict });
  }
  return byId;
}

export function tally(words) {
  const counts = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
