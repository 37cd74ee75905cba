import { jsonParser, type Token } from 'stream-json/core/parser.js';

/** Longer records are cut to their beginning, which is no JSON and so becomes a fault. */
const longestRecord = 1024 * 1024;
const beginning = 4 * 1024;
const longestKey = 256;
const deepest = 64;
/**
 * The parser is given text up to the next brace, or so much of it: where it finds damage, it keeps to itself what it found
 * in the same piece.
 */
const longestPiece = 512;

/** A key by which an object is known to be a record, of whatever log: it has a status. */
const statusKey = /status(?:_?code)?$/i;

/** An object or array that has not ended. */
interface Frame {
  /** Where its text begins, and where that of the member or element begins that it is, with the comma in front. */
  readonly from: number;
  readonly partFrom: number;
  readonly isObject: boolean;
  /** Members or elements that are in its text. */
  count: number;
  holdsStatus: boolean;
  /** Records were taken out of it. */
  isEmptied: boolean;
}

/**
 * Takes JSON apart that is no log of lines: an array, an answer of an API, objects one after the other. Each object that
 * holds a status becomes a line, wherever it stands; so does a value of the outermost level that holds none, to be counted.
 */
export class RecordLines {
  readonly #parse = jsonParser({ jsonStreaming: true, packValues: false, streamValues: true });
  readonly #frames: Frame[] = [];
  /** The text of what is open. */
  #text = '';
  /** The key that is read, or was read last; undefined while values are. */
  #key: string | undefined;
  /** Where the text of the current member or element begins. */
  #partFrom = 0;
  #isOpen = false;
  /** Objects and arrays that are open inside of what is too long to be kept; undefined where nothing is. */
  #skipped: number | undefined;
  readonly #lines: string[] = [];

  /**
   * The records that have come to their ends, as lines without breaks.
   * @throws Error where it is no JSON
   */
  *take(text: string): Generator<string> {
    for (let at = 0; at < text.length; ) {
      const brace = text.indexOf('}', at);
      const end = Math.min(brace < 0 ? text.length : brace + 1, at + longestPiece);
      const found = this.#parse(text.slice(at, end));
      at = end;
      if (typeof found === 'object' && 'values' in found) for (const token of found.values) this.#add(token);
      yield* this.#lines.splice(0);
    }
  }

  /** Whether all that began has ended. */
  get isWhole(): boolean {
    return this.#frames.length === 0 && !this.#isOpen;
  }

  #add(token: Token): void {
    if (this.#skipped !== undefined) this.#skip(token);
    else this.#keep(token);
  }

  #keep(token: Token): void {
    switch (token.name) {
      case 'startKey':
        this.#key = '';
        break;
      case 'endKey':
        this.#addKey(this.#key ?? '');
        this.#key = undefined;
        break;
      case 'stringChunk':
        if (this.#key === undefined) this.#write(JSON.stringify(token.value).slice(1, -1));
        else if (this.#key.length < longestKey) this.#key += token.value;
        break;
      case 'numberChunk':
        this.#write(token.value);
        break;
      case 'startString':
        this.#begin('"');
        break;
      case 'endString':
        this.#write('"');
        this.#end();
        break;
      case 'startNumber':
        this.#begin('');
        break;
      case 'endNumber':
        this.#end();
        break;
      case 'startObject':
      case 'startArray':
        this.#open(token.name === 'startObject');
        break;
      case 'endObject':
      case 'endArray':
        this.#close();
        break;
      case 'trueValue':
      case 'falseValue':
      case 'nullValue':
        this.#begin(String(token.value));
        this.#end();
        break;
    }
  }

  /** What is too long is heard of until it ends. */
  #skip({ name }: Token): void {
    if (name === 'startObject' || name === 'startArray') this.#skipped!++;
    const ends = name === 'endObject' || name === 'endArray';
    if (ends && this.#skipped! > 0) this.#skipped!--;
    else if (ends) {
      this.#skipped = undefined;
      this.#finish(this.#frames.pop()!);
    }
  }

  #addKey(key: string): void {
    const frame = this.#frames.at(-1)!;
    this.#partFrom = this.#text.length;
    this.#text += `${frame.count++ > 0 ? ',' : ''}${JSON.stringify(key)}:`;
    frame.holdsStatus ||= statusKey.test(key);
  }

  /** Begins a value. */
  #begin(text: string): void {
    const frame = this.#frames.at(-1);
    this.#isOpen = true;
    if (frame === undefined || !frame.isObject) this.#partFrom = this.#text.length;
    if (frame?.isObject === false && frame.count++ > 0) this.#text += ',';
    this.#write(text);
  }

  /** Ends a value that is no object and no array. */
  #end(): void {
    this.#isOpen = false;
    if (this.#frames.length > 0) return;
    this.#lines.push(this.#text);
    this.#text = '';
  }

  #open(isObject: boolean): void {
    this.#begin('');
    this.#isOpen = false;
    if (this.#frames.length >= deepest) throw new Error('nested too deeply');
    this.#frames.push({
      from: this.#text.length,
      partFrom: this.#partFrom,
      isObject,
      count: 0,
      holdsStatus: false,
      isEmptied: false,
    });
    this.#text += isObject ? '{' : '[';
  }

  #close(): void {
    const frame = this.#frames.pop()!;
    this.#text += frame.isObject ? '}' : ']';
    this.#finish(frame);
  }

  /** Hands out what has ended if it is a record, or stands by itself; else it stays part of what is around it. */
  #finish(frame: Frame): void {
    const around = this.#frames.at(-1);
    const isRecord = frame.isObject && frame.holdsStatus && !frame.isEmptied;
    if (isRecord || (around === undefined && !frame.isEmptied))
      this.#lines.push(this.#text.slice(frame.from));
    if (around !== undefined) around.isEmptied ||= isRecord || frame.isEmptied;
    if (around === undefined) this.#text = '';
    else if (isRecord || frame.isEmptied) {
      this.#text = this.#text.slice(0, frame.partFrom);
      around.count--;
    }
  }

  /** Adds to the text, and cuts what has become too long. */
  #write(text: string): void {
    this.#text += text;
    const inner = Math.max(
      this.#frames.findLastIndex(({ isObject }) => isObject),
      0,
    );
    const frame = this.#frames[inner];
    const from = frame?.from ?? 0;
    if (this.#text.length - from <= longestRecord) return;
    if (frame === undefined) throw new Error('a value is too long');
    this.#text = this.#text.slice(0, from + beginning);
    this.#isOpen = false;
    this.#skipped = this.#frames.length - 1 - inner;
    this.#frames.length = inner + 1;
  }
}
