// `chdb-count.mjs LAYOUT FILE`: the counts in SQL, by the embedded ClickHouse of packages/engine, with one thread.
import { readFileSync } from 'node:fs';
import { libchdbPath } from 'chdb/libchdb';
import { DataType, load, open } from 'ffi-rs';

const [layout, file] = process.argv.slice(2);
if (layout === '--version') {
  const chdb = new URL('package.json', import.meta.resolve('chdb/package.json'));
  console.log(JSON.parse(readFileSync(chdb, 'utf8')).version);
  process.exit();
}

/** The columns, out of the file, and what picks the lines. */
const readings = {
  nginx: `SELECT substring(line, position(line, '[') + 1, 17) AS minute,
    substring(line, position(line, '" ') + 2, 3) AS status,
    substring(line, position(line, ' ua="') + 5, position(line, '" us="') - position(line, ' ua="') - 5) AS peer,
    count(), groupArrayIf(line, status = '502')
    FROM file('${file}', LineAsString, 'line String')`,
  alb: `WITH splitByChar(' ', line, 10) AS fields
    SELECT substring(fields[2], 1, 16) AS minute, fields[9] AS status, fields[5] AS peer,
    count(), groupArrayIf(line, status = '502')
    FROM file('${file}', LineAsString, 'line String')`,
  cloudflare: `SELECT substring(EdgeEndTimestamp, 1, 16) AS minute, EdgeResponseStatus AS status, ClientRequestHost AS peer,
    count()
    FROM file('${file}', JSONEachRow, 'EdgeEndTimestamp String, EdgeResponseStatus UInt16, ClientRequestHost String')`,
};
const query = `${readings[layout]} GROUP BY minute, status, peer INTO OUTFILE '/dev/null' TRUNCATE FORMAT TSV
  SETTINGS max_threads = 1, input_format_parallel_parsing = 0, input_format_skip_unknown_fields = 1`;

open({ library: 'chdb', path: libchdbPath() });
const words = ['clickhouse', '--query', query];
await load({
  library: 'chdb',
  funcName: 'chdb_query_cmdline',
  retType: DataType.External,
  paramsType: [DataType.I32, DataType.StringArray],
  paramsValue: [words.length, words],
  runInNewThread: true,
});
process.exit();
