import { createHash } from 'node:crypto';
import type { Batch, Result } from '@why502/model';

/** Results as a batch, whose token is made of what they are: the same results have the same one. */
export function batchOf(results: readonly Result[]): Batch {
  const hash = createHash('sha256');
  for (const result of results) hash.update(identity(result));
  return { token: hash.digest('hex').slice(0, 32), results };
}

function identity(result: Result): string {
  if (result.kind === 'traffic') return JSON.stringify(result.rows);
  const { id, revision } = result.kind === 'verdict' ? result.verdict : result.incident;
  return `${result.kind} ${id} ${revision};`;
}
