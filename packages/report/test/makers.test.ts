import { describe, expect, it } from 'vitest';
import { makers } from '../src/terminal/makers.ts';
import { night, outage } from './outage.ts';

const summary = night();
const requests = (...hops: Parameters<typeof makers>[0]['hops']) => outage({ hops });

describe('who made the statuses', () => {
  it('goes without saying where one nginx is all there is', () => {
    expect(makers(requests({ name: 'nginx', requests: 3 }), summary)).toBeUndefined();
  });

  it('is said where there are other hops', () => {
    expect(makers(requests({ name: 'alb', requests: 3 }), summary)).toBe('the load balancer');
    expect(makers(requests({ name: 'nginx', requests: 3 }), { ...summary, hops: [] })).toBe('nginx');
  });

  it('is counted where several made them', () => {
    const both = requests({ name: 'cloudflare', requests: 1_200 }, { name: 'app', requests: 3 });
    expect(makers(both, summary)).toBe('Cloudflare (1,200), the application (3)');
  });
});
