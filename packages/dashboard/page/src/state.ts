import { computed, signal } from '@preact/signals';

/** What is looked at. All of it stands in the address, so that an address can be shared. */

export const views = ['now', 'where', 'why', 'trust'] as const;

export type View = (typeof views)[number];

export interface Place {
  readonly view: View;
  /** As the user chose: so long ago, or a moment; undefined for all that is stored. */
  readonly since: string | undefined;
  readonly until: string | undefined;
  /** Conditions, `column=value`. */
  readonly where: readonly string[];
  /** The incident that is open. */
  readonly incident: string | undefined;
  /** The request that is looked for. */
  readonly id: string | undefined;
}

export const place = signal<Place>(read());

/** What panels are asked besides their own parameters. */
export const scope = computed(() => {
  const { since, until, where } = place.value;
  const search = new URLSearchParams();
  if (since !== undefined) search.set('since', since);
  if (until !== undefined) search.set('until', until);
  for (const condition of where) search.append('where', condition);
  return search.toString();
});

/** Goes to another place; the way back leads here. */
export function go(change: Partial<Place>): void {
  const next = { ...place.value, ...change };
  const address = write(next);
  if (address !== `${location.pathname}${location.search}`) history.pushState(null, '', address);
  place.value = next;
}

/** Adds a condition, or takes it away where it is set. */
export function toggle(condition: string): void {
  const { where } = place.value;
  go({ where: where.includes(condition) ? where.filter((one) => one !== condition) : [...where, condition] });
}

/** The address of a place, for a link that opens in another tab as well. */
export function addressOf(change: Partial<Place>): string {
  return write({ ...place.value, ...change });
}

window.addEventListener('popstate', () => {
  place.value = read();
});

function read(): Place {
  const search = new URLSearchParams(location.search);
  const view = views.find((one) => one === search.get('view')) ?? 'now';
  return {
    view,
    since: search.get('since') ?? undefined,
    until: search.get('until') ?? undefined,
    where: search.getAll('where'),
    incident: search.get('incident') ?? undefined,
    id: search.get('id') ?? undefined,
  };
}

function write({ view, since, until, where, incident, id }: Place): string {
  const search = new URLSearchParams();
  if (view !== 'now') search.set('view', view);
  if (since !== undefined) search.set('since', since);
  if (until !== undefined) search.set('until', until);
  for (const condition of where) search.append('where', condition);
  if (incident !== undefined) search.set('incident', incident);
  if (id !== undefined) search.set('id', id);
  const text = search.toString();
  return text === '' ? location.pathname : `${location.pathname}?${text}`;
}
