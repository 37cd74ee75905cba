import {
  createNames,
  firstInstant,
  jsonFormat,
  logFormatsOf,
  recognise,
  textFormat,
  unpack,
} from '@why502/formats';
import {
  columns,
  type Format,
  type Instant,
  type LogRecord,
  type Probability,
  Problem,
  probability,
  type Source,
} from '@why502/model';
import type { AnalyzeRequest } from './request.ts';

/** Enough for some hundred lines. */
const sampleSize = 64 * 1024;

/** Below this the format is asked for instead of guessed (design: format recognition). */
const sureEnough = 0.8;

const mostSampledRows = 500;

/** A source whose format is known, and the records of its first lines. */
export interface Log {
  readonly source: Source;
  readonly format: Format;
  readonly sureness: Probability;
  readonly first: Instant | undefined;
  readonly head: readonly LogRecord[];
}

/**
 * Finds the format of a source by its first lines.
 * @throws Problem where nothing can be read or no format fits well enough
 */
export async function recogniseLog(source: Source, request: AnalyzeRequest): Promise<Log> {
  const sample = await sampleOf(source);
  if (sample.length === 0) throw new Problem('W502_EMPTY', { where: source.name });
  if (looksBinary(sample)) throw new Problem('W502_BINARY', { where: source.name });
  const guess = recognise(sample);
  const { format, sureness } =
    given(sample, guess?.format.source, request) ?? guess ?? unknownFormat(source, sample);
  if (sureness < sureEnough) unknownFormat(source, sample, format);
  return { source, format, sureness, first: firstInstant(sample, format), head: recordsOf(sample, format) };
}

/** The format that the user names, for what is no error log: the one given, or that of the configuration that fits best. */
function given(sample: Buffer, guessed: string | undefined, { logFormat, nginxConf }: AnalyzeRequest) {
  if (guessed === 'nginx_error') return undefined;
  if (logFormat !== undefined) {
    const format = textFormat(logFormat);
    return { format, sureness: probability(fit(sample, format)) };
  }
  if (nginxConf === undefined) return undefined;
  const formats = [...logFormatsOf(nginxConf).values()]
    .map(formatOf)
    .filter((format) => format !== undefined);
  const fitting = formats.map((format) => ({ format, sureness: probability(fit(sample, format)) }));
  const best = fitting.sort((a, b) => b.sureness - a.sureness)[0];
  return best !== undefined && best.sureness >= sureEnough ? best : undefined;
}

/** A configuration may define formats that are of no use here, such as one without a status. */
function formatOf(directive: string): Format | undefined {
  try {
    return /escape=json/.test(directive) && /'\{/.test(directive) ? jsonFormat : textFormat(directive);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

/** Share of the lines that fit. */
function fit(sample: Buffer, format: Format): number {
  const decoder = format.decoder('', createNames());
  const rows = columns(mostSampledRows);
  decoder.scan(sample, 0, wholeLines(sample), true, rows);
  return rows.count === 0 ? 0 : rows.count / (rows.count + decoder.faults.count);
}

function recordsOf(sample: Buffer, format: Format): readonly LogRecord[] {
  const decoder = format.decoder('', createNames());
  const rows = columns(mostSampledRows);
  decoder.scan(sample, 0, wholeLines(sample), true, rows);
  const records: LogRecord[] = [];
  for (let row = 0; row < rows.count; row++) {
    const record = decoder.read(sample, rows.from[row]!, rows.to[row]!, rows.line[row]!);
    if ('kind' in record) records.push(record);
  }
  return records;
}

/** The last line of a sample may be cut. */
function wholeLines(sample: Buffer): number {
  const end = sample.lastIndexOf(0x0a);
  return end < 0 ? sample.length : end + 1;
}

async function sampleOf(source: Source): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of unpack(source.chunks(), source.name)) {
      parts.push(Buffer.from(chunk));
      length += chunk.length;
      if (length >= sampleSize) break;
    }
  } catch (error) {
    // What could be unpacked before the damage counts; the damage is reported when it is read again.
    const damaged = error instanceof Problem && error.code === 'W502_DAMAGED_ARCHIVE';
    if (!damaged || length === 0) throw error;
  }
  return Buffer.concat(parts).subarray(0, sampleSize);
}

/** Text logs hold no NUL outside the hole that a truncated file begins with. */
function looksBinary(sample: Buffer): boolean {
  let text = 0;
  while (text < sample.length && sample[text] === 0) text++;
  if (text === sample.length) return true;
  let controls = 0;
  for (let at = text; at < sample.length; at++) {
    const byte = sample[at]!;
    if (byte < 0x09 || (byte > 0x0d && byte < 0x20 && byte !== 0x1b)) controls++;
  }
  return controls * 20 > sample.length - text;
}

/** @throws Problem always: shows the first line that fits no format */
function unknownFormat(source: Source, sample: Buffer, nearest?: Format): never {
  const decoder = nearest?.decoder(source.name, createNames());
  decoder?.scan(sample, 0, wholeLines(sample), true, columns(mostSampledRows));
  const fault = decoder?.faults.samples[0];
  const line = fault?.row.line ?? 1;
  const text = sample.toString('latin1').split('\n')[line - 1] ?? '';
  throw new Problem('W502_FORMAT_UNKNOWN', {
    where: `${source.name}, line ${line}${fault === undefined ? '' : `, column ${fault.column + 1}`}`,
    excerpt: text.slice(0, 200),
    ...(nearest === undefined ? {} : { expected: `the format that comes nearest is ${nearest.name}` }),
  });
}
