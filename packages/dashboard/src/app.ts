import { serveStatic } from '@hono/node-server/serve-static';
import { Problem, problems } from '@why502/model';
import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { streamSSE } from 'hono/streaming';
import { guard, headers } from './guard.ts';
import { rateLimit } from './rate-limit.ts';
import type { DashboardSource, PanelRequest } from './source.ts';

/** What a browser waits between two attempts to come back, ms. */
const retryAfter = 2_000;

export interface AppOptions {
  readonly source: DashboardSource;
  /** Who has it may see everything. */
  readonly token: string;
  /** Folder of the built page. */
  readonly page: string;
}

/** The page, its data, and a stream that says when data has changed. */
export function dashboardApp({ source, token, page }: AppOptions): Hono {
  const app = new Hono();
  app.use(headers);
  app.use(rateLimit());
  app.use(guard(token));
  app.get('/api/about', (context) => context.json({ place: source.place, mechanisms: source.mechanisms }));
  app.get('/api/panels/:name', compress(), async (context) => {
    const name = context.req.param('name');
    if (!source.panels.has(name)) return context.json({ code: 'W502_USAGE', what: 'no such panel' }, 404);
    context.header('Cache-Control', 'no-store');
    return context.json(await source.panel(name, requestOf(new URL(context.req.url).searchParams)));
  });
  app.get('/api/live', (context) =>
    streamSSE(context, async (stream) => {
      const over = new AbortController();
      stream.onAbort(() => over.abort());
      await stream.writeSSE({ event: 'hello', data: '', retry: retryAfter });
      for await (const change of source.changes(over.signal))
        await stream.writeSSE({ event: 'change', data: change });
    }),
  );
  // Names of built files hold a hash of what is in them; the page itself is asked for each time.
  app.use('/assets/*', async (context, next) => {
    await next();
    context.header('Cache-Control', 'private, max-age=31536000, immutable');
  });
  app.get('/', async (context, next) => {
    await next();
    context.header('Link', `<${firstQuestion(context.req.url)}>; rel=preload; as=fetch; crossorigin`);
  });
  app.use('/*', compress(), serveStatic({ root: page }));
  app.onError((error, context) => {
    if (!(error instanceof Problem)) throw error;
    const { what, why, mend } = problems[error.code];
    const { where, excerpt, expected } = error.details;
    return context.json({ code: error.code, what, why, mend, where, excerpt, expected }, 503);
  });
  return app;
}

/** What a page at an address asks first, as it asks it: a browser that knows asks before the page has begun. */
function firstQuestion(address: string): string {
  const asked = new URL(address).searchParams;
  const scope = new URLSearchParams();
  for (const name of ['since', 'until', 'where'])
    for (const value of asked.getAll(name)) scope.append(name, value);
  return `/api/panels/span${scope.size === 0 ? '' : `?${scope}`}`;
}

/** What the address says: times, conditions, and arguments of the panel. */
function requestOf(search: URLSearchParams): PanelRequest {
  const since = search.get('since');
  const until = search.get('until');
  const values = [...search].filter(([name]) => !['since', 'until', 'where'].includes(name));
  return {
    ...(since === null || since === '' ? {} : { since }),
    ...(until === null || until === '' ? {} : { until }),
    where: search.getAll('where'),
    values: Object.fromEntries(values),
  };
}
