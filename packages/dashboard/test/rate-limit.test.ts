import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { rateLimit } from '../src/rate-limit.ts';

it('lets a burst pass, then no more than its rate, and says when to come back', async () => {
  let time = 0;
  const app = new Hono();
  app.use(rateLimit({ burst: 3, perSecond: 2, now: () => time }));
  app.get('/', (context) => context.text('here'));
  const ask = async () => {
    const response = await app.request('/');
    return response.status === 429 ? `429 after ${response.headers.get('retry-after')} s` : response.status;
  };
  expect([await ask(), await ask(), await ask(), await ask()]).toEqual([200, 200, 200, '429 after 1 s']);
  time += 500;
  expect([await ask(), await ask()]).toEqual([200, '429 after 1 s']);
  time += 60_000;
  expect([await ask(), await ask(), await ask(), await ask()]).toEqual([200, 200, 200, '429 after 1 s']);
});
