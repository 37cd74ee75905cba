import type { Result } from '@why502/model';
import { resultLine } from '@why502/report';

/** Results as the command prints them, without the numbers of their revisions: archives say nothing of what was said before. */
export function unrevised(result: Result): readonly string[] {
  if (result.kind === 'verdict')
    return [resultLine({ kind: 'verdict', verdict: { ...result.verdict, revision: 0 } })];
  if (result.kind === 'incident')
    return [resultLine({ kind: 'incident', incident: { ...result.incident, revision: 0 } })];
  return resultLine(result).trimEnd().split('\n');
}

/** The last that was said of every incident, and all else, sorted. */
export function atLast(lines: readonly string[]): readonly string[] {
  const last = new Map<string, string>();
  const others: string[] = [];
  for (const line of lines) {
    const one = JSON.parse(line) as { readonly kind: string; readonly id: string };
    if (one.kind === 'incident') last.set(one.id, line);
    else others.push(line);
  }
  return [...others, ...last.values()].sort();
}

/** Of two lists the first lines that only one of them has, and their lengths: all of them would be too many to look at. */
export function difference(some: readonly string[], others: readonly string[]): readonly string[] {
  const [here, there] = [new Set(some), new Set(others)];
  const only = [...some.filter((line) => !there.has(line)), ...others.filter((line) => !here.has(line))];
  const lengths = some.length === others.length ? [] : [`${some.length} against ${others.length}`];
  return [...lengths, ...only.slice(0, 4)];
}
