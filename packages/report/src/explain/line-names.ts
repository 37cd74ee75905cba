import type { ExplainedFailure } from '@why502/model';

/** `Line 3`, `Lines 1 and 4-6`; what no line stands for is called by its status. */
export function linesOf(failures: readonly ExplainedFailure[]): string {
  const [only] = failures;
  if (failures.length === 1 && only?.statusOnly === true) return `Status ${only.verdict.status}`;
  const spans = failures.flatMap(({ lines }) => lines);
  const names = spans.map(({ first, last }) => (first === last ? String(first) : `${first}-${last}`));
  const isOne = spans.length === 1 && spans[0]!.first === spans[0]!.last;
  return `${isOne ? 'Line' : 'Lines'} ${joined(names)}`;
}

function joined(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
