import { type Columns, columns, type Decoder, type Format, type Names } from '@why502/model';
import { lineHash } from './line-hash.ts';
import { type LineReading, lineDecoder } from './lines.ts';

/** What a log driver or syslog puts around every line. */
export interface Envelope {
  readonly name: string;
  /** The bytes of the line inside, without its line break; undefined where the line is not so wrapped. */
  unwrap(bytes: Buffer, from: number, to: number): Buffer | undefined;
}

/** Bytes at the start of a line that a header may take. */
const longestHeader = 512;

/** A header in front of the line. */
function headed(name: string, header: RegExp): Envelope {
  return {
    name,
    unwrap(bytes, from, to) {
      const found = header.exec(bytes.toString('latin1', from, Math.min(to, from + longestHeader)));
      return found === null ? undefined : bytes.subarray(from + found[0].length, to);
    },
  };
}

const envelopes: readonly Envelope[] = [
  { name: 'Docker JSON', unwrap: unwrapDocker },
  // https://github.com/kubernetes/design-proposals-archive, cri-logging: TIME STREAM TAG LINE
  headed('CRI', /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d) (?:stdout|stderr) [FP] /),
  // RFC 5424: <PRI>VERSION TIME HOST APP PROCID MSGID STRUCTURED-DATA LINE
  headed('syslog', /^<\d{1,3}>1 (?:\S+ ){5}(?:-|(?:\[[^\]]*\])+) /),
  // RFC 3164 as nginx sends it and as syslog daemons write it: [<PRI>]TIME [HOST] TAG: LINE
  headed(
    'syslog',
    /^(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)) (?:\S+ )?[\w./-]+(?:\[\d+\])?: /,
  ),
];

/** The envelope that most of the lines are in. */
export function envelopeOf(lines: readonly Buffer[]): Envelope | undefined {
  return envelopes.find(
    ({ unwrap }) =>
      lines.filter((line) => unwrap(line, 0, line.length) !== undefined).length * 2 > lines.length,
  );
}

/** The same format inside an envelope. Rows and places in the file are those of the wrapped lines. */
export function wrapped(format: Format, envelope: Envelope): Format {
  return {
    name: `${format.name} in ${envelope.name}`,
    source: format.source,
    decoder: (file, names): Decoder =>
      lineDecoder(file, format.source, wrappedReading(format, envelope, file, names)),
  };
}

function wrappedReading(format: Format, envelope: Envelope, file: string, names: Names): LineReading {
  const inner = format.decoder(file, names);
  const one = columns(1);
  return {
    scan(bytes, from, to, into, row) {
      const line = envelope.unwrap(bytes, from, to);
      if (line === undefined) return { reason: 'does_not_fit', column: 0 };
      one.count = 0;
      inner.scan(line, 0, line.length, true, one);
      if (one.count === 0) {
        const why = inner.read(line, 0, line.length, 0);
        return 'kind' in why ? { reason: 'does_not_fit', column: 0 } : why;
      }
      copyRow(one, into, row);
      return undefined;
    },
    read(bytes, from, to, row) {
      const line = envelope.unwrap(bytes, from, to);
      if (line === undefined) return { reason: 'does_not_fit', column: 0 };
      const record = inner.read(line, 0, line.length, row.line);
      return 'kind' in record ? { ...record, lineHash: lineHash(bytes, from, to) } : record;
    },
  };
}

function copyRow(from: Columns, into: Columns, row: number): void {
  into.at[row] = from.at[0]!;
  for (const column of [
    'status',
    'host',
    'service',
    'peer',
    'route',
    'duration',
    'connect',
    'flags',
  ] as const) {
    into[column][row] = from[column][0]!;
  }
}

/** Docker's json-file driver: `{"log":"…\n","stream":"stdout","time":"…"}`. */
function unwrapDocker(bytes: Buffer, from: number, to: number): Buffer | undefined {
  if (bytes.toString('latin1', from, from + 8) !== '{"log":"') return undefined;
  try {
    const entry: unknown = JSON.parse(bytes.toString('utf8', from, to));
    const isEntry = typeof entry === 'object' && entry !== null && 'log' in entry;
    if (!isEntry || typeof entry.log !== 'string') return undefined;
    return Buffer.from(entry.log.replace(/\r?\n$/, ''));
  } catch {
    return undefined;
  }
}
