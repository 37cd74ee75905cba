import type { Row } from './api.ts';
import { causeClass, causeName } from './causes.ts';
import { count, dayAndTime, lasting, number, sureness, text, utc } from './format.ts';
import { addressOf, go, place } from './state.ts';

/** Of the evidence, so much is seen at once. */
const evidenceShown = 3;

/** An incident as one line, that opens to all that is known of it. */
export function Incident({ row }: { readonly row: Row }) {
  const id = text(row, 'id');
  const open = place.value.incident === id;
  const [started, ended] = [count(row, 'started_at'), count(row, 'ended_at')];
  return (
    <article class={`incident${open ? ' open' : ''}`} id={`incident-${id}`}>
      <button
        type="button"
        class="incident-head"
        aria-expanded={open}
        onClick={() => go({ incident: open ? undefined : id })}
      >
        <span class={`mark ${causeClass(text(row, 'cause'))}`} />
        <span class="incident-title">{text(row, 'title')}</span>
        <span class="incident-figures">
          <span>
            <strong>{number(count(row, 'requests'))}</strong> requests
          </span>
          <span>
            <strong>{number(count(row, 'clients'))}</strong> clients
          </span>
          <span title={`${utc(started)} to ${utc(ended)}`}>
            {dayAndTime(started)}, {lasting(ended - started)}
          </span>
          {text(row, 'mechanism') !== '' && (
            <span>
              <strong>{sureness(count(row, 'confidence'))}</strong> sure
            </span>
          )}
        </span>
      </button>
      {open && <Details row={row} />}
    </article>
  );
}

function Details({ row }: { readonly row: Row }) {
  const evidence = tuples(row.evidence, ['fact', 'text', 'requests', 'file', 'line']);
  const remedy = tuples(row.remedy, ['where', 'change', 'example']);
  const facts: readonly (readonly [string, string])[] = [
    ['Statuses', statuses(row.by_status)],
    ['Service', text(row, 'upstream')],
    ['Peers', listed(row.peers)],
    ['Routes', listed(row.routes)],
    ['Methods', listed(row.methods)],
    ['Not hit', listed(row.not_affected)],
    ['Search engines', listed(row.crawlers)],
    ['Saved by a retry', count(row, 'masked') === 0 ? '' : number(count(row, 'masked'))],
    ['In the wake of others', count(row, 'effects') === 0 ? '' : number(count(row, 'effects'))],
  ];
  return (
    <div class="incident-body">
      <p class="faint">
        <code>{text(row, 'mechanism') || 'unknown'}</code> {causeName(text(row, 'cause'))}
      </p>
      <dl>
        {facts
          .filter(([, value]) => value !== '')
          .map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      <h3>Because</h3>
      <ul class="evidence">
        {evidence.slice(0, evidenceShown).map((one) => (
          <Fact key={one.text} one={one} />
        ))}
      </ul>
      {evidence.length > evidenceShown && (
        <details>
          <summary>{evidence.length - evidenceShown} more facts</summary>
          <ul class="evidence">
            {evidence.slice(evidenceShown).map((one) => (
              <Fact key={one.text} one={one} />
            ))}
          </ul>
        </details>
      )}
      <h3>To do</h3>
      <ul class="remedy">
        {remedy.map(({ where, change, example }) => (
          <li key={String(change)}>
            <strong>{String(where)}</strong>: {String(change)}
            {example !== '' && <pre>{String(example)}</pre>}
          </li>
        ))}
      </ul>
      {text(row, 'success') !== '' && (
        <p class="mended">
          <strong>You will see that it worked:</strong> {text(row, 'success')}.
        </p>
      )}
      <p>
        <a
          href={addressOf({ view: 'why', where: [`incident=${text(row, 'id')}`] })}
          onClick={(event) => {
            event.preventDefault();
            go({ where: [`incident=${text(row, 'id')}`] });
          }}
        >
          Its requests
        </a>
      </p>
    </div>
  );
}

function Fact({ one }: { readonly one: Readonly<Record<string, unknown>> }) {
  return (
    <li>
      {String(one.text)} <span class="faint">({number(Number(one.requests))})</span>
      {one.file !== '' && (
        <>
          <br />
          <code>
            {String(one.file)}:{String(one.line)}
          </code>
        </>
      )}
    </li>
  );
}

/** Tuples come as objects or as arrays, as the server is set. */
export function tuples(
  value: unknown,
  names: readonly string[],
): readonly Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(value)) return [];
  return value.map((one: unknown) =>
    Array.isArray(one)
      ? Object.fromEntries(names.map((name, i) => [name, one[i]]))
      : (one as Record<string, unknown>),
  );
}

function listed(value: unknown): string {
  const pairs = tuples(value, ['name', 'requests']);
  const shown = pairs
    .slice(0, 6)
    .map(({ name, requests }) => `${String(name)} (${number(Number(requests))})`);
  return shown.join(', ') + (pairs.length > 6 ? ` and ${pairs.length - 6} more` : '');
}

function statuses(value: unknown): string {
  return Object.entries((value ?? {}) as Record<string, unknown>)
    .map(([status, requests]) => `${number(Number(requests))} × ${status}`)
    .join(', ');
}
