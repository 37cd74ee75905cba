import { createHash } from 'node:crypto';
import type { Batch, Result } from '@why502/model';

/** Results as a batch, whose token is made of what they are: the same results have the same one. */
export function batchOf(results: readonly Result[]): Batch {
  const hash = createHash('sha256');
  for (const result of results) hash.update(identity(result));
  return { token: hash.digest('hex').slice(0, 32), results };
}

/** What other rules say of the same request is no repetition, though it has the same id. */
function identity(result: Result): string {
  if (result.kind === 'traffic') return JSON.stringify(result.rows);
  const { id, revision } = result.kind === 'verdict' ? result.verdict : result.incident;
  const ruleset = result.kind === 'verdict' ? result.verdict.ruleset : undefined;
  return `${[result.kind, id, revision, ...(ruleset === undefined ? [] : [ruleset])].join(' ')};`;
}
