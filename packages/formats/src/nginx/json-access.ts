import { type Names, Problem } from '@why502/model';
import { type LineFormat, type LineReading, lineFormat, type Misfit } from '../lines.ts';
import { accessReading } from './access.ts';
import { guessJson } from './guess-json.ts';
import { compileLayout } from './log-format.ts';

const notJson: Misfit = { reason: 'not_json', column: 0 };

/** JSON access logs, one object a line, whose keys are learned from the first line. */
export const jsonFormat: LineFormat = lineFormat('nginx JSON', 'nginx', learningReading);

function learningReading(names: Names): LineReading {
  let learned: LineReading | undefined;
  const reading = (bytes: Buffer, from: number, to: number) => {
    learned ??= learn(bytes.toString('utf8', from, to), names);
    return learned;
  };
  return {
    scan: (bytes, from, to, into, row) =>
      (learned ?? reading(bytes, from, to))?.scan(bytes, from, to, into, row) ??
      (learned ? undefined : notJson),
    read: (bytes, from, to, row) => reading(bytes, from, to)?.read(bytes, from, to, row) ?? notJson,
  };
}

/** A line without status or time teaches nothing, and the next one is tried. */
function learn(line: string, names: Names): LineReading | undefined {
  const guess = guessJson([line]);
  if (guess === undefined) return undefined;
  try {
    return accessReading(compileLayout(guess.format), names);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}
