import { unescaped } from '../escapes.ts';
import { Members } from '../json/members.ts';
import { afterBlanks, scalarEnd, stringEnd } from '../json/skip.ts';
import type { Misfit } from '../lines.ts';
import { fieldNames, lesserFields, scannedFields } from './fields.ts';
import { KeySearch } from './key-search.ts';
import { KnownKeys } from './known-keys.ts';
import { absent, isAbsent, isNull, type Values } from './values.ts';

const quote = 0x22;
const openingBrace = 0x7b;
const closingBrace = 0x7d;
const openingBracket = 0x5b;
const lowerN = 0x6e;

const notJson: Misfit = { reason: 'not_json', column: 0 };

/**
 * Finds the values of the fields in lines that are objects of JSON. The order of the keys is learned from a line that was
 * read member by member; the next ones are searched for the keys that every line is asked for, in that order. A line in
 * which anything is not as before is read member by member again.
 */
export class JsonPlacement implements Values {
  bytes: Buffer = Buffer.alloc(0);
  readonly spans: Int32Array = new Int32Array(2 * fieldNames.length);
  /** The keys that lead from the object of a line to that of the record. */
  readonly #path: readonly string[];
  readonly #keys = new KnownKeys();
  readonly #members = new Members();
  /** Where the keys of the line stand that was read last member by member, in pairs as in `spans`. */
  readonly #keySpans = new Int32Array(2 * fieldNames.length);
  /** That line up to the first member of the record; empty as long as no order is known. */
  #lead: Buffer = Buffer.alloc(0);
  /** Searches for the keys that lines hold, in their order, and for those that they do not hold. */
  #held: readonly KeySearch[] = [];
  #lacking: readonly KeySearch[] = [];

  constructor(path: readonly string[]) {
    this.#path = path;
  }

  /** Places the fields that every line is asked for; undefined when the line fits. */
  placeScanned(bytes: Buffer, from: number, to: number): Misfit | undefined {
    this.bytes = bytes;
    return this.#isAsBefore(bytes, from, to) ? undefined : this.placeAll(bytes, from, to);
  }

  /** Places all fields, reading member by member. Of a key that stands twice the first counts. */
  placeAll(bytes: Buffer, from: number, to: number): Misfit | undefined {
    const { spans } = this;
    const members = this.#members;
    this.bytes = bytes;
    spans.fill(absent);
    if (!this.#openRecord(bytes, from, to)) return notJson;
    const leadTo = members.at;
    while (members.next()) {
      const { keyFrom, keyTo, valueFrom, valueTo } = members;
      const field = this.#keys.fieldOf(bytes, keyFrom, keyTo);
      if (field < 0 || spans[2 * field] !== absent) continue;
      this.#keySpans[2 * field] = keyFrom;
      this.#keySpans[2 * field + 1] = keyTo;
      this.#place(field, valueFrom, valueTo);
    }
    if (members.end < 0 || !this.#isWhole(bytes, members.end, to)) return notJson;
    const lead = bytes.subarray(from, leadTo);
    if (!lead.equals(this.#lead) || !this.#isInOrder()) this.#learn(lead);
    return undefined;
  }

  decode(from: number, to: number): string {
    return unescaped(this.bytes, from, to, 'json');
  }

  #place(field: number, from: number, to: number): void {
    const first = this.bytes[from];
    const inQuotes = first === quote ? 1 : 0;
    this.spans[2 * field] = first === lowerN ? isNull : from + inQuotes;
    this.spans[2 * field + 1] = first === lowerN ? isNull : to - inQuotes;
  }

  /** Lets the members be those of the record; false where the path does not lead to one. */
  #openRecord(bytes: Buffer, from: number, to: number): boolean {
    const members = this.#members;
    if (!members.open(bytes, from, to)) return false;
    for (const key of this.#path) {
      let isThere = members.next();
      while (isThere && unescaped(bytes, members.keyFrom, members.keyTo, 'json') !== key)
        isThere = members.next();
      if (!isThere || !members.open(bytes, members.valueFrom, members.valueTo)) return false;
    }
    return true;
  }

  /** Whether nothing stands behind the record but the ends of the objects that it is in. */
  #isWhole(bytes: Buffer, end: number, to: number): boolean {
    return this.#path.length === 0 ? afterBlanks(bytes, end, to) === to : endsInBrace(bytes, end, to);
  }

  /** Searches the line for the fields; false where it must be read member by member to be sure of them. */
  #isAsBefore(bytes: Buffer, from: number, to: number): boolean {
    const first = from + this.#lead.length;
    if (first === from || first >= to || !this.#beginsAsBefore(bytes, from)) return false;
    if (!endsInBrace(bytes, first, to)) return false;
    let at = first;
    for (const search of this.#held) {
      const valueFrom = search.valueFrom(bytes, at, to);
      at = valueFrom < 0 ? -1 : this.#placeScalar(search.field, bytes, valueFrom, to);
      if (at < 0) return false;
    }
    for (const search of this.#lacking) if (search.valueFrom(bytes, first, to) >= 0) return false;
    return holdsNoObject(bytes, first, this.#lacking.length > 0 ? to : at);
  }

  #beginsAsBefore(bytes: Buffer, from: number): boolean {
    const lead = this.#lead;
    for (let i = 0; i < lead.length; i++) if (bytes[from + i] !== lead[i]) return false;
    return true;
  }

  /** Places the value at `from` and says where it ends; -1 for one that holds others. */
  #placeScalar(field: number, bytes: Buffer, from: number, to: number): number {
    const byte = bytes[from];
    if (from >= to || byte === openingBrace || byte === openingBracket) return -1;
    const end = byte === quote ? stringEnd(bytes, from + 1, to) + 1 : scalarEnd(bytes, from, to);
    if (end <= from) return -1;
    this.#place(field, from, end);
    return end;
  }

  /** Whether the keys of the line that was read member by member are those of the searches, in their order. */
  #isInOrder(): boolean {
    let before = -1;
    for (const { field } of this.#held) {
      const at = this.#keySpans[2 * field]!;
      if (isAbsent(this, field) || at < before) return false;
      before = at;
    }
    for (const { field } of this.#lacking) if (!isAbsent(this, field)) return false;
    return true;
  }

  #learn(lead: Buffer): void {
    const keyFrom = (field: number) => this.#keySpans[2 * field]!;
    const wanted = fieldNames.map((_, field) => field).slice(0, scannedFields);
    const asked = wanted.filter((field) => {
      const better = lesserFields.get(field);
      return better === undefined || isAbsent(this, better);
    });
    const held = asked.filter((field) => !isAbsent(this, field));
    held.sort((a, b) => keyFrom(a) - keyFrom(b));
    this.#held = held.map((field) => {
      const key = this.bytes.subarray(keyFrom(field), this.#keySpans[2 * field + 1]);
      return new KeySearch(field, key);
    });
    this.#lacking = asked
      .filter((field) => isAbsent(this, field))
      .map((field) => new KeySearch(field, Buffer.from(fieldNames[field]!)));
    this.#lead = Buffer.from(lead);
  }
}

/** Whether the last byte of [from, to), blanks apart, closes an object: a line that was cut off does not. */
function endsInBrace(bytes: Buffer, from: number, to: number): boolean {
  let at = to - 1;
  while (at >= from && bytes[at]! <= 0x20) at--;
  return at >= from && bytes[at] === closingBrace;
}

/** Whether no object with a member begins in [from, to), whose keys might be taken for those around it. */
function holdsNoObject(bytes: Buffer, from: number, to: number): boolean {
  // The search may look into the next line, where the next brace is near.
  let at = bytes.indexOf(openingBrace, from);
  while (at >= 0 && at < to) {
    if (bytes[at + 1] !== closingBrace) return false;
    at = bytes.indexOf(openingBrace, at + 2);
  }
  return true;
}
