import { isWithinLimits } from '../json/limits.ts';
import type { Entry, EntryLines } from '../neighbour-log.ts';
import { unescaped } from './escapes.ts';
import { fieldOf } from './fields.ts';
import { isHeader, type Layout, quotingAt } from './layout.ts';
import { placeWords } from './words.ts';

/** @param layout undefined for objects of JSON */
export function entryLines(layout: Layout | undefined): EntryLines {
  if (layout === undefined) return { entryOf: jsonEntries };
  return { entryOf: entriesOf(layout), isAside: (bytes, from, to) => isHeader(layout, bytes, from, to) };
}

function entriesOf(layout: Layout): (bytes: Buffer, from: number, to: number) => Entry {
  const spans = new Int32Array(2 * (layout.fields.length + 1));
  const quoting = (word: number) => quotingAt(layout, word);
  return (bytes, from, to) => {
    placeWords(bytes, from, to, spans, layout.separator, quoting);
    const entry = new Map<string, string>();
    layout.fields.forEach((field, index) => {
      const at = spans[2 * index]!;
      if (at < 0) return;
      const text = unescaped(bytes, at, spans[2 * index + 1]!);
      if (text !== '' && text !== '-') entry.set(field, text);
    });
    return entry;
  };
}

/** The entry that an object of JSON is; undefined for anything else. */
export function jsonEntries(bytes: Buffer, from: number, to: number): Entry | undefined {
  if (bytes[from] !== 0x7b || !isWithinLimits(bytes, from, to)) return undefined;
  try {
    const object: Readonly<Record<string, unknown>> = JSON.parse(bytes.toString('utf8', from, to));
    const entry = new Map<string, string>();
    for (const [key, value] of Object.entries(object)) {
      if (typeof value !== 'string' && typeof value !== 'number') continue;
      if (value !== '' && value !== '-') entry.set(fieldOf(key), String(value));
    }
    return entry;
  } catch {
    return undefined;
  }
}
