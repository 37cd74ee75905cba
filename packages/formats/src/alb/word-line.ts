import type { Misfit } from '../lines.ts';
import { compileSteps, walk } from '../steps.ts';
import { AccessLine } from './access-line.ts';
import { unescaped } from './escapes.ts';
import { accessFields, placesOf } from './fields.ts';
import { classic, isQuotedAt, type Layout } from './layout.ts';
import { placeWords } from './words.ts';

const backslash = 0x5c;

/** Fields behind the known ones are of no use, but come. */
const mostFields = 64;

/** A line of twelve fields says when, whom and how it ended; the first lines of all had 17. */
const fewestFields = 12;

const classicAt = placesOf(accessFields);

/** The walk of an ordinary line ends behind the target group. */
const walked = classicAt.target_group_arn + 1;

const steps = compileSteps(
  '',
  accessFields.slice(0, walked).map((field, index) => ({
    literal: `${isQuotedAt(classic.access, index) ? '"' : ''} ${isQuotedAt(classic.access, index + 1) ? '"' : ''}`,
    width: field === 'time' ? 20 : 0,
    list: false,
    spaceless: field === 'target_group_arn',
  })),
);

/**
 * A line of words. Where the fields stand as they always did, an ordinary line is walked as far as it is needed; what the
 * walk refuses, and what stands otherwise, is taken apart word by word.
 */
export class WordLine extends AccessLine {
  readonly #layout: Layout;
  readonly #isClassic: boolean;
  readonly #isQuoted: (word: number) => boolean;
  readonly #fewest: number;
  /** Of the current line. */
  #from = 0;
  #to = 0;
  #isWalked = false;

  constructor(layout: Layout) {
    super(placesOf(layout.fields), Math.max(mostFields, layout.fields.length));
    this.#layout = layout;
    this.#isClassic = layout.header === undefined;
    this.#isQuoted = (word) => isQuotedAt(layout, word);
    this.#fewest = this.#isClassic ? fewestFields : Math.max(this.at.time, this.at.elb_status_code) + 1;
  }

  place(bytes: Buffer, from: number, to: number): Misfit | undefined {
    this.#start(bytes, from, to);
    if (this.#isClassic && this.#walk()) return undefined;
    return this.#placeWords();
  }

  placeAll(bytes: Buffer, from: number, to: number): Misfit | undefined {
    this.#start(bytes, from, to);
    return this.#placeWords();
  }

  placeRest(): void {
    if (this.#isWalked) this.#placeWords();
  }

  decode(from: number, to: number): string {
    return unescaped(this.bytes, from, to);
  }

  #start(bytes: Buffer, from: number, to: number): void {
    this.#from = this.enter(bytes, from, to);
    this.#to = this.#from + to - from;
  }

  #walk(): boolean {
    const { view, spans } = this;
    this.#isWalked = true;
    return (
      walk(view, this.#from, this.#to, steps, 0, walked, spans) === walked &&
      this.#isPlain(classicAt.request_line) &&
      this.#isPlain(classicAt.user_agent) &&
      this.readHead()
    );
  }

  /** Whether the quote that ends the field is not escaped, as far as a look at one byte tells. */
  #isPlain(field: number): boolean {
    return this.bytes[this.spans[2 * field + 1]! - 1] !== backslash;
  }

  #placeWords(): Misfit | undefined {
    this.#isWalked = false;
    const { bytes, spans } = this;
    const count = placeWords(bytes, this.#from, this.#to, spans, this.#layout.separator, this.#isQuoted);
    if (count < this.#fewest) return { reason: 'does_not_fit', column: this.#to - this.#from };
    return this.readHead() ? undefined : this.headMisfit(this.#from);
  }
}
