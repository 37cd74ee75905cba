import {
  columns,
  type Format,
  type Instant,
  instant,
  probability,
  type Recognition,
  type SourceKind,
} from '@why502/model';
import { type Kindred, kindredOf } from './alb/kindred.ts';
import { albFormatOf } from './alb/recognise.ts';
import { isNamelessCsv, requestsFormat } from './cloudflare/recognise.ts';
import { connectorFormatOf } from './cloudflared/connector-log.ts';
import { envelopeOf, unwrap, wrapped } from './envelope/wrapped.ts';
import type { LineFormat } from './lines.ts';
import { createNames } from './names.ts';
import type { AccessFormat } from './nginx/access.ts';
import { errorFormat, isErrorLine } from './nginx/error-log.ts';
import { formatsOf } from './nginx/format-list.ts';
import { mixedFormat } from './nginx/mixed.ts';

/** Lines that are looked at; more would not change the answer. */
const mostLines = 500;
/** An envelope may be in an envelope: `docker compose logs --timestamps` has two. */
const mostEnvelopes = 3;
/** How much another line speaks against a log of unmistakable ones. */
const pieceWeight = 0.25;
const lineBreak = 0x0a;
const carriageReturn = 0x0d;

/**
 * The format that most of the first lines follow, and the share of lines that do, lessened where other text might fit
 * as well. `given` are formats that are known to be in use, which are preferred to guesses. Undefined where no format
 * fits any line. The last line may be cut off by the end of the sample.
 */
export function recognise(sample: Buffer, given: readonly AccessFormat[] = []): Recognition | undefined {
  const whole = lent(wholeLines(sample));
  const found = formatOf(linesOf(whole), given, mostEnvelopes);
  if (found === undefined) return undefined;
  const share = fitShare(whole, found.format);
  if (share === 0) return undefined;
  const sure = unmistakable.has(found.format.source) ? sureOfHeads(share) : share;
  return { format: found.format, sureness: probability(sure * found.specific) };
}

/** What of another kind of load balancer a sample is of, which is not read; undefined for other text. */
export function kindredLog(sample: Buffer): Kindred | undefined {
  return kindredOf(linesOf(wholeLines(sample)));
}

/** Whether a sample is of requests of Cloudflare, but does not tell which column is which. */
export function lacksColumnNames(sample: Buffer): boolean {
  const lines = linesOf(wholeLines(sample));
  return requestsFormat(lines) === undefined && isNamelessCsv(lines);
}

/** The time of the first line that fits; undefined where none does. Local times are read as UTC. */
export function firstInstant(sample: Buffer, format: Format): Instant | undefined {
  const rows = columns(1);
  format.decoder('', createNames()).scan(sample, 0, sample.length, true, rows);
  return rows.count > 0 ? instant(rows.at[0]!) : undefined;
}

interface Found {
  readonly format: LineFormat;
  /** How little other text would fit by chance, up to 1. */
  readonly specific: number;
}

function formatOf(
  lines: readonly Buffer[],
  given: readonly AccessFormat[],
  envelopes: number,
): Found | undefined {
  // Its lines might be taken for some format of nginx.
  if (kindredOf(lines) !== undefined) return undefined;
  const alb = albFormatOf(lines);
  if (alb !== undefined) return { format: alb, specific: 1 };
  const connector = connectorFormatOf(lines);
  if (connector !== undefined) return { format: connector, specific: 1 };
  const envelope = envelopes === 0 ? undefined : envelopeOf(lines);
  if (envelope !== undefined) {
    const inside = formatOf(unwrap(lines, envelope), given, envelopes - 1);
    return inside && { ...inside, format: wrapped(inside.format, envelope) };
  }
  const ofEdge = requestsFormat(lines);
  if (ofEdge !== undefined) return { format: ofEdge, specific: 1 };
  if (isNamelessCsv(lines)) return undefined;
  const requests = lines.filter((line) => !isErrorLine(line, 0, line.length));
  const found = formatsOf(requests, given);
  if (found.length > 0) {
    const covered = found.reduce((sum, { lines }) => sum + lines, 0);
    const specific = found.reduce((sum, one) => sum + one.specific * one.lines, 0) / covered;
    return { format: mixedFormat(found.map(({ format }) => format)), specific };
  }
  return requests.length < lines.length ? { format: errorFormat, specific: 1 } : undefined;
}

/** The heads of their lines are like no other text. */
const unmistakable: ReadonlySet<SourceKind> = new Set(['nginx_error', 'alb']);

/**
 * What else stands among unmistakable lines fits no format, and counts less: it is pieces of messages that hold line
 * breaks, or lines of other kinds of load balancers.
 */
function sureOfHeads(share: number): number {
  return share / (share + pieceWeight * (1 - share));
}

function fitShare(sample: Buffer, format: Format): number {
  const decoder = format.decoder('', createNames());
  const rows = columns(mostLines);
  decoder.scan(sample, 0, sample.length, true, rows);
  return rows.count === 0 ? 0 : rows.count / (rows.count + decoder.faults.count);
}

/** What was looked at last. */
let desk = Buffer.alloc(0);

/** A copy in a place that is used again: a format that was found goes on holding what it was tried on, and of archives there are thousands. */
function lent(sample: Buffer): Buffer {
  if (sample.length > desk.length) desk = Buffer.allocUnsafeSlow(sample.length);
  desk.set(sample);
  return desk.subarray(0, sample.length);
}

/** The first lines of a sample, without one that its end may have cut, unless it is the only one. */
function wholeLines(sample: Buffer): Buffer {
  let to = 0;
  for (let line = 0; line < mostLines; line++) {
    const end = sample.indexOf(lineBreak, to);
    if (end < 0) break;
    to = end + 1;
  }
  return to === 0 ? sample : sample.subarray(0, to);
}

function linesOf(sample: Buffer): readonly Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from < sample.length; ) {
    const end = sample.indexOf(lineBreak, from);
    const to = end < 0 ? sample.length : end;
    const stop = sample[to - 1] === carriageReturn ? to - 1 : to;
    if (stop > from) lines.push(sample.subarray(from, stop));
    from = to + 1;
  }
  return lines;
}
