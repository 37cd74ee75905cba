import { createReport } from '@why502/report';
import { describe, expect, it } from 'vitest';
import { randomNumbers } from '../random.mjs';
import { analysisOf } from './analysis.ts';
import { moment } from './moment.ts';

const start = Date.UTC(2026, 10, 23, 7, 0, 0);
const one = '198.51.100.77';

/**
 * Ten minutes of a healthy service, of which one client asks for more than its headers allow: 9 of 10 failures are his.
 */
function traffic() {
  const random = randomNumbers(9);
  const access: string[] = [];
  const error: string[] = [];
  for (let i = 0; i < 6_000; i++) {
    const { local, error: wall } = moment(start + i * 100);
    const fails = i % 20 === 0;
    const client = fails && i % 200 !== 0 ? one : `203.0.113.${1 + Math.floor(random() * 200)}`;
    const request = `GET /account/${fails ? 'basket' : 'orders'} HTTP/1.1`;
    const times = fails ? 'uct="0.000" uht="-" urt="0.004"' : 'uct="0.000" uht="0.020" urt="0.020"';
    const status = fails ? 502 : 200;
    access.push(
      `${client} - - [${local}] "${request}" ${status} 157 "-" "curl/8.5.0" rt=0.020 ${times} ua="10.0.0.7:8080" us="${status}" host="shop.example.com" conn=${i + 1}`,
    );
    if (fails)
      error.push(
        `${wall} [error] 77#77: *${i + 1} upstream sent too big header while reading response header from upstream, client: ${client}, server: shop, request: "${request}", upstream: "http://10.0.0.7:8080/account/basket", host: "shop.example.com"`,
      );
  }
  return { access: access.join('\n'), error: error.join('\n') };
}

describe('failures of which one client sends 90 %', () => {
  const { access, error } = traffic();

  it('are an incident of that client, whose address is cut', async () => {
    const { incidents, summary, results } = await analysisOf({ 'access.log': access, 'error.log': error });
    expect(summary.failures).toBe(300);
    expect(incidents).toHaveLength(1);
    expect(incidents[0]!.mainClient).toEqual({ network: '198.51.100.0/24', requests: 270 });
    const report = createReport({ color: false, width: 100 });
    for (const result of results) report.add(result);
    expect(report.text(summary)).toMatch(/270 of one client \(198\.51\.100\.0\/24\)/);
    expect(report.text(summary)).not.toContain(one);
  });

  it('are blamed on nothing that would have hit all clients', async () => {
    for (const logs of [{ 'access.log': access, 'error.log': error }, { 'access.log': access }] as const) {
      const { verdicts } = await analysisOf(logs);
      const causes = new Set(verdicts.map(({ cause }) => cause));
      for (const cause of ['upstream_overload', 'network', 'dns_unpropagated', 'provider'] as const)
        expect(causes).not.toContain(cause);
    }
  });
});

describe('a log whose format says escape=none', () => {
  it('is named as one that clients can write into', async () => {
    const format = `log_format raw escape=none '$remote_addr [$time_local] "$request" $status';`;
    const { local } = moment(start);
    const line = `203.0.113.9 [${local}] "GET / HTTP/1.1" 200\n`;
    const { summary } = await analysisOf({ 'access.log': line.repeat(20) }, { logFormat: format });
    expect(summary.files.map(({ unescaped }) => unescaped)).toEqual([true]);
    expect(createReport({ color: false, width: 200 }).text(summary)).toContain('escape=none');
  });
});
