import type { Explanation } from '@why502/model';
import { jsonLine, resultLine } from '../json/json-lines.ts';
import { pageObject } from '../json/page-object.ts';

/**
 * Lines of JSON, each with a line break at the end: what was read of a page, then the verdicts, the same objects that
 * `analyze` prints.
 */
export function explanationLines({ failures, page }: Explanation): string {
  return [
    ...(page === undefined ? [] : [jsonLine(pageObject(page))]),
    ...failures.map(({ verdict }) => resultLine({ kind: 'verdict', verdict })),
  ]
    .map((line) => `${line}\n`)
    .join('');
}
