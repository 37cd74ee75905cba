import type { Row } from './api.ts';
import { about } from './api.ts';
import { causeClass, titleOf } from './causes.ts';
import { count, dayAndTime, number, text, utc } from './format.ts';
import { place, toggle } from './state.ts';

/** The most frequent values of a column, each a button that looks at it alone. */
export function Bars({
  title,
  column,
  rows,
}: {
  readonly title: string;
  readonly column: string;
  readonly rows: readonly Row[];
}) {
  const here = rows.filter((row) => text(row, 'column') === column);
  const most = Math.max(1, ...here.map((row) => count(row, 'failures')));
  if (here.length === 0) return null;
  return (
    <div class="bars-list">
      <h3>{title}</h3>
      <ul>
        {here.map((row) => {
          const value = text(row, 'value');
          const condition = `${column}=${value}`;
          const mostly = text(row, 'mostly');
          return (
            <li key={value}>
              <button
                type="button"
                aria-pressed={place.value.where.includes(condition)}
                title={`Mostly: ${titleOf(mostly)}\nFirst: ${utc(count(row, 'first'))}`}
                onClick={() => toggle(condition)}
              >
                <span class="bar-label mono">{value}</span>
                <span class="number">{number(count(row, 'failures'))}</span>
                <svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
                  <rect
                    class={causeClass(about.value.mechanisms[mostly]?.cause ?? 'unknown')}
                    width={(100 * count(row, 'failures')) / most}
                    height="1"
                  />
                </svg>
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** When each peer failed first: who was first is often who began. */
export function FirstFailing({ rows }: { readonly rows: readonly Row[] }) {
  const peers = rows
    .filter((row) => text(row, 'column') === 'peer')
    .toSorted((a, b) => count(a, 'first') - count(b, 'first'));
  return (
    <div class="bars-list">
      <h3>First failure of each peer</h3>
      <ol class="plain">
        {peers.map((row) => (
          <li key={text(row, 'value')}>
            <time title={utc(count(row, 'first'))}>{dayAndTime(count(row, 'first'))}</time>{' '}
            <span class="mono">{text(row, 'value')}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
