import { type Row, usePanel } from './api.ts';
import { causeClass, titleOf } from './causes.ts';
import { count, dayAndTime, duration, number, share, sureness, text, utc } from './format.ts';
import { Incident } from './incident.tsx';
import { PanelBox } from './panel.tsx';
import { addressOf, go, toggle } from './state.ts';

/** Upper bounds of the histogram of durations, ms; the last bin is all above. */
const bounds = [
  5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000, 15_000, 30_000, 60_000, 120_000,
];

/** Incidents, what failures have that requests have not, how long they took, and the requests themselves. */
export function WhyView() {
  const incidents = usePanel('incidents', { limit: 50 });
  const different = usePanel('different');
  const durations = usePanel('durations');
  const failures = usePanel('failures', { limit: 50 });
  return (
    <>
      <PanelBox title="Incidents" of={[incidents]} empty="No incident in this time.">
        {(rows) => rows!.map((row) => <Incident key={text(row, 'id')} row={row} />)}
      </PanelBox>
      <div class="columns wide">
        <PanelBox
          title="What is different"
          note="Values that failures have more often than requests have them."
          of={[different]}
          empty="Failures are spread like the requests."
        >
          {(rows) => <Different rows={rows!} />}
        </PanelBox>
        <PanelBox
          title="How long they took"
          note="Requests with a status from 500 on, and the others; each as shares of its own."
          of={[durations]}
          empty="No log tells how long requests took."
        >
          {(rows) => <Durations rows={rows!} />}
        </PanelBox>
      </div>
      <PanelBox title="Requests" note="The latest 50." of={[failures]} empty="Nothing failed in this time.">
        {(rows) => <Requests rows={rows!} />}
      </PanelBox>
    </>
  );
}

function Different({ rows }: { readonly rows: readonly Row[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th>what</th>
          <th class="number">of failures</th>
          <th class="number">of requests</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={`${text(row, 'column')}=${text(row, 'value')}`}>
            <td>
              <button
                type="button"
                class="link"
                onClick={() => toggle(`${text(row, 'column')}=${text(row, 'value')}`)}
              >
                <span class="faint">{text(row, 'column')}</span>{' '}
                <span class="mono">{text(row, 'value')}</span>
              </button>
            </td>
            <td class="number">{share(count(row, 'share_of_failures'), 1)}</td>
            <td class="number">{share(count(row, 'share_of_requests'), 1)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Durations({ rows }: { readonly rows: readonly Row[] }) {
  const shares = rows.map((row) => {
    const counts = (row.counts as readonly unknown[]).map(Number);
    const all = counts.reduce((sum, one) => sum + one, 0);
    return { kind: text(row, 'kind'), all, shares: counts.map((one) => (all === 0 ? 0 : one / all)) };
  });
  const most = Math.max(0.01, ...shares.flatMap((one) => one.shares));
  return (
    <div class="durations">
      {shares.map(({ kind, all, shares: bins }) => (
        <figure key={kind}>
          <figcaption>
            {kind} <span class="faint">({number(all)})</span>
          </figcaption>
          <svg
            viewBox={`0 0 ${bins.length} 100`}
            preserveAspectRatio="none"
            class="small-bars"
            role="img"
            aria-label={`Durations of ${kind} requests`}
          >
            {bins.map((one, i) => (
              <rect
                key={i}
                class={kind}
                x={i + 0.06}
                y={100 - (100 * one) / most}
                width="0.88"
                height={(100 * one) / most}
              >
                <title>{`${i < bounds.length ? `up to ${duration(bounds[i]!)}` : `over ${duration(bounds.at(-1)!)}`}: ${share(one, 1)}`}</title>
              </rect>
            ))}
          </svg>
        </figure>
      ))}
      <div class="axis">
        <span>5 ms</span>
        <span>100 ms</span>
        <span>1 s</span>
        <span>15 s</span>
        <span>2 min</span>
      </div>
    </div>
  );
}

function Requests({ rows }: { readonly rows: readonly Row[] }) {
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>when</th>
            <th>status</th>
            <th>request</th>
            <th>peer</th>
            <th>why</th>
            <th class="number">sure</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const id = text(row, 'id');
            return (
              <tr key={id}>
                <td>
                  <a
                    href={addressOf({ id })}
                    title={utc(count(row, 'at'))}
                    onClick={(event) => {
                      event.preventDefault();
                      go({ id });
                    }}
                  >
                    {dayAndTime(count(row, 'at'))}
                  </a>
                </td>
                <td>{text(row, 'status')}</td>
                <td class="mono request">
                  {text(row, 'method')} {text(row, 'host')}
                  {text(row, 'path')}
                </td>
                <td class="mono">{text(row, 'peer')}</td>
                <td>
                  <span class={`dot ${causeClass(text(row, 'cause'))}`} />
                  {titleOf(text(row, 'mechanism'))}
                </td>
                <td class="number">
                  {text(row, 'mechanism') === '' ? '' : sureness(count(row, 'confidence'))}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
