import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboard } from '@why502/pipeline-dashboard';
import { openStore } from '@why502/pipeline-store';
import { chromium } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { start, useCommand } from '../live/running-tail.ts';
import { absentPackages, installMissing } from '../programs.ts';

const programs = { chromium: 'chromium' };
installMissing(programs);
const absent = absentPackages(programs);

/** Seconds of a log of an hour ago, each with one request; every fourth is refused by its peer. */
function lines(from: number, to: number, begin: number): string {
  return Array.from({ length: to - from }, (_, index) => {
    const at = from + index;
    const time = new Date(begin + at * 1_000).toISOString().slice(0, 19);
    const [status, connect] = at % 4 === 0 ? [502, '-'] : [200, '0.001'];
    return `{"time":"${time}+00:00","status":${status},"request":"GET /${at} HTTP/1.1","host":"shop.example","upstream_addr":"10.0.0.1:80","upstream_status":"${status}","upstream_connect_time":"${connect}","upstream_header_time":"${connect}","upstream_response_time":"0.010","request_time":0.010}\n`;
  }).join('');
}

describe.skipIf(absent.length > 0)(
  `a page that is open while a tail writes${absent.length === 0 ? '' : ` (needs the Debian package ${absent.join(', ')})`}`,
  () => {
    const folder = useCommand();

    it('shows what fails as the tail saves it, without being loaded again', {
      timeout: 180_000,
    }, async () => {
      const access = join(folder(), 'access.log');
      const place = join(folder(), 'store');
      const begin = Date.now() - 3_600_000;
      appendFileSync(access, lines(0, 600, begin));
      const state = ['--state', join(folder(), 'state'), '--from', 'start'];
      const tail = start(access, '--format', 'json', ...state, '--save', '--store', place);
      // What the page asks is answered by the engine of the tail: one store, two processes.
      const store = await openStore({ name: place, environment: {} });
      const served = await dashboard({ connection: store.connection, place: store.place, port: 0 });
      const browser = await chromium.launch({
        executablePath: '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu'],
      });
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      let loads = 0;
      page.on('load', () => loads++);
      // Until the tail has made its tables the page says that nothing is stored.
      await page.goto(served.url);
      const failed = async (): Promise<number> => {
        const [, many = '-1'] = /([\d,]+) failed/.exec(await page.locator('.figures').innerText()) ?? [];
        return Number(many.replaceAll(',', ''));
      };
      await page.locator('.figures').waitFor({ timeout: 60_000 });
      await expect.poll(failed, { timeout: 60_000 }).toBeGreaterThan(50);
      const before = await failed();
      appendFileSync(access, lines(600, 1_800, begin));
      await expect.poll(failed, { timeout: 60_000 }).toBeGreaterThan(before + 200);
      await page.locator('.incident-head').first().waitFor();
      await page.getByText('live', { exact: true }).waitFor();
      expect(loads).toBe(1);
      expect(complaints).toEqual([]);
      await browser.close();
      await served.close();
      tail.child.kill('SIGTERM');
      expect(await tail.ended).toBe(0);
      await store.close();
    });
  },
);
