import type { Work } from './parties/app.ts';
import type { Kind } from './parties/visitors.ts';
import type { Trip } from './world/trip.ts';
import type { World } from './world/world.ts';

/** What people ask for, and how long a process works at it. */
export interface Site {
  readonly host: string;
  readonly kinds: readonly Kind[];
  /** Milliseconds and bytes, by route. */
  readonly work: Readonly<Record<string, readonly [number, number]>>;
}

export const boutique: Site = {
  host: 'www.boutique.example',
  kinds: [
    { weight: 4, route: 'home', path: '/' },
    { weight: 9, route: 'product', path: '/p/{id}' },
    { weight: 4, route: 'search', path: '/find?text={word}' },
    { weight: 8, route: 'static', path: '/static/theme-{id}.css' },
    { weight: 8, route: 'static', path: '/static/app.js' },
    { weight: 2, route: 'basket', path: '/basket/items', method: 'POST', body: 90 },
    { weight: 1, route: 'order', path: '/orders', method: 'POST', body: 700 },
    { weight: 2, route: 'account', path: '/me' },
  ],
  work: {
    home: [40, 18_000],
    product: [65, 9_000],
    search: [130, 12_000],
    static: [5, 30_000],
    basket: [50, 900],
    order: [190, 1_400],
    account: [75, 5_000],
  },
};

export const fleet: Site = {
  host: 'api.fleet.example',
  kinds: [
    { weight: 8, route: 'vehicle', path: '/v2/vehicles/{id}' },
    { weight: 4, route: 'vehicles', path: '/v2/vehicles?near={word}' },
    { weight: 5, route: 'position', path: '/v2/positions', method: 'POST', body: 260 },
    { weight: 2, route: 'trips', path: '/v2/vehicles/{id}/trips' },
    { weight: 1, route: 'login', path: '/v2/session', method: 'POST', body: 120 },
    { weight: 1, route: 'export', path: '/v2/exports/{id}' },
  ],
  work: {
    vehicle: [25, 1_500],
    vehicles: [70, 14_000],
    position: [18, 60],
    trips: [95, 22_000],
    login: [120, 800],
    export: [400, 90_000],
  },
};

export const gazette: Site = {
  host: 'gazette.example',
  kinds: [
    { weight: 5, route: 'front', path: '/' },
    { weight: 9, route: 'article', path: '/2026/11/{word}-{id}.html' },
    { weight: 10, route: 'static', path: '/static/{word}.webp' },
    { weight: 2, route: 'comments', path: '/comments/{id}' },
    { weight: 1, route: 'comment', path: '/comments/{id}', method: 'POST', body: 400 },
    { weight: 1, route: 'archive', path: '/archive/1998/{id}' },
  ],
  work: {
    front: [30, 40_000],
    article: [45, 26_000],
    static: [4, 60_000],
    comments: [60, 8_000],
    comment: [85, 500],
    archive: [320, 16_000],
  },
};

export const wards: Site = {
  host: 'portal.wards.example',
  kinds: [
    { weight: 6, route: 'ward', path: '/wards/{id}' },
    { weight: 4, route: 'patient', path: '/patients/{id}/chart' },
    { weight: 2, route: 'notes', path: '/patients/{id}/notes', method: 'POST', body: 900 },
    { weight: 3, route: 'static', path: '/static/portal.js' },
    { weight: 1, route: 'report', path: '/reports/occupancy?month={id}' },
    { weight: 2, route: 'me', path: '/session/me' },
  ],
  work: {
    ward: [55, 7_000],
    patient: [110, 30_000],
    notes: [70, 300],
    static: [6, 45_000],
    report: [800, 60_000],
    me: [15, 700],
  },
};

export function usualWork(world: World, { work }: Site): (trip: Trip) => Work {
  const chance = world.chance.of('work');
  return ({ ask }) => {
    const [median, bytes] = work[ask.route] ?? [40, 3000];
    return {
      takes: chance.around(median),
      bytes: Math.round(chance.around(bytes, 0.3)),
      headerBytes: chance.whole(280, 620),
      body: bytes > 20_000 ? chance.around(6) : 0,
    };
  };
}

export const crawlers = [
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
];
export const programs = ['Go-http-client/2.0', 'python-requests/2.32.5', 'okhttp/5.1.0'];
