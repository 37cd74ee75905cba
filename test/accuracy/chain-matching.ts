import type { ChainTruth } from '../chain-corpus.ts';
import { lastRevisions, type Matching, type VerdictObject } from './matching.ts';

interface Row {
  readonly file: string;
  readonly line: number;
}

/**
 * Pairs labelled requests with verdicts: by the outermost line of a verdict, else by any other; where several verdicts
 * are about one request, the one that begins furthest out counts and the others are surplus. A request that was masked
 * or truncated is left out where it left no trace: no line of an error log is about it, and nobody said a word.
 * Verdicts with outcome `masked` or `not_an_error` count only where there is a label.
 */
export function matchRows(truths: readonly ChainTruth[], verdicts: readonly VerdictObject[]): Matching {
  const owners = new Map<string, ChainTruth>();
  for (const truth of truths) for (const row of truth.rows) owners.set(keyOf(row), truth);
  const found = new Map<ChainTruth, VerdictObject>();
  const surplus: VerdictObject[] = [];
  const unplaced: VerdictObject[] = [];
  for (const verdict of lastRevisions(verdicts)) {
    const truth = ownerOf(verdict.rows[0], owners);
    const other = truth && found.get(truth);
    if (truth === undefined) unplaced.push(verdict);
    else if (other === undefined) found.set(truth, verdict);
    else if (depth(verdict, truth) < depth(other, truth)) {
      found.set(truth, verdict);
      surplus.push(other);
    } else surplus.push(verdict);
  }
  for (const verdict of unplaced) {
    const truth = verdict.rows.map((row) => ownerOf(row, owners)).find((one) => one !== undefined);
    if (truth === undefined || found.has(truth)) surplus.push(verdict);
    else found.set(truth, verdict);
  }
  return {
    matches: truths
      .map((truth) => ({ truth, verdict: found.get(truth) }))
      .filter(({ truth, verdict }) => verdict !== undefined || leavesTrace(truth)),
    surplus: surplus.filter(({ outcome }) => outcome === 'failed' || outcome === 'truncated'),
  };
}

function ownerOf(row: Row | undefined, owners: ReadonlyMap<string, ChainTruth>): ChainTruth | undefined {
  return row === undefined ? undefined : owners.get(keyOf(row));
}

/** How far in the outermost line of the verdict lies among those of the request. */
function depth(verdict: VerdictObject, { rows }: ChainTruth): number {
  return rows.findIndex((row) => keyOf(row) === keyOf(verdict.rows[0]!));
}

function leavesTrace({ outcome, rows }: ChainTruth): boolean {
  return (outcome !== 'masked' && outcome !== 'truncated') || rows.some(({ error }) => error);
}

function keyOf({ file, line }: Row): string {
  return `${line} ${file}`;
}
