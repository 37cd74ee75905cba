import type { Remedy } from '@why502/model';
import type { Paragraph } from './page.ts';
import { span } from './span.ts';

/** What to change and where; lines of configuration and commands stay whole, so that they can be copied. */
export function toDo(remedy: readonly Remedy[]): Paragraph[] {
  return remedy.flatMap(({ where, change, example }) => [
    [span(`${where}:`, 'strong'), span(change)],
    ...(example === undefined ? [] : [{ verbatim: example }]),
  ]);
}
