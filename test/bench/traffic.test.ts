import { describe, expect, it } from 'vitest';
import { traffic } from './traffic.mjs';

function logs(lines: number, hours: number, failing: number) {
  let access = '';
  let error = '';
  for (const chunk of traffic({ lines, hours, failing })) {
    access += chunk.access;
    error += chunk.error;
  }
  return { access: access.trimEnd().split('\n'), error: error.trimEnd().split('\n') };
}

function failures(access: readonly string[]): readonly string[] {
  return access.filter((line) => /" 50\d \d+ "/.test(line));
}

describe('made-up traffic', () => {
  const { access, error } = logs(40_000, 2, 0.005);

  it('has as many lines as asked for, of 350 to 390 bytes in the mean', () => {
    const bytes = access.reduce((sum, line) => sum + line.length + 1, 0);
    expect(access).toHaveLength(40_000);
    expect(bytes / access.length).toBeGreaterThan(350);
    expect(bytes / access.length).toBeLessThan(390);
  });

  it('fails in about the share asked for, mostly in bursts', () => {
    const failed = failures(access);
    expect(failed.length / access.length).toBeGreaterThan(0.004);
    expect(failed.length / access.length).toBeLessThan(0.006);
    const minutes = new Set(failed.map((line) => line.slice(line.indexOf('['), line.indexOf('[') + 18)));
    expect(minutes.size).toBeLessThan(90);
  });

  it('has an error line for every failure that the proxy made itself', () => {
    const own = failures(access).filter((line) => line.includes('uht="-"'));
    expect(error).toHaveLength(own.length);
    own.forEach((line, index) => {
      const client = line.slice(0, line.indexOf(' '));
      const request = /"[A-Z]+ [^"]+"/.exec(line)?.[0];
      expect(error[index]).toContain(`client: ${client}, `);
      expect(error[index]).toContain(`request: ${request}, `);
    });
  });

  it('is in order of time and spans the hours asked for', () => {
    const times = logs(2_000, 8, 0).access.map((line) => /\[([^ ]+)/.exec(line)?.[1] ?? '');
    expect(times).toEqual([...times].sort());
    expect(times.at(-1)).toBe('23/Nov/2026:13:59:45');
  });

  it('can fail mostly', () => {
    const mostly = logs(5_000, 1, 0.86).access;
    expect(failures(mostly).length / mostly.length).toBeCloseTo(0.86, 1);
  });

  it('is the same in every run', () => {
    expect(logs(3_000, 1, 0.01)).toEqual(logs(3_000, 1, 0.01));
  });
});
