import { Problem } from '@why502/model';
import type { LineFormat } from '../lines.ts';
import { type AccessFormat, accessFormat } from './access.ts';
import { guessJson } from './guess-json.ts';
import { type Guess, guessText } from './guess-text.ts';
import { compileLayout } from './log-format.ts';

/** Lines of more formats than these are set aside. */
const mostFormats = 4;

/** A format whose lines another one takes in part must have this share of all, since all are tried with it first. */
const shareToGoFirst = 0.1;

/** What a line counts that fits, but goes on behind the end of the format. */
const fitsInPart = 0.5;

/** Formats that are known to be in use are preferred where a guess would be as good. */
const preference = 1.05;

/** A format of some of the lines. */
export interface Listed {
  readonly format: LineFormat;
  /** How little other text would fit by chance, up to 1. */
  readonly specific: number;
  /** How many lines it fits that those before it do not. */
  readonly lines: number;
}

interface Candidate {
  readonly format: AccessFormat;
  readonly specific: number;
}

/**
 * The formats that the lines of an access log follow, in the order in which a line must try them: one that takes lines of
 * another, but not to their ends, comes behind it. Without the other, such lines are read as far as they fit.
 */
export function formatsOf(lines: readonly Buffer[], given: readonly AccessFormat[]): readonly Listed[] {
  const found: (Candidate & { readonly own: readonly Buffer[] })[] = [];
  let left = lines;
  while (left.length > 0 && found.length < mostFormats) {
    const best = bestOf(left, given);
    if (best === undefined) break;
    const fits = left.map((line) => best.format.fit(line));
    const isOwn = fits.includes('whole') ? 'whole' : 'part';
    const own = left.filter((_, index) => fits[index] === isOwn);
    const rival = found.findIndex(({ format }) => own.every((line) => format.fit(line) !== 'none'));
    if (rival < 0) found.push({ ...best, own });
    else if (
      isOwn === 'whole' &&
      own.length >= shareToGoFirst * lines.length &&
      found[rival]!.own.every((line) => best.format.fit(line) === 'none')
    )
      found.splice(rival, 0, { ...best, own });
    left = left.filter((_, index) => fits[index] !== isOwn);
  }
  let unread = lines;
  return found.map(({ format, specific }) => {
    const before = unread.length;
    unread = unread.filter((line) => format.fit(line) === 'none');
    return { format, specific, lines: before - unread.length };
  });
}

function bestOf(lines: readonly Buffer[], given: readonly AccessFormat[]): Candidate | undefined {
  const known = given.map((format) => ({ format, specific: 1, worth: preference }));
  const guesses = guessesFor(lines).map((guess) => ({ ...guess, worth: guess.specific }));
  let best: Candidate | undefined;
  let most = 0;
  for (const candidate of [...known, ...guesses]) {
    const fits = lines.map((line) => candidate.format.fit(line));
    const whole = fits.filter((fit) => fit === 'whole').length;
    const part = fits.filter((fit) => fit === 'part').length;
    const score = candidate.worth * (whole + fitsInPart * part);
    if (score <= most) continue;
    most = score;
    best = candidate;
  }
  return best;
}

function guessesFor(lines: readonly Buffer[]): readonly Candidate[] {
  const texts = lines.map((line) => line.toString('utf8'));
  const json = guessJson(texts);
  const guesses = [...(json === undefined ? [] : [json]), ...guessText(texts)];
  return guesses.flatMap((guess) => usable(guess) ?? []);
}

/** A guess without status or time, or without anything that was asked for, is no log of requests. */
function usable({ name, format, specific }: Guess): Candidate | undefined {
  try {
    const layout = compileLayout(format);
    const { request, target, method } = layout.at;
    if (request < 0 && target < 0 && method < 0) return undefined;
    return { format: accessFormat(name, layout), specific };
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}
