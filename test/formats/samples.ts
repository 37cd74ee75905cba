import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createNames, kindredLog, recognise } from '@why502/formats';
import { columns, type LogRecord } from '@why502/model';

/** The folder of logs that other projects test their parsers with; undefined where it is not at hand. */
export const samplesFolder: string | undefined =
  process.env.WHY502_SHARED === undefined ? undefined : join(process.env.WHY502_SHARED, 'corpus', 'formats');

/** Logs by their paths below the folder, in order. */
export function sampleNames(): readonly string[] {
  const folder = samplesFolder;
  if (folder === undefined) return [];
  return ['nginx-access', 'nginx-error', 'alb', 'cloudflare'].flatMap((kind) =>
    readdirSync(join(folder, kind), { recursive: true, encoding: 'utf8' })
      .filter((name) =>
        /\.log$|_log\.\d$|\.toml$|\.csv$|^[^.]*\.txt$|\.ndjson$|_cloudflare\.(?:1|json)$/.test(name),
      )
      .filter((name) => !/\.expected\./.test(name))
      .map((name) => `${kind}/${name}`)
      .sort(),
  );
}

/** The log in a file: where a test of its project holds it as text, what stands between the quotes. */
export function sampleBytes(name: string): Buffer {
  const bytes = readFileSync(join(samplesFolder!, name));
  if (!name.endsWith('.toml')) return bytes;
  const input = /^input = """\n(.*?)"""/ms.exec(bytes.toString())?.[1];
  return Buffer.from(input ?? '');
}

/** What became of a log. */
export interface Reading {
  readonly format: string;
  readonly lines: number;
  readonly records: readonly LogRecord[];
  /** Numbers of the lines that do not fit. */
  readonly strange: readonly number[];
  /** Numbers of the lines that are blank or go on with the record before them. */
  readonly setAside: readonly number[];
}

/** Reads a log line by line, as the pipeline would if every line were of interest. */
export function readSample(bytes: Buffer): Reading {
  const found = recognise(bytes.subarray(0, 64 * 1024));
  if (found === undefined) return unread(bytes);
  const decoder = found.format.decoder('f', createNames());
  const rows = columns(5_000);
  decoder.scan(bytes, 0, bytes.length, true, rows);
  const records: LogRecord[] = [];
  for (let row = 0; row < rows.count; row++) {
    const record = decoder.read(bytes, rows.from[row]!, rows.to[row]!, rows.line[row]!);
    if (!('kind' in record)) throw new Error(`line ${rows.line[row]} is scanned, but not read`);
    records.push(record);
  }
  const { count, samples } = decoder.faults;
  const told = new Set(records.map(({ row }) => row.line));
  const others = Array.from({ length: decoder.lines }, (_, index) => index + 1).filter(
    (line) => !told.has(line),
  );
  // Only the first faults are shown; without lines that are set aside, all the others are such.
  if (count > samples.length && decoder.setAside > 0) throw new Error(`of ${count} faults few are shown`);
  const strange = decoder.setAside === 0 ? others : samples.map(({ row }) => row.line);
  const setAside = others.filter((line) => !strange.includes(line));
  return { format: found.format.name, lines: decoder.lines, records, strange, setAside };
}

/** A log that is none of those that are read. */
function unread(bytes: Buffer): Reading {
  const lines = bytes.toString('latin1').trimEnd().split('\n').length;
  const strange = Array.from({ length: lines }, (_, index) => index + 1);
  return { format: kindredLog(bytes)?.name ?? 'not recognised', lines, records: [], strange, setAside: [] };
}
