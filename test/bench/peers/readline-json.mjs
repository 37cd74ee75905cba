// What a script of an afternoon does: lines by readline, objects by JSON.parse.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

const counts = new Map();
createInterface({ input: createReadStream(process.argv[2]), crlfDelay: Number.POSITIVE_INFINITY })
  .on('line', (line) => {
    const { EdgeEndTimestamp: end, EdgeResponseStatus: status, ClientRequestHost: host } = JSON.parse(line);
    const key = `${end.slice(0, 16)} ${status} ${host}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    if (status === 502) process.stdout.write(`${line}\n`);
  })
  .on('close', () => {
    for (const [key, count] of counts) process.stdout.write(`${key} ${count}\n`);
  });
