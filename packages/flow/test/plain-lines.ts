import { type Columns, type Decoder, instant, type LogRecord, millis } from '@why502/model';
import type { Consumer, Input, Reading } from '../src/index.ts';

/** Reads lines of the form `<ms> <text>`; a line that begins with a blank goes on with the record before it. */
function plainDecoder(): Decoder {
  let lines = 0;
  return {
    scan(buffer, from, to, last, into) {
      let at = from;
      while (at < to && into.count < into.capacity) {
        let end = buffer.indexOf(10, at);
        if (end < 0 || end >= to) {
          if (!last) return at;
          end = to;
        }
        while (end + 1 < to && buffer[end + 1] === 0x20) {
          const next = buffer.indexOf(10, end + 1);
          if (next < 0 && !last) return at;
          end = next < 0 ? to : next;
        }
        if (end + 1 >= to && !last) return at;
        addRow(into, buffer, at, end, ++lines);
        at = end + 1;
      }
      return Math.min(at, to);
    },
    read(): LogRecord {
      throw new Error('not read in these tests');
    },
    faults: { count: 0, samples: [] },
    setAside: 0,
    get lines() {
      return lines;
    },
  };
}

function addRow(into: Columns, buffer: Buffer, from: number, to: number, line: number): void {
  const row = into.count++;
  into.at[row] = Number.parseInt(buffer.toString('latin1', from, to), 10);
  into.from[row] = from;
  into.to[row] = to;
  into.line[row] = line;
}

export interface PlainInput extends Input {
  readonly name: string;
}

export function plainInput(
  name: string,
  text: string | Buffer,
  chunkSize: number,
  start?: number,
): PlainInput {
  const whole = Buffer.from(text);
  return {
    name,
    decoder: plainDecoder(),
    start: start === undefined ? undefined : instant(start),
    disorder: millis(60_000),
    shift: millis(0),
    async *chunks() {
      for (let at = 0; at < whole.length; at += chunkSize) {
        const chunk = Buffer.from(whole.subarray(at, at + chunkSize));
        yield chunk;
        // A chunk is valid until the next one is asked for.
        chunk.fill(0x21);
      }
    },
  };
}

/** Writes down what the pump calls, with runs of rows of one input joined. */
export class Notes implements Consumer<PlainInput> {
  readonly calls: string[] = [];
  readonly readings = new Map<string, Reading>();
  #watermark = Number.NEGATIVE_INFINITY;
  readonly early: string[] = [];

  rows(input: PlainInput, rows: Columns, from: number, to: number, buffer: Buffer): void {
    for (let row = from; row < to; row++) {
      const text = buffer.toString('latin1', rows.from[row]!, rows.to[row]!);
      this.calls.push(`${input.name} ${text}`);
      if (rows.at[row]! < this.#watermark) this.early.push(text);
    }
  }

  advance(watermark: number): void {
    if (watermark <= this.#watermark) throw new Error('the watermark must rise');
    this.#watermark = watermark;
    this.calls.push(`advance ${watermark}`);
  }

  ended(input: PlainInput, reading: Reading): void {
    this.readings.set(input.name, reading);
  }
}
