import { inLocalTime, type LogRecord, type Names } from '@why502/model';
import { lineHash } from '../line-hash.ts';
import { type LineFormat, type LineReading, lineFormat, type Misfit } from '../lines.ts';
import { dockerJson } from './docker-json.ts';
import { type Envelope, emptyContent } from './envelope.ts';
import { headers } from './headers.ts';
import { Unwrapped } from './unwrapped.ts';

const lineBreak = 0x0a;

/** Zones differ from UTC by multiples of this. */
const quarterHourMs = 900_000;
/** A line is wrapped soon after it was written; by more than this it does not tell the zone. */
const longestDelayMs = 300_000;

const notWrapped: Misfit = { reason: 'does_not_fit', column: 0 };

/** The envelope that most of the lines are in. */
export function envelopeOf(lines: readonly Buffer[]): Envelope | undefined {
  const content = emptyContent();
  return [dockerJson, ...headers].find(
    ({ open }) => lines.filter((line) => open(line, 0, line.length, content)).length * 2 > lines.length,
  );
}

/** The lines inside, with parts joined. */
export function unwrap(lines: readonly Buffer[], envelope: Envelope): readonly Buffer[] {
  const content = emptyContent();
  const inside: Buffer[] = [];
  let openStream = -1;
  for (const line of lines) {
    if (!envelope.open(line, 0, line.length, content)) continue;
    const piece = Buffer.from(content.bytes.subarray(content.from, content.to));
    if (content.stream === openStream) inside.push(Buffer.concat([inside.pop()!, piece]));
    else inside.push(piece);
    openStream = content.isPart ? content.stream : -1;
  }
  return inside;
}

/** The same format inside an envelope. Rows and places in the file are those of the wrapped lines. */
export function wrapped(format: LineFormat, envelope: Envelope): LineFormat {
  const name = `${format.name} in ${envelope.name}`;
  const inside = lineFormat(name, format.source, (names, file) =>
    wrappedReading(format, envelope, names, file),
  );
  return { ...inside, unescaped: format.unescaped === true };
}

function wrappedReading(format: LineFormat, envelope: Envelope, names: Names, file: string): LineReading {
  const inner = format.reading(names, file);
  const record = new Unwrapped(envelope);

  /** Offset from UTC of a local time, minutes, as far as the envelope tells it. */
  function zoneOf(wall: number, bytes: Buffer, from: number, to: number): number | undefined {
    const end = bytes.indexOf(lineBreak, from);
    const ahead = wall - (envelope.time?.(bytes, from, end < 0 ? to : Math.min(end, to)) ?? Number.NaN);
    const zoneMs = Math.round(ahead / quarterHourMs) * quarterHourMs;
    return Math.abs(ahead - zoneMs) <= longestDelayMs ? zoneMs / 60_000 : undefined;
  }

  return {
    scan(bytes, from, to, into, row) {
      if (!record.open(bytes, from, to)) return notWrapped;
      const { content } = record;
      const misfit = inner.scan(content.bytes, content.from, content.to, into, row);
      if (misfit !== undefined || (into.flags[row]! & inLocalTime) === 0) return misfit;
      const zoneMin = zoneOf(into.at[row]!, bytes, from, to);
      if (zoneMin === undefined) return undefined;
      into.at[row]! -= zoneMin * 60_000;
      into.flags[row]! &= ~inLocalTime;
      return undefined;
    },
    read(bytes, from, to, row): LogRecord | Misfit {
      if (!record.open(bytes, from, to)) return notWrapped;
      const { content } = record;
      const found = inner.read(content.bytes, content.from, content.to, row);
      if (!('kind' in found)) return found;
      const hashed = { ...found, lineHash: lineHash(bytes, from, to) };
      return hashed.kind === 'error_line' && hashed.zoneOffsetMin === undefined
        ? { ...hashed, zoneOffsetMin: zoneOf(hashed.wall, bytes, from, to) }
        : hashed;
    },
    isAside(bytes, from, to) {
      if (!record.open(bytes, from, to)) return false;
      const { content } = record;
      return inner.isAside?.(content.bytes, content.from, content.to) === true;
    },
    mayGoOn(bytes, from, to) {
      if (!record.grow(bytes, from, to)) return false;
      const { content } = record;
      return content.isPart || inner.mayGoOn?.(content.bytes, content.from, content.to) === true;
    },
    goesOn(bytes, from, to) {
      const { content, next } = record;
      const isWrapped = record.openNext(bytes, from, to);
      if (content.isPart) return isWrapped && next.stream === content.stream;
      // A part is too little to tell; a line that was cut is mostly one of its own.
      if (isWrapped && next.isPart) return false;
      return !isWrapped || inner.goesOn?.(next.bytes, next.from, next.to) === true;
    },
  };
}
