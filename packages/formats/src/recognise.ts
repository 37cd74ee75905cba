import {
  columns,
  type Format,
  type Instant,
  instant,
  Problem,
  probability,
  type Recognition,
} from '@why502/model';
import { envelopeOf, wrapped } from './envelope.ts';
import { createNames } from './names.ts';
import { accessFormat } from './nginx/access.ts';
import { errorFormat } from './nginx/error-log.ts';
import { guessJson } from './nginx/guess-json.ts';
import { type Guess, guessText } from './nginx/guess-text.ts';
import { compileLayout } from './nginx/log-format.ts';

/** Lines that are looked at; more would not change the answer. */
const mostLines = 500;
const lineBreak = 0x0a;
const carriageReturn = 0x0d;

/**
 * The format that most of the first lines follow, and the share of lines that do, lessened where other text might fit
 * as well. Undefined where no format fits any line. The last line may be cut off by the end of the sample.
 */
export function recognise(sample: Buffer): Recognition | undefined {
  const whole = wholeLines(sample);
  const lines = linesOf(whole);
  const envelope = envelopeOf(lines);
  if (envelope === undefined) return bestOf(candidatesFor(lines), whole);
  const inside = lines.flatMap((line) => envelope.unwrap(line, 0, line.length) ?? []);
  const candidates = candidatesFor(inside).map(({ format, specific }) => ({
    format: wrapped(format, envelope),
    specific,
  }));
  return bestOf(candidates, whole);
}

/** The time of the first line that fits; undefined where none does. Times of error logs are read as UTC. */
export function firstInstant(sample: Buffer, format: Format): Instant | undefined {
  const rows = columns(1);
  format.decoder('', createNames()).scan(sample, 0, sample.length, true, rows);
  return rows.count > 0 ? instant(rows.at[0]!) : undefined;
}

interface Candidate {
  readonly format: Format;
  /** How little other text would fit by chance, up to 1. */
  readonly specific: number;
}

function candidatesFor(lines: readonly Buffer[]): readonly Candidate[] {
  const texts = lines.map((line) => line.toString('utf8'));
  const json = guessJson(texts);
  const guesses = [...(json === undefined ? [] : [json]), ...guessText(texts)];
  return [...guesses.flatMap((guess) => candidateOf(guess) ?? []), { format: errorFormat, specific: 1 }];
}

/** A guess without status or time is no log of requests. */
function candidateOf({ name, format, specific }: Guess): Candidate | undefined {
  try {
    return { format: accessFormat(name, compileLayout(format)), specific };
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

function bestOf(candidates: readonly Candidate[], sample: Buffer): Recognition | undefined {
  let best: Recognition | undefined;
  for (const { format, specific } of candidates) {
    const sureness = probability(fitShare(sample, format) * specific);
    if (sureness > (best?.sureness ?? 0)) best = { format, sureness };
  }
  return best;
}

function fitShare(sample: Buffer, format: Format): number {
  const decoder = format.decoder('', createNames());
  const rows = columns(mostLines);
  decoder.scan(sample, 0, sample.length, true, rows);
  return rows.count === 0 ? 0 : rows.count / (rows.count + decoder.faults.count);
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
