import type { ComponentChildren } from 'preact';
import type { Panel, Row } from './api.ts';

interface PanelProps {
  readonly title: string;
  /** What it shows, where the title does not say enough. */
  readonly note?: string;
  readonly of: readonly Panel[];
  /** What is said where there is nothing to show. */
  readonly empty?: string;
  readonly children: (...rows: readonly (readonly Row[])[]) => ComponentChildren;
}

/** A part of the page: waits for its answers, says that there is nothing, or shows them, pale while they are of before. */
export function PanelBox({ title, note, of, empty, children }: PanelProps) {
  const rows = of.map((panel) => panel.rows);
  const stale = of.some(({ trouble }) => trouble !== undefined);
  const known = rows.filter((one) => one !== undefined);
  return (
    <section class={`panel${stale ? ' stale' : ''}`} aria-busy={of.some(({ loading }) => loading) && !stale}>
      <h2>{title}</h2>
      {note !== undefined && <p class="faint">{note}</p>}
      {known.length < of.length ? (
        <Waiting stale={stale} />
      ) : known[0]!.length === 0 && empty !== undefined ? (
        <p class="empty">{empty}</p>
      ) : (
        children(...known)
      )}
    </section>
  );
}

function Waiting({ stale }: { readonly stale: boolean }) {
  return stale ? <p class="empty">No answer yet.</p> : <div class="waiting" aria-hidden="true" />;
}
