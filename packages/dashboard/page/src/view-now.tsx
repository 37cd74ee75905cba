import { usePanel } from './api.ts';
import { causeClass, causeName, titleOf } from './causes.ts';
import { failingIn } from './failing.ts';
import { count, number, share, sureness, text } from './format.ts';
import { Incident } from './incident.tsx';
import { PanelBox } from './panel.tsx';
import { ofTraffic, type Span, useSpan } from './span.ts';
import { toggle } from './state.ts';
import { busiest, TimeChart } from './time-chart.tsx';

/** Reasons in the list: the rest is in the time line. */
const mostReasons = 8;

/** The share of requests that may fail, for the rate at which that budget burns. */
const objective = 0.001;

/** What fails, since when, and why mostly. */
export function NowView() {
  const span = useSpan();
  return span === undefined ? <div class="panel waiting" /> : <Now span={span} />;
}

function Now({ span }: { readonly span: Span }) {
  const timeline = usePanel('timeline', { step: span.step });
  const traffic = usePanel('traffic', { step: ofTraffic(span).step });
  const incidents = usePanel('incidents', { limit: 50 });
  const { failures, badGateways, mechanisms } = failingIn(timeline.rows ?? []);
  const source = busiest(traffic.rows ?? []);
  const requests = (traffic.rows ?? [])
    .filter((row) => row.source === source)
    .reduce((sum, row) => sum + count(row, 'total'), 0);
  const clients = (incidents.rows ?? []).reduce((sum, row) => sum + count(row, 'clients'), 0);
  const burn = requests === 0 ? undefined : failures / requests / objective;
  return (
    <>
      <ul class="figures" aria-busy={[timeline, traffic, incidents].some(({ loading }) => loading)}>
        <li>
          <strong>{share(failures, requests)}</strong> of the requests failed
          <span class="faint">
            {requests === 0 ? 'no traffic is stored' : `${number(requests)} requests`}
          </span>
        </li>
        <li>
          <strong>{number(failures)}</strong> failed
          <span class="faint">{number(badGateways)} with 502</span>
        </li>
        <li>
          <strong>{incidents.rows === undefined ? '…' : number(clients)}</strong> clients
          <span class="faint">in {number(incidents.rows?.length ?? 0)} incidents</span>
        </li>
        <li>
          <strong>
            {burn === undefined ? '-' : `${burn < 10 ? burn.toFixed(1) : number(Math.round(burn))}×`}
          </strong>{' '}
          burn rate
          <span class="faint">of a 99.9 % objective</span>
        </li>
      </ul>
      <PanelBox title="Failures over time" of={[timeline, traffic]} empty="Nothing failed in this time.">
        {(failed, asked) => <TimeChart span={span} failures={failed!} traffic={asked!} />}
      </PanelBox>
      <PanelBox title="Causes" of={[timeline]} empty="Nothing failed in this time.">
        {() => (
          <ul class="causes">
            {mechanisms
              .slice(0, mostReasons)
              .map(({ mechanism, cause, failures: failed, meanConfidence }) => (
                <li key={`${cause} ${mechanism}`}>
                  <button type="button" title="Only these" onClick={() => toggle(`mechanism=${mechanism}`)}>
                    <span class={`dot ${causeClass(cause)}`} />
                    <span class="cause-title">
                      {titleOf(mechanism)} <span class="faint">{causeName(cause)}</span>
                    </span>
                    <span class="number">{number(failed)}</span>
                    <span class="number faint">{share(failed, failures)}</span>
                    <span class="number faint">
                      {mechanism === '' ? '' : `${sureness(meanConfidence)} sure`}
                    </span>
                  </button>
                </li>
              ))}
          </ul>
        )}
      </PanelBox>
      <PanelBox title="Incidents" of={[incidents]} empty="No incident in this time.">
        {(rows) => rows!.slice(0, 8).map((row) => <Incident key={text(row, 'id')} row={row} />)}
      </PanelBox>
    </>
  );
}
