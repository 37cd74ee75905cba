import { usePanel } from './api.ts';
import { Bars, FirstFailing } from './bars.tsx';
import { HeatMap } from './heat-map.tsx';
import { HopDiagram } from './hop-diagram.tsx';
import { PanelBox } from './panel.tsx';
import { ofTraffic, type Span, useSpan } from './span.ts';

const nothing = 'Nothing failed in this time.';

/** At which hop, at which peers, on which routes. */
export function WhereView() {
  const span = useSpan();
  return span === undefined ? <div class="panel waiting" /> : <Where span={span} />;
}

function Where({ span: fine }: { readonly span: Span }) {
  const span = ofTraffic(fine);
  const hops = usePanel('hops', { limit: 40 });
  const peers = usePanel('peers', { step: span.step });
  const breakdown = usePanel('breakdown');
  return (
    <>
      <PanelBox title="Which hop made the failures" of={[hops]} empty={nothing}>
        {(rows) => <HopDiagram rows={rows!} />}
      </PanelBox>
      <PanelBox
        title="Peers over time"
        note="Share of each peer's requests that failed, the dozen with most failures."
        of={[peers]}
        empty="No failure names a peer."
      >
        {(rows) => <HeatMap rows={rows!} span={span} />}
      </PanelBox>
      <PanelBox
        title="What they have in common"
        note="Choose one to look at it alone."
        of={[breakdown]}
        empty={nothing}
      >
        {(rows) => (
          <div class="columns">
            <Bars title="Routes" column="route" rows={rows!} />
            <Bars title="Hosts" column="host" rows={rows!} />
            <Bars title="Services" column="upstream" rows={rows!} />
            <Bars title="Methods" column="method" rows={rows!} />
            <Bars title="Statuses" column="status" rows={rows!} />
            <Bars title="Logs" column="source" rows={rows!} />
            <FirstFailing rows={rows!} />
          </div>
        )}
      </PanelBox>
    </>
  );
}
