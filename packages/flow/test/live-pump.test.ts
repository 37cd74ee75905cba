import { type AdvanceReason, millis } from '@why502/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LiveInput, LivePump, pump, QueueScan } from '../src/index.ts';
import { Notes, type PlainInput, plainInput } from './plain-lines.ts';

const minute = 60_000;
const second = 1_000;

interface PlainLive extends PlainInput, LiveInput {}

function live(name: string, ahead = 0): PlainLive {
  const plain = plainInput(name, '', 1);
  const scan = new QueueScan(plain.decoder, { offset: 0, line: 0 });
  return { ...plain, scan, idleAfter: millis(30 * second), ahead: millis(ahead) };
}

class LiveNotes extends Notes {
  readonly reasons: AdvanceReason[] = [];

  override advance(watermark: number, reason: AdvanceReason = 'watermark'): void {
    super.advance(watermark);
    this.reasons.push(reason);
  }

  get rowsOnly(): readonly string[] {
    return this.calls.filter((call) => !call.startsWith('advance')).sort();
  }
}

/** A pump, and clocks that tests move. */
function set(wall = 1_000 * minute) {
  const notes = new LiveNotes();
  const time = { now: 0, wall };
  const clock = { monotonic: () => time.now, wall: () => time.wall + time.now };
  const options = { settledAfter: millis(100 * second), maxWait: millis(180 * second) };
  return { notes, time, pumped: new LivePump<PlainLive>(notes, clock, options) };
}

function lines(from: number, to: number, step: number): string[] {
  const text: string[] = [];
  for (let at = from; at < to; at += step) text.push(`${at} x\n`);
  return text;
}

describe('live pump', () => {
  it('hands on the rows of archives as the pump of archives does, however they come', async () => {
    const access = lines(0, 20 * minute, 700);
    const errors = lines(3 * minute, 15 * minute, 11_000);
    const expected = new Notes();
    await pump(
      [
        { ...plainInput('e', errors.join(''), 1 << 20), ahead: millis(minute) },
        plainInput('a', access.join(''), 1 << 20),
      ],
      expected,
    );
    const sizes = fc.infiniteStream(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 3_000 })));
    fc.assert(
      fc.property(sizes, (pieces) => {
        const { notes, pumped } = set();
        const files = [
          { bytes: Buffer.from(errors.join('')), input: live('e', minute) },
          { bytes: Buffer.from(access.join('')), input: live('a') },
        ];
        const open = files.map(({ bytes, input }) => ({ bytes, reading: pumped.open(input), at: 0 }));
        while (open.some(({ at, bytes }) => at < bytes.length)) {
          const [isFirst, size] = pieces.next().value;
          const file = open[isFirst ? 0 : 1]!;
          if (file.at === file.bytes.length) continue;
          file.reading.push(file.bytes.subarray(file.at, file.at + size));
          file.at = Math.min(file.at + size, file.bytes.length);
          if (file.at === file.bytes.length) file.reading.end();
          pumped.turn();
        }
        pumped.finish();
        const whole = (calls: readonly string[], name: string) =>
          calls.filter((call) => call.startsWith(name));
        for (const name of ['a', 'e', 'advance'])
          expect(whole(notes.calls, name)).toEqual(whole(expected.calls, name));
        expect(notes.early).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it('waits for a silent log no longer than it takes to count as idle', () => {
    const { notes, time, pumped } = set();
    const busy = pumped.open(live('a'));
    const silent = pumped.open(live('b'));
    silent.push(Buffer.from('0 x\n1 x\n'));
    busy.push(Buffer.from(lines(0, 10 * minute, 500).join('')));
    pumped.turn();
    expect(pumped.patience).toBe(2 * second);
    time.now = 2 * second;
    pumped.turn();
    const before = pumped.watermark;
    expect(before).toBeLessThan(minute);
    expect(pumped.patience).toBe(28 * second);
    time.now = 29.9 * second;
    pumped.turn();
    expect(pumped.watermark).toBe(before);
    time.now = 30 * second;
    pumped.turn();
    expect(pumped.watermark).toBe(10 * minute - 70 * second);
    expect(notes.reasons.at(-1)).toBe('idle');
    silent.push(Buffer.from(`${10 * minute} x\n${10 * minute} y\n`));
    pumped.turn();
    expect(notes.calls.at(-1)).toBe(`b ${10 * minute} x`);
  });

  it('gives rows their verdicts after the longest wait when nothing comes any more', () => {
    const { notes, time, pumped } = set();
    const only = pumped.open(live('a'));
    only.push(Buffer.from(`${5 * minute} x\n${5 * minute} y\n`));
    pumped.turn();
    expect(pumped.patience).toBeLessThanOrEqual(180 * second);
    time.now = 179 * second;
    pumped.turn();
    expect(notes.reasons).not.toContain('max_wait');
    time.now = 180 * second;
    pumped.turn();
    expect(notes.reasons).toContain('max_wait');
    expect(pumped.watermark).toBe(5 * minute + 110 * second);
    expect(pumped.patience).toBe(Number.POSITIVE_INFINITY);
  });

  it('believes no stamp that is hours ahead of the clock on the wall', () => {
    const { time, pumped } = set(30 * minute);
    const only = pumped.open(live('a'));
    const future = `${Date.UTC(2099, 0)} x\n`;
    only.push(Buffer.from(`${5 * minute} x\n${future.repeat(20)}${6 * minute} x\n${6 * minute} x\n`));
    only.push(Buffer.from(future));
    pumped.turn();
    expect(pumped.watermark).toBe(5 * minute);
    time.now = 181 * second;
    pumped.turn();
    expect(pumped.watermark).toBe(6 * minute + 110 * second);
  });

  it('reads on behind a place in the middle of a log, and can tell where to begin the next time', () => {
    const { notes, time, pumped } = set();
    const text = lines(0, 20 * minute, second);
    const begin = { offset: Buffer.byteLength(text.slice(0, 300).join('')), line: 300 };
    const plain = plainInput('a', '', 1);
    const input = { ...plain, scan: new QueueScan(plain.decoder, begin), idleAfter: millis(30 * second) };
    const reading = pumped.open(input);
    for (const line of text.slice(300)) {
      reading.push(Buffer.from(line));
      pumped.turn();
    }
    // The last line may still go on, but not for long.
    expect(notes.rowsOnly).toHaveLength(899);
    time.now = 2_000;
    pumped.turn();
    expect(notes.rowsOnly).toHaveLength(900);
    const again = reading.placeBefore(15 * minute);
    expect(again.line).toBeGreaterThan(13 * 60);
    expect(again.line).toBeLessThanOrEqual(14 * 60);
    expect(again.offset).toBe(Buffer.byteLength(text.slice(0, again.line).join('')));
  });
});
