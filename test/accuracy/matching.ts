import type { EvidenceLevel } from '@why502/classifier';
import type { Label, Truth } from '../corpus.ts';

/** What the scorer reads of a verdict, by the names that `--format json` gives it. */
export interface VerdictObject {
  readonly kind: 'verdict';
  readonly id: string;
  readonly revision: number;
  readonly request_id: string | null;
  readonly file: string | null;
  readonly line: number | null;
  /** All lines about it, the outermost first. */
  readonly rows: readonly { readonly file: string; readonly line: number }[];
  readonly outcome: string;
  readonly hop: string;
  readonly merged_into: string | null;
  readonly cause: string;
  readonly mechanism: string | null;
  readonly confidence: number;
  readonly mechanism_confidence: number;
  /** How much the failure shows of itself, which is not printed. */
  readonly level: EvidenceLevel;
}

/** A labelled request and what was said about it; `verdict` is undefined where nothing was said. */
export interface Match {
  readonly truth: Label;
  readonly verdict: VerdictObject | undefined;
}

export interface Matching {
  /** One per labelled request, in the order of the labels. */
  readonly matches: readonly Match[];
  /** Verdicts about failures that did not happen, and second verdicts about one request. */
  readonly surplus: readonly VerdictObject[];
}

/**
 * Pairs labelled requests with verdicts: by request id where the log holds one, else by the line of `combinedLog`. Of
 * one id the last revision counts. Verdicts with outcome `masked` or `not_an_error` count only where there is a label;
 * of those with outcome `truncated` the ones about `truncated` requests are not surplus.
 */
export function match(
  truths: readonly Truth[],
  verdicts: readonly VerdictObject[],
  combinedLog: string,
  truncated: readonly Truth[] = [],
): Matching {
  const byRequest = new Map<string, VerdictObject>();
  const surplus: VerdictObject[] = [];
  const labelled = keys(truths);
  const brokenOff = keys(truncated);
  for (const verdict of lastRevisions(verdicts)) {
    const key = verdict.request_id ?? (verdict.file === combinedLog ? lineKey(verdict.line) : undefined);
    if (key !== undefined && labelled.has(key) && !byRequest.has(key)) byRequest.set(key, verdict);
    else if (verdict.outcome === 'truncated' && key !== undefined && brokenOff.has(key)) continue;
    else if (verdict.outcome === 'failed' || verdict.outcome === 'truncated') surplus.push(verdict);
  }
  const matches = truths.map((truth) => ({
    truth,
    verdict: byRequest.get(truth.requestId) ?? byRequest.get(lineKey(truth.combinedLine)),
  }));
  return { matches, surplus };
}

/** The last one of each id; none of what was merged into another. */
export function lastRevisions(verdicts: readonly VerdictObject[]): readonly VerdictObject[] {
  const last = new Map<string, VerdictObject>();
  for (const verdict of verdicts) {
    if (verdict.revision >= (last.get(verdict.id)?.revision ?? 0)) last.set(verdict.id, verdict);
  }
  return [...last.values()].filter(({ merged_into }) => merged_into === null);
}

function keys(truths: readonly Truth[]): ReadonlySet<string> {
  return new Set(truths.flatMap((truth) => [truth.requestId, lineKey(truth.combinedLine)]));
}

/** Cannot be mistaken for a request id, which holds no space. */
function lineKey(line: number | null): string {
  return `line ${line}`;
}
