import { columns, type Format, type Instant, instant, probability, type Recognition } from '@why502/model';
import { createNames } from './names.ts';
import { accessFormat } from './nginx/access.ts';
import { errorFormat } from './nginx/error-log.ts';
import { guessJson } from './nginx/guess-json.ts';
import { type Guess, guessText } from './nginx/guess-text.ts';
import { compileLayout } from './nginx/log-format.ts';

/** Lines that are looked at; more would not change the answer. */
const mostLines = 500;
const lineBreak = 0x0a;

/**
 * The format that most of the first lines follow, and the share of lines that do, lessened where other text might fit
 * as well. Undefined where no format fits any line. The last line may be cut off by the end of the sample.
 */
export function recognise(sample: Buffer): Recognition | undefined {
  const whole = wholeLines(sample);
  const text = whole
    .toString('utf8')
    .split(/\r?\n/)
    .filter((line) => line !== '');
  const json = guessJson(text);
  const guesses = [...(json === undefined ? [] : [json]), ...guessText(text)];
  const candidates = guesses.map(candidateOf).filter((candidate) => candidate !== undefined);
  candidates.push({ format: errorFormat, specific: 1 });
  let best: Recognition | undefined;
  for (const { format, specific } of candidates) {
    const sureness = probability(fitShare(whole, format) * specific);
    if (sureness > (best?.sureness ?? 0)) best = { format, sureness };
  }
  return best;
}

/** The time of the first line that fits; undefined where none does. Times of error logs are read as UTC. */
export function firstInstant(sample: Buffer, format: Format): Instant | undefined {
  const rows = columns(1);
  format.decoder('', createNames()).scan(sample, 0, sample.length, true, rows);
  return rows.count > 0 ? instant(rows.at[0]!) : undefined;
}

function candidateOf({ name, format, specific }: Guess): { format: Format; specific: number } | undefined {
  try {
    return { format: accessFormat(name, compileLayout(format)), specific };
  } catch {
    return undefined;
  }
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
