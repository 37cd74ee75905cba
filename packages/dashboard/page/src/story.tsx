import { type Row, usePanel } from './api.ts';
import { causeClass, causeName, titleOf } from './causes.ts';
import { count, dayAndTime, duration, sureness, text, utc } from './format.ts';
import { tuples } from './incident.tsx';
import { PanelBox } from './panel.tsx';
import { go } from './state.ts';

/** What became of one request, hop by hop, and why. */
export function Story({ id }: { readonly id: string }) {
  const story = usePanel('story', { id });
  return (
    <>
      <p>
        <button type="button" class="link" onClick={() => go({ id: undefined })}>
          ← Back
        </button>
      </p>
      <PanelBox
        title={`Request ${id}`}
        of={[story]}
        empty="No failure that is stored has an id that begins so. Ids of the proxy, rays, traces and ids of verdicts are known; six letters at least."
      >
        {(rows) => rows!.map((row) => <One key={text(row, 'id')} row={row} />)}
      </PanelBox>
    </>
  );
}

function One({ row }: { readonly row: Row }) {
  const mechanism = text(row, 'mechanism');
  const evidence = tuples(row.evidence, ['fact', 'weight_db', 'text', 'file', 'line']);
  const rows = tuples(row.rows, ['source', 'file', 'line']);
  const candidates = tuples(row.candidates, ['cause', 'mechanism', 'confidence']);
  return (
    <article class="incident open">
      <h3>
        <span class={`dot ${causeClass(text(row, 'cause'))}`} />
        {titleOf(mechanism)}
      </h3>
      <p class="faint">
        {mechanism !== '' && (
          <>
            <code>{mechanism}</code>{' '}
          </>
        )}
        {causeName(text(row, 'cause'))}
        {mechanism !== '' && `, ${sureness(count(row, 'confidence'))} sure`}, {text(row, 'certainty')}
      </p>
      <dl>
        <div>
          <dt>When</dt>
          <dd title={utc(count(row, 'at'))}>{dayAndTime(count(row, 'at'))}</dd>
        </div>
        <div>
          <dt>Request</dt>
          <dd class="mono">
            {text(row, 'method')} {text(row, 'host')}
            {text(row, 'path')}
          </dd>
        </div>
        <div>
          <dt>Status</dt>
          <dd>
            {text(row, 'status')}, made by {text(row, 'hop')} ({text(row, 'generator')})
            {row.duration_ms !== null && `, after ${duration(count(row, 'duration_ms'))}`}
          </dd>
        </div>
        {text(row, 'peer') !== '' && (
          <div>
            <dt>Peer</dt>
            <dd class="mono">{text(row, 'peer')}</dd>
          </div>
        )}
        {text(row, 'request_id') !== '' && (
          <div>
            <dt>Id</dt>
            <dd class="mono">{text(row, 'request_id')}</dd>
          </div>
        )}
      </dl>
      <h4>Seen in</h4>
      <ol class="evidence">
        {rows.map(({ source, file, line }) => (
          <li key={`${String(file)}:${String(line)}`}>
            {String(source)} <code>{`${String(file)}:${String(line)}`}</code>
          </li>
        ))}
      </ol>
      <h4>Evidence</h4>
      <ul class="weights">
        {evidence.map((one) => (
          <li key={String(one.text)}>
            <span
              class={`weight ${Number(one.weight_db) > 0 ? 'for' : Number(one.weight_db) < 0 ? 'against' : ''}`}
            >
              {Number(one.weight_db) === 0
                ? ''
                : `${Number(one.weight_db) > 0 ? '+' : '−'}${Math.abs(Number(one.weight_db))} dB`}
            </span>
            <span>
              {String(one.text)}
              {one.file !== '' && (
                <>
                  {' '}
                  <code>{`${String(one.file)}:${String(one.line)}`}</code>
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
      {candidates.length > 0 && (
        <>
          <h4>Or else</h4>
          <ul class="evidence">
            {candidates.map((one) => (
              <li key={String(one.mechanism)}>
                {titleOf(String(one.mechanism))} <span class="faint">{sureness(Number(one.confidence))}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {text(row, 'incident') !== '' && (
        <p>
          <button
            type="button"
            class="link"
            onClick={() => go({ view: 'why', id: undefined, incident: text(row, 'incident'), where: [] })}
          >
            Its incident
          </button>
        </p>
      )}
    </article>
  );
}
