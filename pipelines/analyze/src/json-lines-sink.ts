import type { Batch, Sink } from '@why502/model';
import { resultLine } from '@why502/report';

/**
 * Writes each result as a line of JSON. `write` resolves when the line may be followed by more.
 *
 * @param traffic whether to write rows of traffic, too, of which there are many
 */
export function jsonLinesSink(write: (text: string) => Promise<void>, traffic = true): Sink {
  return {
    name: 'JSON lines',
    // Objects that are soon lines are garbage before they are ever moved.
    worthwhile: 64,
    async deliver({ results }: Batch) {
      const told = traffic ? results : results.filter(({ kind }) => kind !== 'traffic');
      const lines = told.map(resultLine).filter((line) => line !== '');
      try {
        if (lines.length > 0) await write(`${lines.join('\n')}\n`);
      } catch (cause) {
        return { kind: 'rejected', cause };
      }
      return { kind: 'stored' };
    },
    async close() {},
  };
}
