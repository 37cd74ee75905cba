import type { Mechanism } from '@why502/model';
import { remedyObject } from '../json/spelling.ts';

/** A mechanism as a line of JSON, with a line break at the end. */
export function mechanismLine(mechanism: Mechanism): string {
  const { id, cause, title, summary, status, prior, weigh, needs, remedy, success, mistakenFor, references } =
    mechanism;
  return `${JSON.stringify({
    kind: 'mechanism',
    id,
    cause,
    title,
    summary,
    status,
    prior_db: prior,
    weights: weigh.map(({ kind, db, proves, why }) => ({ fact: kind, weight_db: db, proves, text: why })),
    needs,
    remedy: remedy.map(remedyObject),
    success,
    mistaken_for: mistakenFor,
    references,
  })}\n`;
}
