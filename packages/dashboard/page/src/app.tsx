import { useState } from 'preact/hooks';
import { about, live, trouble } from './api.ts';
import { dayAndTime } from './format.ts';
import { addressOf, go, place, toggle, type View, views } from './state.ts';
import { Story } from './story.tsx';
import { NowView } from './view-now.tsx';
import { TrustView } from './view-trust.tsx';
import { WhereView } from './view-where.tsx';
import { WhyView } from './view-why.tsx';

const titles: Readonly<Record<View, string>> = { now: 'Now', where: 'Where', why: 'Why', trust: 'Trust' };

/** Times to choose from; undefined is all that is stored. */
const times: readonly (readonly [string, string | undefined])[] = [
  ['15 min', '15m'],
  ['1 h', '1h'],
  ['6 h', '6h'],
  ['24 h', '24h'],
  ['7 d', '7d'],
  ['all', undefined],
];

export function App() {
  const { view, id } = place.value;
  return (
    <>
      <a class="skip" href="#content">
        To the content
      </a>
      <header class="top">
        <div class="bar-top">
          <strong class="name">why502</strong>
          <nav aria-label="Views">
            {views.map((one) => (
              <a
                key={one}
                href={addressOf({ view: one, id: undefined })}
                aria-current={one === view && id === undefined ? 'page' : undefined}
                onClick={(event) => {
                  event.preventDefault();
                  go({ view: one, id: undefined });
                }}
              >
                {titles[one]}
              </a>
            ))}
          </nav>
          <Search />
          <Heard />
        </div>
        <div class="bar-top">
          <Times />
          <Conditions />
        </div>
      </header>
      <main id="content" tabindex={-1}>
        <Banner />
        {id !== undefined ? (
          <Story key={id} id={id} />
        ) : view === 'now' ? (
          <NowView />
        ) : view === 'where' ? (
          <WhereView />
        ) : view === 'why' ? (
          <WhyView />
        ) : (
          <TrustView />
        )}
      </main>
    </>
  );
}

function Search() {
  const [value, setValue] = useState('');
  return (
    <search>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (value.trim() !== '') go({ id: value.trim() });
        }}
      >
        <input
          type="search"
          aria-label="Request, ray or trace id"
          placeholder="Request, ray or trace id"
          value={value}
          onInput={(event) => setValue(event.currentTarget.value)}
        />
      </form>
    </search>
  );
}

/** Whether the page hears of changes. */
function Heard() {
  const state = trouble.value === undefined ? live.value : 'lost';
  const words = { live: 'live', connecting: 'connecting', lost: 'not live' } as const;
  return (
    <span class={`heard ${state}`} title={about.value.place}>
      {words[state]}
    </span>
  );
}

function Times() {
  const { since, until } = place.value;
  const known = until === undefined && times.some(([, one]) => one === since);
  return (
    <fieldset class="times" aria-label="Time">
      {times.map(([label, one]) => (
        <button
          key={label}
          type="button"
          aria-pressed={until === undefined && since === one}
          onClick={() => go({ since: one, until: undefined })}
        >
          {label}
        </button>
      ))}
      {!known && (
        <button
          type="button"
          aria-pressed="true"
          title="Back to all"
          onClick={() => go({ since: undefined, until: undefined })}
        >
          {span(since, until)} ✕
        </button>
      )}
    </fieldset>
  );
}

function span(since: string | undefined, until: string | undefined): string {
  const words = (written: string | undefined, none: string) => {
    if (written === undefined) return none;
    const at = Date.parse(written);
    return Number.isNaN(at) ? `${written} ago` : dayAndTime(at);
  };
  return `${words(since, 'the beginning')} to ${words(until, 'now')}`;
}

function Conditions() {
  return (
    <>
      {place.value.where.map((condition) => (
        <button
          key={condition}
          type="button"
          class="condition mono"
          title="Take this condition away"
          onClick={() => toggle(condition)}
        >
          {condition} ✕
        </button>
      ))}
    </>
  );
}

/** What keeps the page from being true now, and what to do. */
function Banner() {
  const { value } = trouble;
  if (value !== undefined)
    return (
      <p class="banner" role="alert">
        <strong>
          {value.where === undefined ? '' : `${value.where}: `}
          {value.what}.
        </strong>{' '}
        What is shown is of before. {value.mend}.
      </p>
    );
  return null;
}
