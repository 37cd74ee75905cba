import { spawnSync } from 'node:child_process';
import { appendFileSync, copyFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { freePort } from '../telemetry/free-port.ts';
import { accessLine, main, printed, start, until, useCommand } from './running-tail.ts';

const folder = useCommand();

function lines(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, at) => accessLine(from + at, 502)).join('');
}

/** The paths of the failures that a tail has said something of. */
function seenBy({ said }: ReturnType<typeof start>): ReadonlySet<string | null> {
  return new Set(printed(said.out).map(({ path }) => path));
}

/** What `doctor --counters` says, as JSON or in words. */
function counters(state: string, format: 'json' | 'report'): string {
  const args = [main, 'doctor', '--counters', state, ...(format === 'json' ? ['--format', 'json'] : [])];
  return spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout;
}

it('R3: what is written between copy and truncation is lost, which is said once and counted each time, also over a restart', {
  timeout: 90_000,
}, async () => {
  const log = join(folder(), 'access.log');
  const state = join(folder(), 'state');
  const port = await freePort();
  const tail = () => start(log, '--format', 'json', '--state', state, '--listen', `127.0.0.1:${port}`);
  const metrics = () =>
    fetch(`http://127.0.0.1:${port}/metrics`).then(
      (response) => response.text(),
      () => '',
    );
  /** As copytruncate of logrotate does it, while the log is written to. */
  let copies = 0;
  const rotate = (lost: string) => {
    copyFileSync(log, `${log}.${++copies}`);
    appendFileSync(log, lost);
    truncateSync(log);
  };

  /** First looks are at what is written from when it looks: writes until one of its lines is seen. */
  let at = 0;
  const looks = (out: () => ReadonlySet<string | null>) =>
    until(() => {
      appendFileSync(log, lines(at, ++at));
      return out().has(`/${at - 2}`);
    }, 30_000);

  writeFileSync(log, lines(at, ++at));
  const first = tail();
  await looks(() => seenBy(first));
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);
  expect(first.said.err).not.toContain('W502_POSSIBLE_GAP');
  rotate(lines(2_000, 2_001));

  const second = tail();
  /** The tail sleeps meanwhile: what it could read in time would not be lost. */
  const unseen = (work: () => void) => {
    second.child.kill('SIGSTOP');
    work();
    second.child.kill('SIGCONT');
  };
  await looks(() => seenBy(second));
  unseen(() => {
    appendFileSync(log, lines(1_000, 1_005));
    rotate(lines(2_001, 2_004));
    appendFileSync(log, lines(1_005, 1_007));
  });
  await until(() => seenBy(second).has('/1006'), 20_000);
  unseen(() => {
    rotate(lines(2_004, 2_005));
    appendFileSync(log, lines(1_007, 1_008));
  });
  await until(() => seenBy(second).has('/1007'), 20_000);
  const told = [...seenBy(second)].filter((path) => /^\/\d{4}$/.test(path ?? ''));
  expect(told.sort()).toEqual(Array.from({ length: 8 }, (_, index) => `/${1_000 + index}`));
  let text = '';
  // Told about once a second.
  const end = Date.now() + 20_000;
  while (!/^why502_gaps_total(\{.*\})? 3$/m.test(text)) {
    expect(Date.now()).toBeLessThan(end);
    text = await metrics();
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
  expect(second.said.err.match(/W502_POSSIBLE_GAP/g)).toHaveLength(1);
  expect(second.said.err).toContain(log);
  expect(JSON.parse(counters(state, 'json')).possible_gaps).toBe(3);
  expect(counters(state, 'report')).toContain('copied and truncated 3 times');
});
