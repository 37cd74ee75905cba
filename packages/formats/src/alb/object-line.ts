import { ByteMap } from '../byte-map.ts';
import { unescaped } from '../escapes.ts';
import { Members } from '../json/members.ts';
import { type LineFormat, lineFormat, type Misfit } from '../lines.ts';
import { accessReading } from './access.ts';
import { AccessLine } from './access-line.ts';
import { connectionFormat } from './connection-log.ts';
import { accessFields, fieldOf, placesOf } from './fields.ts';
import { healthFormat } from './health-log.ts';
import type { LogKind } from './layout.ts';

const quote = 0x22;
const lowerN = 0x6e;
const openingBrace = 0x7b;
const openingBracket = 0x5b;

/** Spellings of keys that are remembered; more than these are made up. */
const mostSpellings = 256;

/** Logs in lines that are objects of JSON, as vended delivery writes them. */
export function objectsFormat(kind: LogKind): LineFormat {
  if (kind === 'health') return healthFormat(undefined);
  if (kind === 'connection') return connectionFormat(undefined);
  return lineFormat('ALB access log in JSON', 'alb', (names, file) =>
    accessReading(new ObjectLine(), names, file),
  );
}

/** A line that is an object of JSON, with the fields that the delivery was told to write, in any order. */
class ObjectLine extends AccessLine {
  readonly #members = new Members();
  readonly #spellings = new ByteMap(mostSpellings);
  readonly #fields = new Int32Array(mostSpellings + 1);

  constructor() {
    super(placesOf(accessFields), accessFields.length);
  }

  place(bytes: Buffer, from: number, to: number): Misfit | undefined {
    const start = this.enter(bytes, from, to);
    const members = this.#members;
    const { spans } = this;
    spans.fill(-1);
    if (!members.open(this.bytes, start, start + to - from)) return { reason: 'not_json', column: 0 };
    while (members.next()) {
      const field = this.#fieldOf(members.keyFrom, members.keyTo);
      if (field >= 0 && spans[2 * field] === -1) this.#place(field, members.valueFrom, members.valueTo);
    }
    if (members.end < 0) return { reason: 'not_json', column: 0 };
    return this.readHead() ? undefined : this.headMisfit(start);
  }

  placeRest(): void {
    // All are placed.
  }

  decode(from: number, to: number, bytes: Buffer = this.bytes): string {
    return unescaped(bytes, from, to, 'json');
  }

  #place(field: number, from: number, to: number): void {
    const first = this.bytes[from];
    if (first === lowerN || first === openingBrace || first === openingBracket) return;
    const inQuotes = first === quote ? 1 : 0;
    this.spans[2 * field] = from + inQuotes;
    this.spans[2 * field + 1] = to - inQuotes;
  }

  /** The field of the key in [from, to), -1 for a key of something else. */
  #fieldOf(from: number, to: number): number {
    const known = this.#spellings.find(this.view, from, to - from);
    if (known > 0) return this.#fields[known]!;
    const field = (accessFields as readonly string[]).indexOf(
      fieldOf(this.bytes.toString('latin1', from, to)),
    );
    if (!this.#spellings.full) this.#fields[this.#spellings.add(this.view, from, to - from)] = field;
    return field;
  }
}
