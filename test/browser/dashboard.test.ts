import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { batchOf } from '@why502/flow';
import { decibans, instant, type Result, redactTarget } from '@why502/model';
import { type Dashboard, dashboard } from '@why502/pipeline-dashboard';
import { type OpenStore, openStore } from '@why502/pipeline-store';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { incident, trafficRow, verdict } from '../contracts/results.ts';
import { absentPackages, installMissing } from '../programs.ts';
import { rootFolder } from '../workspaces.ts';
import { pagePayloads } from './payloads.ts';

const programs = { chromium: 'chromium' };
installMissing(programs);
const absent = absentPackages(programs);
const main = join(rootFolder, 'packages/cli/dist/main.js');
const corpus = join(rootFolder, 'test/corpus');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe.skipIf(absent.length > 0)(
  `the dashboard in a real browser${absent.length === 0 ? '' : ` (needs the Debian package ${absent.join(', ')})`}`,
  () => {
    let folder: string;
    let store: OpenStore;
    let served: Dashboard;
    let browser: Browser;
    let context: BrowserContext;
    let page: Page;
    const complaints: string[] = [];

    beforeAll(async () => {
      const built = spawnSync('npm', ['run', '--silent', 'build'], { cwd: rootFolder, encoding: 'utf8' });
      expect(built.stderr).toBe('');
      expect(built.status).toBe(0);
      folder = mkdtempSync(join(tmpdir(), 'why502-dashboard-'));
      const logs = join(corpus, 'nginx-lab/two-hosts-restart-and-cookie-header/logs');
      const saved = spawnSync(process.execPath, [main, 'analyze', '--save', '--store', folder, logs], {
        encoding: 'utf8',
      });
      expect(saved.stderr).toBe('');
      store = await openStore({ name: folder, environment: {}, existing: true });
      served = await dashboard({ connection: store.connection, place: store.place, port: 0 });
      browser = await chromium.launch({
        executablePath: '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu'],
      });
      context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        timezoneId: 'Asia/Kolkata',
      });
      page = await open(context);
    }, 180_000);

    afterAll(async () => {
      await browser?.close();
      await served?.close();
      await store?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    async function open(into: BrowserContext): Promise<Page> {
      const opened = await into.newPage();
      opened.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      opened.on('pageerror', (error) => complaints.push(error.message));
      return opened;
    }

    /** All panels have their answers. */
    async function settled(): Promise<void> {
      await page.locator('.panel h2').first().waitFor();
      await expect.poll(() => page.locator('.waiting, [aria-busy="true"]').count()).toBe(0);
    }

    function at(path: string): string {
      return new URL(path, served.url).href;
    }

    it('shows what failed, with the figures of the report, once the token has let it in', async () => {
      const asked: string[] = [];
      page.on('request', (request) => asked.push(new URL(request.url()).pathname));
      await page.goto(served.url);
      await page.getByText('Failures over time').waitFor();
      expect(page.url()).not.toContain('token');
      await page.getByText('8.7 %').first().waitFor();
      expect(await page.locator('.figures').innerText()).toContain('85 failed');
      expect(await page.locator('.causes li').count()).toBe(3);
      await page.getByText('live', { exact: true }).waitFor();
      // What the browser asks before the page has begun, the page does not ask again.
      expect(asked.filter((path) => path === '/api/panels/span')).toHaveLength(1);
      expect(asked.indexOf('/api/panels/span')).toBeLessThan(asked.indexOf('/api/about'));
    });

    it('looks at the part that is drawn over, and an address opens the same in another tab', async () => {
      const bars = page.locator('.bars');
      const box = (await bars.boundingBox())!;
      await page.mouse.move(box.x + box.width * 0.2, box.y + 50);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.5, box.y + 60, { steps: 5 });
      await page.mouse.up();
      await page.waitForURL(/since=/);
      await page.locator('.causes li button').first().click();
      await page.waitForURL(/where=mechanism/);
      await expect.poll(() => page.locator('.figures').innerText()).not.toContain('85 failed');
      await settled();
      const figures = await page.locator('.figures').innerText();
      const second = await open(context);
      await second.goto(page.url());
      await expect.poll(() => second.locator('.figures').innerText()).toBe(figures);
      await second.close();
      await page.getByTitle('Take this condition away').click();
      await page.getByRole('button', { name: 'all', exact: true }).click();
      await page.getByText('85').first().waitFor();
    });

    it('leads from an incident to its evidence, its requests, and the story of one', async () => {
      await page.getByRole('link', { name: 'Why' }).click();
      await page.locator('.incident-head').first().click();
      const opened = page.locator('.incident.open');
      await opened.getByText('the error log says: connection refused').waitFor();
      expect(await opened.innerText()).toMatch(/error\.log:\d+/);
      expect(await opened.innerText()).toContain('systemctl status app');
      await opened.getByRole('link', { name: 'Its requests' }).click();
      await page.waitForURL(/where=incident/);
      await page.locator('td a').first().click();
      await page.waitForURL(/id=/);
      await page.getByRole('heading', { name: 'Evidence' }).waitFor();
      const id = new URL(page.url()).searchParams.get('id')!;
      await page.getByRole('searchbox').fill(id.slice(0, 10));
      await page.keyboard.press('Enter');
      await page.getByText('Seen in').waitFor();
      await page.getByRole('searchbox').fill('ffffffffffff');
      await page.keyboard.press('Enter');
      await page.getByText('No failure that is stored has an id that begins so').waitFor();
    });

    it('can be worked by keys alone', async () => {
      await page.goto(at('/'));
      await page.locator('.bars').focus();
      for (let i = 0; i < 12; i++) await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Shift+ArrowRight');
      await page.keyboard.press('Shift+ArrowRight');
      await page.keyboard.press('Enter');
      await page.waitForURL(/since=/);
      await page.goBack();
      await page.getByText('8.7 %').first().waitFor();
    });

    it.each(['now', 'where', 'why', 'trust'])('%s has no serious fault of accessibility', async (view) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.goto(at(`/?view=${view}`));
        await settled();
        // By the protocol of the browser: the page's own policy lets no script in.
        await page.evaluate(axe);
        const { violations } = await page.evaluate<{ violations: Violation[] }>('axe.run()');
        const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
        expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      }
    });

    it.each([
      [1440, 900],
      [390, 844],
      [360, 740],
    ])('fits into %d × %d', async (width, height) => {
      await page.setViewportSize({ width, height });
      for (const view of ['now', 'where', 'why', 'trust']) {
        await page.goto(at(`/?view=${view}`));
        await settled();
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      }
      await page.setViewportSize({ width: 1440, height: 900 });
    });

    it('shows what comes while it is open, and text of a log as text', { timeout: 120_000 }, async () => {
      await page.goto(at('/?view=why'));
      await page.getByText('live', { exact: true }).waitFor();
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      const time = instant(Date.UTC(2026, 10, 23, 7, 25, 20));
      const results = pagePayloads.flatMap((text, at): readonly Result[] => {
        const id = `cafe${at.toString(16).padStart(12, '0')}`;
        const own = { host: text, peer: text, upstream: text, time };
        const row = { source: 'nginx', file: text, line: 1 } as const;
        return [
          {
            kind: 'verdict',
            verdict: verdict({
              ...own,
              id,
              requestId: text,
              method: text,
              path: redactTarget(`/${text}`),
              rows: [row],
              evidence: [{ fact: 'connect_refused', weight: decibans(40), text, row }],
              incident: id,
            }),
          },
          {
            kind: 'incident',
            incident: incident({
              ...own,
              id,
              title: text,
              mechanism: at % 2 === 0 ? text : 'process_down',
              started: time,
              ended: time,
              requests: 5_000 + at,
              peers: [{ name: text, requests: 1 }],
              evidence: [{ fact: 'connect_refused', text, requests: 1, row }],
            }),
          },
          { kind: 'traffic', rows: [trafficRow({ bucket: time, host: text, peer: text, upstream: text })] },
        ];
      });
      const sink = store.sink('test', 1_000);
      expect(await sink.deliver(batchOf(results))).toEqual({ kind: 'stored' });
      await sink.close();
      await page.locator('.incident-head', { hasText: 'owned' }).first().waitFor({ timeout: 15_000 });
      for (const view of ['now', 'where', 'why', 'trust']) {
        await page.goto(at(`/?view=${view}&incident=cafe000000000001`));
        await settled();
      }
      for (let story = 0; story < pagePayloads.length; story += 9) {
        await page.goto(at(`/?id=cafe${story.toString(16).padStart(12, '0')}`));
        await page.getByText('Seen in').first().waitFor();
      }
      for (const text of pagePayloads.slice(0, 12)) {
        await page.goto(
          at(`/?${new URLSearchParams({ where: `host=${text}`, since: text, incident: text })}`),
        );
        await page.locator('.times').waitFor();
      }
      expect(await page.evaluate('[window.owned === undefined, document.images.length]')).toEqual([true, 0]);
      expect(asked.filter((url) => !url.startsWith(at('/')))).toEqual([]);
      await page.goto(at('/'));
    });

    it('says that the store is gone, shows what it had, and recovers', async () => {
      await page.goto(at('/'));
      await page.getByText('Failures over time').waitFor();
      await page.locator('.causes li').first().waitFor();
      const before = await page.locator('.causes').innerText();
      await store.connection.command('RENAME TABLE verdicts TO verdicts_away');
      await page.getByRole('alert').waitFor({ timeout: 15_000 });
      expect(await page.getByRole('alert').innerText()).toMatch(/What is shown is of before/);
      expect(await page.locator('.causes').innerText()).toBe(before);
      await store.connection.command('RENAME TABLE verdicts_away TO verdicts');
      await page.getByRole('alert').waitFor({ state: 'detached', timeout: 15_000 });
    });

    it('never said a word on the console but of the store that was gone', () => {
      // What a browser says of an answer that is an error: a condition that is none, and a store that was gone.
      expect(complaints.filter((text) => !text.includes('503'))).toEqual([]);
    });

    it('lets in nobody without the token, from another origin or name, or who would change anything', async () => {
      const cookie = `why502=${new URL(served.url).searchParams.get('token')}`;
      const status = async (path: string, headers: Record<string, string>, method = 'GET') =>
        (await fetch(at(path), { headers, method, redirect: 'manual' })).status;
      expect(await status('/', {})).toBe(401);
      expect(await status('/api/panels/totals', {})).toBe(401);
      expect(await status('/?token=guess', {})).toBe(401);
      expect(await status('/assets/../../../package.json', {})).toBe(401);
      expect(await status('/api/panels/totals', { cookie })).toBe(200);
      expect(await status('/api/panels/totals', { cookie, origin: 'https://evil.test' })).toBe(403);
      expect(await status('/api/panels/totals', { cookie, 'sec-fetch-site': 'cross-site' })).toBe(403);
      expect(await status('/api/panels/totals', { cookie }, 'POST')).toBe(405);
      expect(await status('/api/panels/..%2Fquestions%2Ftop', { cookie })).toBe(404);
      expect(await status('/api/panels/totals?where=1%3D1%20OR%20sleep(1)', { cookie })).toBe(503);
      expect(await status('/..%2f..%2fpackage.json', { cookie })).toBe(404);
      // Whoever guesses does not guess fast.
      const guesses = Array.from({ length: 400 }, (_, guess) => status(`/?token=${guess}`, {}));
      expect(new Set(await Promise.all(guesses))).toEqual(new Set([401, 429]));
    });
  },
);

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

describe.skipIf(absent.length > 0)('the report that is mailed, in a real browser', () => {
  it('opens from a disk, runs nothing and asks for nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'why502-report-'));
    const logs = join(corpus, 'nginx-lab/two-hosts-restart-and-cookie-header/logs');
    const made = spawnSync(process.execPath, [main, 'analyze', '--format', 'html', logs], {
      encoding: 'utf8',
    });
    const file = join(folder, 'report.html');
    writeFileSync(file, made.stdout);
    const browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu'],
    });
    const page = await browser.newPage({ offline: true, viewport: { width: 360, height: 740 } });
    const told: string[] = [];
    page.on('console', (message) => told.push(message.text()));
    page.on('request', (request) => told.push(request.url()));
    await page.goto(`file://${file}`);
    expect(told).toEqual([`file://${file}`]);
    expect(await page.locator('h1').innerText()).toContain('85 of 977 requests failed');
    expect(await page.locator('article.incident').count()).toBe(2);
    expect(await page.evaluate(`getComputedStyle(document.querySelector('.bars')).height`)).toBe('130px');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await page.evaluate(axe);
    const { violations } = await page.evaluate<{ violations: Violation[] }>('axe.run()');
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
    await browser.close();
    rmSync(folder, { recursive: true });
  });
});
