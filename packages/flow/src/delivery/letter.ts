import type { Result } from '@why502/model';

/** Results as a record of the outbox, and how many results it has taken up to its end. */
export interface Letter {
  readonly accepted: number;
  readonly results: readonly Result[];
}

/** So many results go into one record. */
const mostResults = 2_000;

export function letterText(letter: Letter): Buffer {
  return Buffer.from(`${JSON.stringify(letter)}\n`);
}

/** What was written as `letterText`: plain data, so that what is absent is absent again. */
export function letterOf(text: Buffer): Letter {
  return JSON.parse(text.toString()) as Letter;
}

/** The results as records, counted on from what was accepted before them. */
export function lettersOf(results: readonly Result[], before: number): readonly Letter[] {
  const letters: Letter[] = [];
  let accepted = before;
  for (let at = 0; at < results.length; at += mostResults) {
    const some = results.slice(at, at + mostResults);
    accepted += some.length;
    letters.push({ accepted, results: some });
  }
  return letters;
}

/**
 * What makes a result the one that it is, whichever revision it was when it was said: after a crash it may have been
 * said more or less often before.
 */
export function sameness(result: Result): string {
  if (result.kind === 'verdict') return JSON.stringify({ ...result.verdict, revision: 0 });
  if (result.kind === 'incident') return JSON.stringify({ ...result.incident, revision: 0 });
  return JSON.stringify(result.rows);
}
