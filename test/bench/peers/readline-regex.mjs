// What a script of an afternoon does: lines by readline, fields by a regular expression.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

const fields = /\[([^\]]{17})[^\]]*\] "[^"]*" (\d{3}) .* ua="([^"]*)"/;
const counts = new Map();
createInterface({ input: createReadStream(process.argv[2]), crlfDelay: Number.POSITIVE_INFINITY })
  .on('line', (line) => {
    const found = fields.exec(line);
    if (found === null) return;
    const key = `${found[1]} ${found[2]} ${found[3]}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    if (found[2] === '502') process.stdout.write(`${line}\n`);
  })
  .on('close', () => {
    for (const [key, count] of counts) process.stdout.write(`${key} ${count}\n`);
  });
