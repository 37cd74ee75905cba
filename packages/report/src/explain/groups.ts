import type { ExplainedFailure } from '@why502/model';
import { symptomOf } from './words.ts';

type Group = readonly [ExplainedFailure, ...ExplainedFailure[]];

/** Failures about which the same would be said, in the order of the paste. */
export function groupsOf(failures: readonly ExplainedFailure[]): readonly Group[] {
  const byWords = new Map<string, [ExplainedFailure, ...ExplainedFailure[]]>();
  for (const failure of failures) {
    const { verdict } = failure;
    const key = [
      symptomOf(failure),
      verdict.rows[0]?.source,
      verdict.mechanism,
      verdict.peer,
      verdict.confidence,
      verdict.primary,
    ].join(' ');
    const group = byWords.get(key);
    if (group === undefined) byWords.set(key, [failure]);
    else group.push(failure);
  }
  return [...byWords.values()].sort((a, b) => firstLine(a) - firstLine(b));
}

function firstLine([failure]: Group): number {
  return failure.lines[0]?.first ?? 0;
}
