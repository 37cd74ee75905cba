import { live, usePanel } from './api.ts';
import { count, dayAndTime, lasting, number, share, text, utc } from './format.ts';
import { PanelBox } from './panel.tsx';

/** How far what the other views say can be trusted, and what would make it surer. */
export function TrustView() {
  const totals = usePanel('totals');
  const wishes = usePanel('wishes', { limit: 20 });
  const span = usePanel('span');
  return (
    <>
      <PanelBox title="How sure the reasons are" of={[totals]}>
        {(rows) => {
          const [row] = rows!;
          const all = count(row, 'failures');
          const parts: readonly (readonly [string, string, string])[] = [
            ['unexplained', 'not explained', 'no reason was likely enough to be named'],
            ['ambiguous', 'with a rival', 'a second reason is nearly as likely'],
            ['sure', '90 % sure or more', ''],
            ['direct', 'proved by a line', 'a line of a log says it in words'],
            ['corroborated', 'corroborated', 'the look of the failure and what stood around it agree'],
            ['contextual', 'from the context', 'only what stood around it'],
            ['guess', 'guessed', ''],
            ['joined', 'seen in more than one log', 'with its line of the error log, or at another hop'],
            ['revised', 'revised', 'a better answer replaced an earlier one'],
            ['provisional', 'not final yet', ''],
          ];
          return all === 0 ? (
            <p class="empty">Nothing failed in this time.</p>
          ) : (
            <ul class="trust">
              {parts.map(([column, label, what]) => (
                <li key={column}>
                  <span class="trust-label">
                    {label} {what !== '' && <span class="faint">{what}</span>}
                  </span>
                  <span class="number">{number(count(row, column))}</span>
                  <span class="number faint">{share(count(row, column), all)}</span>
                  <svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
                    <rect class="plain-bar" width={(100 * count(row, column)) / all} height="1" />
                  </svg>
                </li>
              ))}
            </ul>
          );
        }}
      </PanelBox>
      <PanelBox
        title="What would make them surer"
        of={[wishes]}
        empty="Nothing: the logs hold all that these failures need."
      >
        {(rows) => (
          <ul class="wishes">
            {rows!.map((row) => (
              <li key={`${text(row, 'source')} ${text(row, 'missing')}`}>
                {text(row, 'what_to_do')}
                <span class="faint">
                  {text(row, 'source')}: {number(count(row, 'failures'))} failures would be surer
                  {count(row, 'unexplained') > 0 &&
                    `, ${number(count(row, 'unexplained'))} of them are not explained`}
                </span>
              </li>
            ))}
          </ul>
        )}
      </PanelBox>
      <PanelBox title="What is stored" of={[span]}>
        {(rows) => {
          const [row] = rows!;
          const last = count(row, 'last');
          return count(row, 'verdicts') === 0 ? (
            <p class="empty">No verdict is stored.</p>
          ) : (
            <dl>
              <div>
                <dt>Verdicts, all revisions</dt>
                <dd>{number(count(row, 'verdicts'))}</dd>
              </div>
              <div>
                <dt>First request</dt>
                <dd title={utc(count(row, 'first'))}>{dayAndTime(count(row, 'first'))}</dd>
              </div>
              <div>
                <dt>Last request</dt>
                <dd title={utc(last)}>
                  {dayAndTime(last)}, {lasting(Math.max(0, Date.now() - last))} ago
                </dd>
              </div>
              <div>
                <dt>Changes</dt>
                <dd>{live.value === 'live' ? 'shown as they come' : 'not heard of: the server is gone'}</dd>
              </div>
            </dl>
          );
        }}
      </PanelBox>
    </>
  );
}
