import type { Explanation } from '@why502/model';
import { resultLine } from '../json/json-lines.ts';

/** The verdicts as lines of JSON, the same objects that `analyze` prints, each with a line break at the end. */
export function explanationLines({ failures }: Explanation): string {
  return failures.map(({ verdict }) => `${resultLine({ kind: 'verdict', verdict })}\n`).join('');
}
