// Writes made-up logs of one nginx: `node test/bench/generate.mjs --lines 2000000 --out FILE`, error log beside it.
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { traffic } from './traffic.mjs';

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '2000000' },
    hours: { type: 'string', default: '2' },
    failing: { type: 'string', default: '0.005' },
    layout: { type: 'string', default: 'nginx' },
    out: { type: 'string' },
    error: { type: 'string' },
  },
});
const { out, error = out === undefined ? undefined : join(dirname(out), 'error.log') } = values;
const [lines, hours, failing] = [values.lines, values.hours, values.failing].map(Number);
if (out === undefined || !(lines > 0) || !(hours > 0) || !(failing >= 0 && failing <= 1)) {
  console.error(
    'usage: generate.mjs --out FILE [--error FILE] [--lines 2000000] [--hours 2] [--failing 0.005] [--layout nginx]',
  );
  process.exit(2);
}

mkdirSync(dirname(out), { recursive: true });
const accessLog = openSync(out, 'w');
const errorLog = openSync(error, 'w');
for (const chunk of traffic({ lines, hours, failing, layout: values.layout })) {
  writeSync(accessLog, chunk.access, null, 'latin1');
  writeSync(errorLog, chunk.error, null, 'latin1');
}
closeSync(accessLog);
closeSync(errorLog);
