import type { Rule } from './players.ts';
import type { Kind } from './traffic.ts';

/** An application that people use: what they ask for, and how often it errs without any incident. */
export interface Site {
  readonly host: string;
  readonly kinds: readonly Kind[];
  readonly slips: readonly Rule[];
}

/** Seconds of the impatient few, who leave before an ordinary answer. */
const hasty = [2, 14] as const;

export const forum: Site = {
  host: 'forum.example.org',
  kinds: [
    { weight: 30, path: '/t/{id}' },
    { weight: 12, path: '/' },
    { weight: 8, path: '/u/{word}' },
    { weight: 7, method: 'POST', path: '/t/{id}/reply', body: 900 },
    { weight: 5, path: '/search?q={word}' },
    { weight: 3, path: '/feeds/{word}/missing.rss' },
    { weight: 0.6, path: '/search?q={word}&all=1', patience_ms: hasty },
    { weight: 1, path: '/static/{word}.css' },
  ],
  slips: [{ path: '/u/', share: 0.03, do: 'answer', status: 500 }],
};

export const ledger: Site = {
  host: 'ledger.internal.example',
  kinds: [
    { weight: 20, path: '/accounts/{id}' },
    { weight: 16, path: '/accounts/{id}/entries?page=1' },
    { weight: 12, method: 'POST', path: '/transfers', body: 420 },
    { weight: 6, path: '/healthz' },
    { weight: 4, method: 'PUT', path: '/accounts/{id}/limits', body: 200 },
    { weight: 2, path: '/accounts/missing-{id}' },
    { weight: 0.4, path: '/rates/{word}', patience_ms: hasty },
  ],
  slips: [{ path: '/transfers', share: 0.02, do: 'answer', status: 503 }],
};

export const clinic: Site = {
  host: 'termine.clinic.example',
  kinds: [
    { weight: 18, path: '/slots?week={id}' },
    { weight: 14, path: '/patients/{id}' },
    { weight: 9, method: 'POST', path: '/bookings', body: 1300 },
    { weight: 7, path: '/doctors/{word}' },
    { weight: 3, method: 'DELETE', path: '/bookings/{id}' },
    { weight: 2, path: '/documents/missing/{id}.pdf' },
    { weight: 2, path: '/static/{word}.js' },
  ],
  slips: [{ path: '/patients/', share: 0.012, do: 'answer', status: 500 }],
};

export const media: Site = {
  host: 'media.example.net',
  kinds: [
    { weight: 25, path: '/v2/tracks/{id}' },
    { weight: 20, path: '/v2/feed?cursor={id}' },
    { weight: 10, path: '/v2/artists/{word}/albums' },
    { weight: 6, method: 'POST', path: '/v2/plays', body: 150 },
    { weight: 4, method: 'PATCH', path: '/v2/playlists/{id}', body: 600 },
    { weight: 2, path: '/v2/covers/missing-{word}' },
    { weight: 0.8, path: '/v2/search/{word}', patience_ms: hasty },
  ],
  slips: [{ path: '/v2/artists', share: 0.015, do: 'answer', status: 500 }],
};

export const meters: Site = {
  host: 'ingest.meters.example',
  kinds: [
    { weight: 40, method: 'POST', path: '/ingest/{word}', body: 2400 },
    { weight: 8, path: '/config/{id}' },
    { weight: 6, path: '/firmware/{word}/latest' },
    { weight: 1, path: '/firmware/missing' },
    { weight: 0.5, method: 'POST', path: '/ingest/{word}?slow=1', body: 2400, patience_ms: hasty },
  ],
  slips: [{ path: '/config/', share: 0.02, do: 'answer', status: 500 }],
};
