import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { scope } from './state.ts';

export type Row = Readonly<Record<string, unknown>>;

/** Why the store did not answer, as somebody can mend it. */
export interface Trouble {
  readonly what: string;
  readonly mend: string;
  readonly where: string | undefined;
}

export interface Panel {
  /** Undefined until the first answer. */
  readonly rows: readonly Row[] | undefined;
  /** Set while the rows are of before, since the store does not answer. */
  readonly trouble: Trouble | undefined;
  /** The rows answer what was asked before; what is asked now is on its way. */
  readonly loading: boolean;
}

/** Counts up whenever the store holds something new. */
const changes = signal(0);

/** Whether the page hears of changes: not while the server is gone. */
export const live = signal<'connecting' | 'live' | 'lost'>('connecting');

/** The last trouble that any panel met, until one answers again. */
export const trouble = signal<Trouble | undefined>(undefined);

/** A panel that got no answer asks again after so long, ms. */
const retryAfter = 3_000;

/** Changes come in bursts while a tail writes: panels ask again at most this often, ms. */
const askEvery = 1_000;

/** Hears of changes as long as the page is open. */
export function listen(): void {
  let waiting = false;
  const events = new EventSource('/api/live');
  events.addEventListener('hello', () => {
    // Something may have changed while nobody listened.
    if (live.value === 'lost') changes.value++;
    live.value = 'live';
  });
  events.addEventListener('change', () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      changes.value++;
    }, askEvery);
  });
  events.addEventListener('error', () => {
    live.value = 'lost';
  });
}

/** Answers of a panel for the scope of the page, asked again when either or the store changes. */
export function usePanel(name: string, parameters: Readonly<Record<string, string | number>> = {}): Panel {
  const [panel, setPanel] = useState<Omit<Panel, 'loading'> & { readonly answers: string }>({
    rows: undefined,
    trouble: undefined,
    answers: '',
  });
  const [attempt, setAttempt] = useState(0);
  const own = new URLSearchParams(
    Object.entries(parameters).map(([key, value]) => [key, String(value)]),
  ).toString();
  const asked = [scope.value, own].filter((part) => part !== '').join('&');
  const address = `/api/panels/${name}${asked === '' ? '' : `?${asked}`}`;
  const change = changes.value;
  // A change of the store is a reason to ask again.
  useEffect(() => {
    const over = new AbortController();
    let again: ReturnType<typeof setTimeout> | undefined;
    ask(address, over.signal).then(
      (rows) => {
        trouble.value = undefined;
        setPanel({ rows, trouble: undefined, answers: address });
      },
      (error: unknown) => {
        if (over.signal.aborted) return;
        trouble.value = troubleOf(error);
        setPanel(({ rows, answers }) => ({ rows, answers, trouble: trouble.value }));
        again = setTimeout(() => setAttempt((before) => before + 1), retryAfter);
      },
    );
    return () => {
      over.abort();
      clearTimeout(again);
    };
  }, [address, change, attempt]);
  return { rows: panel.rows, trouble: panel.trouble, loading: panel.answers !== address };
}

export interface About {
  readonly place: string;
  readonly mechanisms: Readonly<Record<string, { readonly title: string; readonly cause: string }>>;
}

export const about = signal<About>({ place: '', mechanisms: {} });

export async function learnAbout(): Promise<void> {
  const response = await fetch('/api/about');
  if (response.ok) about.value = (await response.json()) as About;
}

async function ask(address: string, signal: AbortSignal): Promise<readonly Row[]> {
  const response = await fetch(address, { signal });
  if (!response.ok) throw await response.json();
  return (await response.json()) as readonly Row[];
}

function troubleOf(error: unknown): Trouble {
  const { what, mend, where } = error as Partial<Trouble>;
  if (what === undefined)
    return {
      what: 'the server of this page does not answer',
      mend: 'start why502 dashboard again, and open the address that it prints',
      where: undefined,
    };
  return { what, mend: mend ?? '', where };
}
