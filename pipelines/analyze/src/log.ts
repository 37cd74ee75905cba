import { batchStart, createNames, kindredLog, lacksColumnNames, objectKey } from '@why502/formats';
import {
  columns,
  type Format,
  type HopSource,
  hopOf,
  type Instant,
  instant,
  isOfRequests,
  type LoggedField,
  type LogRecord,
  type Probability,
  Problem,
  probability,
  type Recognition,
  type RequestRecord,
  redactText,
  type Source,
} from '@why502/model';
import { type FormatChoice, sureEnough } from './format-choice.ts';
import { type Opening, openingOf } from './opening.ts';
import { sampleOf } from './sample.ts';

const mostRows = 200;

/** A source whose format is known, and what its first lines say about it. */
export interface Log {
  readonly source: Source;
  readonly format: Format;
  readonly sureness: Probability;
  /** Earliest time of the first lines, local where these are lines of an error log. */
  readonly first: Instant | undefined;
  /** Lines of the error log of nginx stand in it, as far as its first lines tell. */
  readonly holdsErrors: boolean;
  /** Offset from UTC of the times in the lines, minutes, where they state one. */
  readonly zoneMin: number | undefined;
  readonly opening: Opening;
  /** What its request lines can say; undefined without any. */
  readonly logged: ReadonlySet<LoggedField> | undefined;
}

/** Whether the log holds nothing but lines of the error log of nginx, whose times are local. */
export function isErrorLog({ format }: Log): boolean {
  return format.source === 'nginx_error';
}

/** Whether the log holds no requests, but what is said beside them. */
export function isBesideRequests({ format }: Log): boolean {
  return !isOfRequests(format.source);
}

/** Whether its lines may come again, word for word: Logpush uploads a batch anew whose upload failed half-way. */
export function mayRepeat({ format }: Log): boolean {
  return format.source === 'cloudflare';
}

/** What a source turned out to be. `likely`: it looks like a log all the same. */
export type Found =
  | { readonly kind: 'log'; readonly log: Log }
  | { readonly kind: 'no_log'; readonly likely: boolean; readonly problem: Problem };

/** Looks at the first lines of a source. */
export async function findLog(source: Source, choice: FormatChoice): Promise<Found> {
  try {
    const sample = await sampleOf(source);
    const recognition = choice.of(sample);
    const kindred = kindredLog(sample);
    if (kindred !== undefined)
      return { kind: 'no_log', likely: kindred.isLog, problem: ofKindred(source, kindred.name) };
    if (lacksColumnNames(sample))
      return { kind: 'no_log', likely: true, problem: namesLacking(source, sample) };
    if (recognition === undefined)
      return { kind: 'no_log', likely: false, problem: unknownFormat(source, sample) };
    const log = logOf(source, sample, recognition);
    if (log.sureness >= sureEnough) return { kind: 'log', log };
    return {
      kind: 'no_log',
      likely: log.sureness >= 0.5,
      problem: unknownFormat(source, sample, log.format),
    };
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    const likely = problem.code !== 'W502_EMPTY' && problem.code !== 'W502_BINARY';
    return { kind: 'no_log', likely, problem };
  }
}

function logOf(source: Source, sample: Buffer, { format, sureness }: Recognition): Log {
  const records = recordsOf(sample, format);
  const requests = records.filter((record) => record.kind === 'request');
  const errors = records.filter((record) => record.kind === 'error_line');
  const times = requests.length > 0 ? requests.map(({ end }) => end) : errors.map(({ wall }) => wall);
  return {
    source,
    format,
    sureness: requests.length > 0 && !requests.some(asksForSomething) ? probability(0) : sureness,
    first: firstOf(times, format, source),
    holdsErrors: format.source === 'nginx_error' || errors.some(({ row }) => row.source === 'nginx_error'),
    zoneMin: requests.find((request) => request.zoneOffsetMin !== undefined)?.zoneOffsetMin,
    opening: openingOf(requests),
    logged: requests.length === 0 ? undefined : new Set(requests.flatMap(({ logged }) => [...logged])),
  };
}

const startByName: Partial<Record<HopSource, (name: string) => Instant | undefined>> = {
  alb: (name) => objectKey(name)?.from,
  cloudflare: batchStart,
};

/** A bucket's names of files tell from when on their lines are, which stand in no strict order. */
function firstOf(times: readonly Instant[], format: Format, { name }: Source): Instant | undefined {
  if (times.length === 0) return undefined;
  const from = startByName[hopOf(format.source)]?.(name);
  return instant(Math.min(...times, ...(from === undefined ? [] : [from])));
}

/** Lines with a time and a status but without any request are no access log, but results of a test or the like. */
function asksForSomething({ method, target, requestLine }: RequestRecord): boolean {
  return method !== undefined || target !== undefined || requestLine !== undefined;
}

function recordsOf(sample: Buffer, format: Format): readonly LogRecord[] {
  const decoder = format.decoder('', createNames());
  const rows = columns(mostRows);
  decoder.scan(sample, 0, sample.length, true, rows);
  const records: LogRecord[] = [];
  for (let row = 0; row < rows.count; row++) {
    const record = decoder.read(sample, rows.from[row]!, rows.to[row]!, rows.line[row]!);
    if (!('reason' in record)) records.push(record);
  }
  return records;
}

function ofKindred(source: Source, kindred: string): Problem {
  return new Problem('W502_OTHER_BALANCER', { where: source.name, excerpt: kindred });
}

function namesLacking(source: Source, sample: Buffer): Problem {
  return new Problem('W502_NO_COLUMN_NAMES', {
    where: source.name,
    excerpt: redactText((sample.toString('utf8').split('\n')[0] ?? '').slice(0, 400)),
  });
}

/** Shows the first line that does not fit, and where it stops to. */
function unknownFormat(source: Source, sample: Buffer, nearest?: Format): Problem {
  const decoder = nearest?.decoder(source.name, createNames());
  decoder?.scan(sample, 0, sample.length, true, columns(mostRows));
  const fault = decoder?.faults.samples[0];
  const line = fault?.row.line ?? 1;
  return new Problem('W502_FORMAT_UNKNOWN', {
    where: `${source.name}, line ${line}${fault === undefined ? '' : `, column ${fault.column + 1}`}`,
    excerpt: redactText((sample.toString('utf8').split('\n')[line - 1] ?? '').slice(0, 400)),
    ...(nearest === undefined ? {} : { expected: nearest.name }),
  });
}
