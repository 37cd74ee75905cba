import { unescaped } from '../escapes.ts';
import { Members } from '../json/members.ts';
import { afterBlanks, scalarEnd, stringEnd } from '../json/skip.ts';
import type { Misfit } from '../lines.ts';
import { Memory } from '../words.ts';
import { fieldNames, lesserFields, scannedFields } from './fields.ts';
import { KeySearch } from './key-search.ts';
import { KnownKeys } from './known-keys.ts';
import { absent, isAbsent, isNull, type Values } from './values.ts';

const quote = 0x22;
const backslash = 0x5c;
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
  /** All the memory that the line lies in. */
  bytes: Buffer = Buffer.alloc(0);
  isPlain = true;
  readonly #memory = new Memory();
  /** Of the same memory. */
  #view: DataView = this.#memory.view;
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
  /** Searches for all keys, in lines that are damaged. */
  #anywhere: readonly KeySearch[] | undefined;

  constructor(path: readonly string[]) {
    this.#path = path;
  }

  /** Places the fields that every line is asked for; undefined when the line fits. */
  placeScanned(bytes: Buffer, from: number, to: number): Misfit | undefined {
    const base = this.#lookAt(bytes);
    // What comes here of lines that are the object itself is for no search: ordinary ones are read elsewhere.
    const isSearched = this.#path.length > 0 && this.#isAsBefore(base + from, base + to);
    return isSearched || this.#placeMembers(base + from, base + to) ? undefined : notJson;
  }

  /**
   * Places all fields, reading member by member. Of a key that stands twice the first counts. A damaged line in which the
   * other reading may have found what it was asked for is searched as well.
   */
  placeAll(bytes: Buffer, from: number, to: number): Misfit | undefined {
    const base = this.#lookAt(bytes);
    const isPlaced =
      this.#placeMembers(base + from, base + to) || this.#placeAnywhere(base + from, base + to);
    return isPlaced ? undefined : notJson;
  }

  decode(from: number, to: number): string {
    return unescaped(this.bytes, from, to, 'json');
  }

  /** Says where the bytes begin in the memory that they lie in. */
  #lookAt(part: Buffer): number {
    const base = this.#memory.over(part);
    const { view } = this.#memory;
    if (view !== this.#view) {
      this.#view = view;
      this.bytes = Buffer.from(view.buffer);
    }
    return base;
  }

  /** False where no object of JSON stands in [from, to). */
  #placeMembers(from: number, to: number): boolean {
    const { bytes, spans } = this;
    const members = this.#members;
    spans.fill(absent);
    this.isPlain = false;
    if (!this.#openRecord(from, to)) return false;
    const leadTo = members.at;
    while (members.next()) {
      const { keyFrom, keyTo, valueFrom, valueTo } = members;
      const field = this.#keys.fieldOf(bytes, keyFrom, keyTo);
      if (field < 0 || spans[2 * field] !== absent) continue;
      this.#keySpans[2 * field] = keyFrom;
      this.#keySpans[2 * field + 1] = keyTo;
      this.#place(field, valueFrom, valueTo);
    }
    if (members.end < 0 || !this.#isWhole(members.end, to)) return false;
    const lead = bytes.subarray(from, leadTo);
    if (!lead.equals(this.#lead) || !this.#isInOrder()) this.#learn(lead);
    return true;
  }

  #place(field: number, from: number, to: number): void {
    const first = this.bytes[from];
    const inQuotes = first === quote ? 1 : 0;
    this.spans[2 * field] = first === lowerN ? isNull : from + inQuotes;
    this.spans[2 * field + 1] = first === lowerN ? isNull : to - inQuotes;
  }

  /** Lets the members be those of the record; false where the path does not lead to one. */
  #openRecord(from: number, to: number): boolean {
    const { bytes } = this;
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
  #isWhole(end: number, to: number): boolean {
    const { bytes } = this;
    return this.#path.length === 0 ? afterBlanks(bytes, end, to) === to : endsInBrace(bytes, end, to);
  }

  /** Searches the line for the fields; false where it must be read member by member to be sure of them. */
  #isAsBefore(from: number, to: number): boolean {
    const { bytes } = this;
    const view = this.#view;
    const first = from + this.#lead.length;
    if (first === from || first >= to || !this.#beginsAsBefore(from) || !endsInBrace(bytes, first, to))
      return false;
    this.isPlain = true;
    const held = this.#held;
    let at = first;
    for (let index = 0; index < held.length; index++) {
      const search = held[index]!;
      const valueFrom = search.valueFrom(view, bytes, at, to);
      at = valueFrom < 0 ? -1 : this.#placeScalar(search.field, valueFrom, to);
      if (at < 0) return false;
    }
    for (const search of this.#lacking) if (search.valueFrom(view, bytes, first, to) >= 0) return false;
    return holdsNoObject(bytes, first, this.#lacking.length > 0 ? to : at);
  }

  /** Places what stands behind the keys of the fields, wherever these are; what every line is asked for, as it was found. */
  #placeAnywhere(from: number, to: number): boolean {
    const { bytes, spans } = this;
    spans.fill(absent);
    if (!this.#isAsBefore(from, to)) spans.fill(absent);
    this.isPlain = false;
    if (this.#held.length === 0 || !endsInBrace(bytes, from, to)) return false;
    this.#anywhere ??= fieldNames.map((name, field) => new KeySearch(field, Buffer.from(name)));
    for (const search of [...this.#held, ...this.#anywhere]) {
      if (spans[2 * search.field] !== absent) continue;
      const valueFrom = search.valueFrom(this.#view, bytes, from, to);
      if (valueFrom >= 0) this.#placeScalar(search.field, valueFrom, to);
    }
    return true;
  }

  #beginsAsBefore(from: number): boolean {
    const { bytes } = this;
    const lead = this.#lead;
    for (let i = 0; i < lead.length; i++) if (bytes[from + i] !== lead[i]) return false;
    return true;
  }

  /** Places the value at `from` and says where it ends; -1 for one that holds others. */
  #placeScalar(field: number, from: number, to: number): number {
    const { bytes, spans } = this;
    const first = bytes[from];
    if (from >= to || first === openingBrace || first === openingBracket) return -1;
    if (first !== quote) {
      const end = scalarEnd(bytes, from, to);
      spans[2 * field] = first === lowerN ? isNull : from;
      spans[2 * field + 1] = first === lowerN ? isNull : end;
      return end > from ? end : -1;
    }
    let end = from + 1;
    while (end < to && bytes[end] !== quote && bytes[end] !== backslash) end++;
    if (bytes[end] === backslash) {
      this.isPlain = false;
      end = stringEnd(bytes, end, to);
    }
    if (end < 0 || end >= to) return -1;
    spans[2 * field] = from + 1;
    spans[2 * field + 1] = end;
    return end + 1;
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
