import type { Row } from './api.ts';
import { titleOf } from './causes.ts';
import { count, number, text } from './format.ts';
import { toggle } from './state.ts';

/** Hops in the order in which a request passes them, and the names by which logs and verdicts call them. */
const hops = [
  { name: 'client', label: 'Client' },
  { name: 'cloudflare', label: 'Cloudflare' },
  { name: 'alb', label: 'Load balancer' },
  { name: 'nginx', label: 'nginx' },
  { name: 'app', label: 'Application' },
] as const;

/** Hops that stand for another one in the row. */
const sameAs: Readonly<Record<string, string>> = { worker: 'cloudflare', lambda: 'app', other: 'app' };

/** The way of a request, and at which hop how many failures were made. */
export function HopDiagram({ rows }: { readonly rows: readonly Row[] }) {
  const seen = new Set(rows.flatMap((row) => row.seen as readonly string[]));
  const made = (name: string) =>
    rows.filter((row) => (sameAs[text(row, 'hop')] ?? text(row, 'hop')) === name);
  const shown = hops.filter(
    ({ name }) => name === 'client' || name === 'app' || seen.has(name) || made(name).length > 0,
  );
  const total = rows.reduce((sum, row) => sum + count(row, 'failures'), 0);
  return (
    <ol class="hops">
      {shown.map(({ name, label }) => {
        const here = made(name);
        const failures = here.reduce((sum, row) => sum + count(row, 'failures'), 0);
        const mostly = here.toSorted((a, b) => count(b, 'failures') - count(a, 'failures'))[0];
        return (
          <li key={name} class={failures > 0 ? 'failing' : ''}>
            <button
              type="button"
              disabled={failures === 0}
              onClick={() => toggle(`hop=${text(mostly, 'hop')}`)}
              title={failures === 0 ? undefined : 'Only what this hop made'}
            >
              <strong>{label}</strong>
              {failures === 0 ? (
                <span class="faint">
                  {seen.has(name) ? 'made none' : name === 'client' ? '' : 'not logged'}
                </span>
              ) : (
                <>
                  <span class="hop-count">{number(failures)}</span>
                  <span class="faint">
                    of {number(total)}; mostly: {titleOf(text(mostly, 'mostly'))}
                  </span>
                </>
              )}
            </button>
          </li>
        );
      })}
    </ol>
  );
}
