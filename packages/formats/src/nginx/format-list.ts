import { Problem } from '@why502/model';
import { type AccessFormat, accessFormat } from './access.ts';
import type { Fit } from './fit.ts';
import { guessJson } from './guess-json.ts';
import { type Guess, guessText } from './guess-text.ts';
import { compileLayout } from './log-format.ts';

/** Lines of more formats than these are set aside. */
const mostFormats = 4;

/** A format whose lines another one takes in part must have this share of all, since telling them apart costs time. */
const shareWorthTelling = 0.1;

/** Guesses look at so much of a line. */
const longestGuessed = 4_096;

/** What a line counts that fits, but goes on behind the end of the format. */
const fitsInPart = 0.5;

/** Formats that are known to be in use are preferred where a guess would be as good. */
const preference = 1.05;

/** A format of some of the lines. */
export interface Listed extends Candidate {
  /** How many lines it fits that those before it do not. */
  readonly lines: number;
}

interface Candidate {
  readonly format: AccessFormat;
  /** How little other text would fit by chance, up to 1. */
  readonly specific: number;
}

/** The formats that the lines of an access log follow, the commonest first, each in the order of `mixedFormat`. */
export function formatsOf(lines: readonly Buffer[], given: readonly AccessFormat[]): readonly Listed[] {
  const found: Candidate[] = [];
  let left = lines;
  while (left.length > 0 && found.length < mostFormats) {
    const best = bestOf(left, given);
    if (best === undefined) break;
    const fits = left.map((line) => fitOf(best, line));
    const isOwn = fits.includes('whole') ? 'whole' : 'part';
    const own = left.filter((_, index) => fits[index] === isOwn);
    const areTaken = own.every((line) => found.some((other) => fitOf(other, line) !== 'none'));
    if (!areTaken || (isOwn === 'whole' && own.length >= shareWorthTelling * lines.length)) found.push(best);
    left = left.filter((_, index) => fits[index] !== isOwn);
  }
  let unread = lines;
  return found.map((candidate) => {
    const before = unread.length;
    unread = unread.filter((line) => fitOf(candidate, line) === 'none');
    return { ...candidate, lines: before - unread.length };
  });
}

function fitOf({ format }: Candidate, line: Buffer): Fit {
  return format.fit(line, 0, line.length);
}

function bestOf(lines: readonly Buffer[], given: readonly AccessFormat[]): Candidate | undefined {
  const known = given.map((format) => ({ format, specific: 1, worth: preference }));
  let best: Candidate | undefined;
  let most = 0;
  for (const candidate of [...known, ...guessesFor(lines)]) {
    const fits = lines.map((line) => fitOf(candidate, line));
    const whole = fits.filter((fit) => fit === 'whole').length;
    const part = fits.filter((fit) => fit === 'part').length;
    const score = candidate.worth * (whole + fitsInPart * part);
    if (score <= most) continue;
    most = score;
    best = candidate;
  }
  return best;
}

interface Guessed extends Candidate {
  /** What a line counts. */
  readonly worth: number;
}

function guessesFor(lines: readonly Buffer[]): readonly Guessed[] {
  const texts = lines.map((line) => line.toString('utf8', 0, longestGuessed));
  const json = guessJson(texts);
  const guesses = [...(json === undefined ? [] : [json]), ...guessText(texts)];
  return guesses.flatMap((guess) => usable(guess) ?? []);
}

/** A guess without status or time, or without anything that was asked for, is no log of requests. */
function usable({ name, format, specific }: Guess): Guessed | undefined {
  try {
    const layout = compileLayout(format);
    const { request, target, method } = layout.at;
    if (request < 0 && target < 0 && method < 0) return undefined;
    // Among text that fits in several ways, the reading that tells most of it is the likelier.
    const named = layout.variables.filter((variable) => !variable.startsWith('field_'));
    const worth = (specific * named.length) / layout.variables.length;
    return { format: accessFormat(name, layout), specific, worth };
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}
