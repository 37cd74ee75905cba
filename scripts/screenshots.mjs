// `npm run screenshots`: pictures of the dashboard and of the mailed report, of recordings in the corpus, for the pages in docs.
// Needs Debian's chromium.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('..', import.meta.url));
const main = join(root, 'packages/cli/dist/main.js');
const images = join(root, 'docs/images');
const logs = 'test/corpus/chain-sim/chain-app-crash-behind-nginx/logs';
const sizes = [
  [1440, 900],
  [390, 844],
];
const places = {
  now: '/',
  where: '/?view=where',
  why: '/?view=why',
  trust: '/?view=trust',
};

const folder = mkdtempSync(join(tmpdir(), 'why502-images-'));
const store = join(folder, 'store');
mkdirSync(images, { recursive: true });
run('npm', 'run', '--silent', 'build');
run(process.execPath, main, 'analyze', '--save', '--store', store, logs);
writeFileSync(join(folder, 'report.html'), run(process.execPath, main, 'analyze', '--format', 'html', logs));

const server = spawn(process.execPath, [main, 'dashboard', '--store', store, '--port', '0']);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  const url = await new Promise((resolve) =>
    server.stdout.once('data', (text) => resolve(String(text).trim())),
  );
  for (const [width, height] of sizes) {
    for (const colorScheme of ['light', 'dark']) {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme,
        timezoneId: 'UTC',
      });
      const page = await context.newPage();
      await page.goto(url);
      for (const [name, path] of Object.entries(places)) {
        await page.goto(new URL(path, url).href);
        await settled(page);
        if (name === 'why') await page.locator('.incident-head').first().click();
        await picture(page, `dashboard-${name}-${width}-${colorScheme}`);
      }
      await page.goto(`file://${join(folder, 'report.html')}`);
      await picture(page, `report-${width}-${colorScheme}`);
      await context.close();
    }
  }
} finally {
  await browser.close();
  server.kill('SIGTERM');
  await new Promise((resolve) => server.once('exit', resolve));
  rmSync(folder, { recursive: true });
}

async function settled(page) {
  await page.locator('.panel h2').first().waitFor();
  await page.waitForTimeout(300);
  await page.locator('.waiting, [aria-busy="true"]').first().waitFor({ state: 'detached' });
}

async function picture(page, name) {
  await page.screenshot({ path: join(images, `${name}.png`) });
}

function run(command, ...args) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}\n${stderr}`);
  return stdout;
}
