import { describe, expect, it } from 'vitest';
import { pump } from '../src/index.ts';
import { Notes, type PlainInput, plainInput } from './plain-lines.ts';

const minute = 60_000;

function lines(from: number, to: number, step: number, word: string): string {
  let text = '';
  for (let at = from; at < to; at += step) text += `${at} ${word}\n`;
  return text;
}

async function notesOf(...inputs: PlainInput[]): Promise<Notes> {
  const notes = new Notes();
  await pump(inputs, notes);
  return notes;
}

describe('pump', () => {
  const access = lines(0, 20 * minute, 700, 'access');
  const errors = lines(3 * minute, 15 * minute, 11_000, 'error');

  it('makes the same calls for any size of chunks', async () => {
    const whole = await notesOf(plainInput('a', access, 1 << 20), plainInput('e', errors, 1 << 20));
    for (const size of [1, 7, 4096]) {
      const cut = await notesOf(plainInput('a', access, size), plainInput('e', errors, size));
      expect(cut.calls).toEqual(whole.calls);
    }
  });

  it('hands on every line, none behind the watermark', async () => {
    const notes = await notesOf(plainInput('a', access, 1000), plainInput('e', errors, 1000));
    expect(notes.calls.filter((call) => !call.startsWith('advance'))).toHaveLength(
      (access + errors).trimEnd().split('\n').length,
    );
    expect(notes.early).toEqual([]);
  });

  it('keeps inputs within a step and their disorder of each other', async () => {
    const notes = await notesOf(plainInput('a', access, 1000), plainInput('e', errors, 1000));
    let latest = 0;
    for (const call of notes.calls) {
      const [name, at] = call.split(' ');
      if (name === 'a') latest = Number(at);
      if (name === 'e') expect(Math.abs(Number(at) - latest)).toBeLessThan(4 * minute);
    }
  });

  it('opens a rotated file only when the one before it has been read', async () => {
    const opened: string[] = [];
    const rotated = [2, 1, 0].map((part) => {
      const from = part * 60 * minute;
      const input = plainInput(`${part}`, lines(from, from + 60 * minute, 5_000, 'x'), 1000, from);
      return {
        ...input,
        chunks() {
          opened.push(`open ${part} after ${notes.readings.size}`);
          return input.chunks();
        },
      };
    });
    const notes = new Notes();
    await pump(rotated, notes);
    expect(opened).toEqual(['open 0 after 0', 'open 1 after 1', 'open 2 after 2']);
    expect(notes.early).toEqual([]);
  });

  it('makes the same calls for one file and for its rotated parts', async () => {
    const cut = access.indexOf('\n', access.length / 2) + 1;
    const second = Number.parseInt(access.slice(cut), 10);
    const whole = await notesOf(plainInput('a', access, 500, 0));
    const parts = await notesOf(
      plainInput('a', access.slice(cut), 500, second),
      plainInput('a', access.slice(0, cut), 500, 0),
    );
    expect(rowsOf(parts)).toEqual(rowsOf(whole));
    expect(parts.early).toEqual([]);
  });

  it('does not let one line stamped in a wrong future move the watermark', async () => {
    const wild = access.replace('\n350000 access', '\n4099000000000 access\n350000 access');
    const notes = await notesOf(plainInput('a', wild, 1000));
    expect(notes.early).toEqual([]);
    expect(notes.readings.get('a')?.late).toBe(0);
    expect(notes.calls).toContain('a 4099000000000 access');
  });

  it('counts lines that come later than the disorder allows, and hands them on', async () => {
    const text = `${lines(10 * minute, 20 * minute, 1000, 'x')}${5 * minute} late\n`;
    const notes = await notesOf(plainInput('a', text, 100));
    // The line before the step back is denied by it.
    expect(notes.readings.get('a')).toEqual({ from: 5 * minute, to: 20 * minute - 2000, late: 1 });
    expect(notes.calls.at(-1)).toBe(`a ${5 * minute} late`);
  });

  it('has one of many small files open at a time, and hands on every line of them', async () => {
    let open = 0;
    let most = 0;
    const inputs = Array.from({ length: 300 }, (_, file) => {
      const from = Math.floor(file / 30) * minute;
      const input = plainInput(`${file}`, lines(from, from + 3 * minute, 5_000, 'x'), 1000, from);
      async function* chunks() {
        most = Math.max(most, ++open);
        yield* input.chunks();
        open--;
      }
      return { ...input, whole: true, chunks };
    });
    const notes = await notesOf(...inputs);
    expect(most).toBe(1);
    expect(notes.calls.filter((call) => !call.startsWith('advance'))).toHaveLength(300 * 36);
    expect(notes.early).toEqual([]);
  });

  it('joins a record of many lines whatever the chunks', async () => {
    const record = `1 first\n${' more\n'.repeat(3000)}2 second\n3 third`;
    const whole = await notesOf(plainInput('a', record, 1 << 20));
    expect(rowsOf(whole)).toHaveLength(3);
    for (const size of [1, 1000]) {
      expect((await notesOf(plainInput('a', record, size))).calls).toEqual(whole.calls);
    }
  });

  it('ends a record that is still open after a MiB', async () => {
    const endless = `1 first\n${' more\n'.repeat(400_000)}2 second\n3 third\n`;
    const notes = await notesOf(plainInput('a', endless, 65_536));
    expect(rowsOf(notes).length).toBeGreaterThan(3);
    expect(rowsOf(notes).at(-1)).toBe('a 3 third');
  });
});

function rowsOf(notes: Notes): string[] {
  return notes.calls.filter((call) => !call.startsWith('advance'));
}
