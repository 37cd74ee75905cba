import { createNames, recognise } from '@why502/formats';
import {
  type Columns,
  columns,
  type Decoder,
  type Format,
  inLocalTime,
  type LogRecord,
  ofErrorLog,
} from '@why502/model';
import { expect, test } from 'vitest';
import { randomNumbers } from '../random.mjs';
import { int, mutated, pick, type Random } from './mutations.ts';
import { type Seed, seeds } from './seeds.ts';

const bytesToTry = 10 * 1024 * 1024;
const chunkSize = 64 * 1024;
const longestMs = 5;

test(`${bytesToTry / 1024 / 1024} MB of mutated lines are read without a throw, a hang or a loss`, () => {
  const random = randomNumbers(502);
  const all = seeds();
  const formats = all.map(
    ({ lines }) => recognise(Buffer.concat(lines.flatMap((line) => [line, newline])))?.format,
  );
  let tried = 0;
  let fitting = 0;
  for (let round = 0; tried < bytesToTry; round++) {
    const seed = round % all.length;
    const bytes = chunkOf(all[seed]!, random, pick(random, all));
    tried += bytes.length;
    const format = formats[seed];
    if (format !== undefined) fitting += check(format, bytes, all[seed]!.name);
    // The sample from which a format is guessed is as hostile.
    if (round % 4 === 0) {
      const guessed = recognise(bytes)?.format;
      if (guessed !== undefined) check(guessed, bytes, `${all[seed]!.name} as ${guessed.name}`);
    }
  }
  expect(tried).toBeGreaterThanOrEqual(bytesToTry);
  // Mutations that no line survives would test nothing.
  expect(fitting).toBeGreaterThan(5_000);
}, 600_000);

const newline = Buffer.from('\n');

function chunkOf({ lines }: Seed, random: Random, other: Seed): Buffer {
  const pieces: Buffer[] = [];
  let size = 0;
  while (size < chunkSize) {
    const line = pick(random, lines);
    const piece =
      random() < 0.3 ? line : mutated(line, random, pick(random, random() < 0.5 ? lines : other.lines));
    pieces.push(piece, newline);
    size += piece.length + 1;
  }
  return Buffer.concat(int(random, 2) === 0 ? pieces : pieces.slice(0, -1));
}

/** Both readings of a chunk; the number of rows. */
function check(format: Format, bytes: Buffer, name: string): number {
  const { decoder, rows } = scanned(format, bytes);
  const [, ms] = fastest(() => scanned(format, bytes));
  // A chunk has some hundred lines: one that takes too long shows.
  if (ms > longestMs) expectNoSlowLine(format, bytes, name);
  for (let row = 0; row < rows.count; row++) {
    const [record, readMs] = fastest(() =>
      decoder.read(bytes, rows.from[row]!, rows.to[row]!, rows.line[row]!),
    );
    if (readMs > longestMs) throw new Error(`${name}: ${readMs} ms for ${shown(bytes, rows, row)}`);
    if (!('kind' in record)) throw new Error(`${name}: scanned, but not read: ${shown(bytes, rows, row)}`);
    if (!agrees(record, rows, row)) throw new Error(`${name}: readings differ: ${shown(bytes, rows, row)}`);
  }
  expectConservation(decoder, rows, bytes, name);
  return rows.count;
}

function scanned(format: Format, bytes: Buffer): { decoder: Decoder; rows: Columns } {
  const decoder = format.decoder('f', createNames());
  const rows = columns(chunkSize);
  decoder.scan(bytes, 0, bytes.length, true, rows);
  return { decoder, rows };
}

/** The result and the least time of up to five runs: what was slow only once was not slow by itself. */
function fastest<T>(run: () => T): readonly [T, number] {
  let best = Number.POSITIVE_INFINITY;
  let result!: T;
  for (let times = 0; times < 5 && best > longestMs; times++) {
    const start = performance.now();
    result = run();
    best = Math.min(best, performance.now() - start);
  }
  return [result, best];
}

function expectNoSlowLine(format: Format, bytes: Buffer, name: string): void {
  const rows = columns(chunkSize);
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(0x0a, from);
    const to = end < 0 ? bytes.length : end + 1;
    const decoder = format.decoder('f', createNames());
    rows.count = 0;
    decoder.scan(bytes, from, to, true, rows);
    const [, ms] = fastest(() => {
      rows.count = 0;
      decoder.scan(bytes, from, to, true, rows);
    });
    if (ms > longestMs)
      throw new Error(
        `${name}: ${ms} ms for ${JSON.stringify(bytes.toString('latin1', from, Math.min(to, from + 300)))}`,
      );
    from = to;
  }
}

function agrees(record: LogRecord, rows: Columns, row: number): boolean {
  const flags = rows.flags[row]!;
  if (record.kind === 'request') {
    return (flags & ofErrorLog) === 0 && record.end === rows.at[row] && record.status === rows.status[row];
  }
  const { wall, zoneOffsetMin } = record;
  return (
    (flags & ofErrorLog) !== 0 &&
    ((flags & inLocalTime) !== 0) === (zoneOffsetMin === undefined) &&
    wall - (zoneOffsetMin ?? 0) * 60_000 === rows.at[row]
  );
}

/** Every line is a row, a fault, or set aside; and every row is a line of its own. */
function expectConservation(decoder: Decoder, rows: Columns, bytes: Buffer, name: string): void {
  const text = bytes.toString('latin1').replace(/\n$/, '');
  const lines = text.split('\n');
  // Text behind a hole of NULs is read besides, unless it goes on with a record.
  const holes = lines.filter((line) => /^\0+[^\0]/.test(line)).length;
  let line = 0;
  for (let row = 0; row < rows.count; row++) {
    if (rows.line[row]! <= line) throw new Error(`${name}: line ${rows.line[row]} comes twice or late`);
    line = rows.line[row]!;
  }
  const { faults, setAside } = decoder;
  const told = rows.count + faults.count + setAside;
  expect({
    name,
    lines: decoder.lines,
    lost: told < lines.length,
    twice: told > lines.length + holes,
  }).toEqual({
    name,
    lines: lines.length,
    lost: false,
    twice: false,
  });
}

function shown(bytes: Buffer, rows: Columns, row: number): string {
  return JSON.stringify(
    bytes.toString('latin1', rows.from[row], Math.min(rows.to[row]!, rows.from[row]! + 400)),
  );
}
