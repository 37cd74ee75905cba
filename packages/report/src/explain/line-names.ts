import type { ExplainedFailure } from '@why502/model';

/** More stretches of lines than these are counted, not named. */
const mostNamed = 8;

/** Lines of a paste, both ends included. */
interface Stretch {
  readonly first: number;
  readonly last: number;
}

/** The lines that failures of one kind stand in; what no line stands for is called by its status. */
export function linesOf(failures: readonly ExplainedFailure[]): string {
  const [only] = failures;
  if (failures.length === 1 && only?.statusOnly === true) return statusName(only);
  return namesOf(failures.flatMap(({ lines }) => lines));
}

/** A page may name what failed without its status. */
function statusName({ verdict, request }: ExplainedFailure): string {
  const { status } = verdict;
  return status === undefined ? (request?.said?.code ?? 'The failure') : `Status ${status}`;
}

/** `Line 3`, `Lines 1 and 4-6`. */
export function namesOf(lines: readonly Stretch[]): string {
  const stretches = joinedUp(lines);
  const names = stretches.map(({ first, last }) => (first === last ? String(first) : `${first}-${last}`));
  const isOne = stretches.length === 1 && stretches[0]!.first === stretches[0]!.last;
  return `${isOne ? 'Line' : 'Lines'} ${listed(names)}`;
}

/** In order, each as long as lines follow upon each other. */
function joinedUp(stretches: readonly Stretch[]): readonly Stretch[] {
  const found: Stretch[] = [];
  for (const stretch of [...stretches].sort((a, b) => a.first - b.first)) {
    const before = found.at(-1);
    if (before === undefined || stretch.first > before.last + 1) found.push(stretch);
    else found[found.length - 1] = { first: before.first, last: Math.max(before.last, stretch.last) };
  }
  return found;
}

function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  if (names.length <= mostNamed) return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  return `${names.slice(0, mostNamed - 1).join(', ')} and ${names.length - mostNamed + 1} more stretches`;
}
