import { mechanisms as known } from '@why502/mechanisms';
import { type Mechanism, type MechanismId, Problem } from '@why502/model';

/** All that why502 knows, by id. */
export const mechanisms: ReadonlyMap<MechanismId, Mechanism> = new Map(known.map((one) => [one.id, one]));

/** Share of the letters that may be off in what is still the same word. */
const likeness = 0.34;

/**
 * The mechanism of that id or title, however it is spelt: `keepalive_mismatch`, `Keepalive mismatch`. Undefined where
 * the text is no name of one.
 * @throws Problem W502_NOT_UNDERSTOOD where it looks like the name of several, or is nearly one
 */
export function mechanismNamed(text: string, among: readonly Mechanism[] = known): Mechanism | undefined {
  const asked = spelling(text);
  if (asked === '' || /["\n]/.test(text.trim()) || asked.length > 120) return undefined;
  const exact = among.find(({ id, title }) => spelling(id) === asked || spelling(title) === asked);
  if (exact !== undefined || !/^[a-z]+(?: [a-z]+){0,4}$/.test(asked)) return exact;
  const near = among.filter(({ id }) => isLike(asked, spelling(id))).map(({ id }) => id);
  if (near.length === 0) return undefined;
  throw new Problem('W502_NOT_UNDERSTOOD', {
    where: text.trim(),
    expected: 'the name of a mechanism',
    choices: near,
  });
}

function spelling(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s_.-]+/g, ' ')
    .trim();
}

/** Part of the other's words, or so much alike that a slip of the finger is likelier. */
function isLike(asked: string, id: string): boolean {
  const words = id.split(' ');
  if (asked.split(' ').every((word) => word.length >= 4 && words.includes(word))) return true;
  return distance(asked, id) <= Math.floor(likeness * Math.min(asked.length, id.length));
}

/** Letters to change, add or drop (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1)!;
}
