import type { Row } from './api.ts';
import { count, number, share, text, utc } from './format.ts';
import { columnsOf, type Span } from './span.ts';
import { toggle } from './state.ts';
import { Axis } from './time-chart.tsx';

/** Steps of the colour: up to this share of a peer's requests failed. */
const steps = [0, 0.02, 0.1, 0.3, 0.7, 1];

/** A row per peer, a cell per stretch of time. */
export function HeatMap({ rows, span }: { readonly rows: readonly Row[]; readonly span: Span }) {
  const columns = columnsOf(span);
  const indexes = new Map(columns.map((at, i) => [at, i]));
  return (
    <div class="heat">
      {peersOf(rows).map(({ peer, cells, failures }) => (
        <div class="heat-row" key={peer}>
          <button type="button" class="mono" title={`Only ${peer}`} onClick={() => toggle(`peer=${peer}`)}>
            {peer}
          </button>
          <svg
            class="cells"
            viewBox={`0 0 ${columns.length} 1`}
            preserveAspectRatio="none"
            role="img"
            aria-label={`${peer}: ${number(failures)} failed`}
          >
            {cells.map((row) => {
              const at = count(row, 'at');
              const index = indexes.get(at);
              if (index === undefined) return undefined;
              const [failed, asked] = [count(row, 'failures'), count(row, 'requests')];
              return (
                <rect key={at} class={`heat-${heat(failed, asked)}`} x={index} y="0" width="1" height="1">
                  <title>{`${peer}\n${utc(at)}\n${number(failed)} of ${number(Math.max(asked, failed))} failed (${share(failed, Math.max(asked, failed))})`}</title>
                </rect>
              );
            })}
          </svg>
          <span class="number">{number(failures)}</span>
        </div>
      ))}
      <div class="heat-row">
        <span />
        <Axis span={span} />
        <span />
      </div>
      <ul class="legend">
        {steps.map((most, i) => (
          <li key={most}>
            <span class={`dot heat-${i}`} />
            {i === 0 ? 'none failed' : `up to ${most * 100} %`}
          </li>
        ))}
      </ul>
    </div>
  );
}

function peersOf(rows: readonly Row[]) {
  const byPeer = new Map<string, Row[]>();
  for (const row of rows) {
    const peer = text(row, 'peer');
    byPeer.set(peer, [...(byPeer.get(peer) ?? []), row]);
  }
  return [...byPeer]
    .map(([peer, cells]) => ({
      peer,
      cells,
      failures: cells.reduce((sum, row) => sum + count(row, 'failures'), 0),
    }))
    .sort((a, b) => b.failures - a.failures || (a.peer < b.peer ? -1 : 1));
}

function heat(failures: number, requests: number): number {
  if (failures === 0) return 0;
  const failing = failures / Math.max(requests, failures);
  return steps.findIndex((most, i) => i > 0 && failing <= most);
}
