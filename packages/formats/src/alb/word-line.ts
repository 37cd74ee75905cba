import type { Misfit, OrdinaryReading } from '../lines.ts';
import { ordinaryRows, type RowNames } from '../ordinary/ordinary-rows.ts';
import { compileSteps, walk } from '../steps.ts';
import { AccessLine } from './access-line.ts';
import { unescaped } from './escapes.ts';
import { accessFields, placesOf, quotedFields } from './fields.ts';
import { classic, type Layout, quotingAt } from './layout.ts';
import { placeWords, type Quoting } from './words.ts';

const backslash = 0x5c;

/** Fields behind the known ones are of no use, but come. */
const mostFields = 64;

/** A line of twelve fields says when, whom and how it ended; the first lines of all had 17. */
const fewestFields = 12;

const classicAt = placesOf(accessFields);

/** The walk of an ordinary line ends behind the target group. */
const walked = classicAt.target_group_arn + 1;

/** Which of the fields behind that stand in quotes, a bit for each. */
const quotedBehind = accessFields
  .slice(walked)
  .reduce((bits, field, index) => (quotedFields.has(field) ? bits | (1 << index) : bits), 0);

function quoteAt(place: number): string {
  return quotingAt(classic.access, place) === 'surely' ? '"' : '';
}

const steps = compileSteps(
  '',
  accessFields.slice(0, walked).map((field, index) => ({
    literal: `${quoteAt(index)} ${quoteAt(index + 1)}`,
    width: field === 'time' ? 20 : 0,
    list: false,
    spaceless: quoteAt(index) === '' && quoteAt(index + 1) !== '',
  })),
);

/**
 * A line of words. Where the fields stand as they always did, an ordinary line is walked as far as it is needed; what the
 * walk refuses, and what stands otherwise, is taken apart word by word.
 */
export class WordLine extends AccessLine {
  readonly #layout: Layout;
  readonly #isClassic: boolean;
  readonly #quoting: (word: number) => Quoting;
  readonly #fewest: number;
  /** Of the current line. */
  #from = 0;
  #to = 0;
  #isWalked = false;

  constructor(layout: Layout) {
    super(placesOf(layout.fields), Math.max(mostFields, layout.fields.length));
    this.#layout = layout;
    this.#isClassic = layout.header === undefined;
    this.#quoting = (word) => quotingAt(layout, word);
    this.#fewest = this.#isClassic ? fewestFields : Math.max(this.at.time, this.at.elb_status_code) + 1;
  }

  place(bytes: Buffer, from: number, to: number): Misfit | undefined {
    this.#from = this.enter(bytes, from, to);
    this.#to = this.#from + to - from;
    this.#isWalked = this.#isClassic && this.#walk();
    return this.#isWalked ? undefined : this.#placeWords();
  }

  /** The layout may be any, but only the classic one is walked. */
  override ordinary(names: RowNames): OrdinaryReading | undefined {
    if (!this.#isClassic) return undefined;
    const at = classicAt;
    // Behind so many fields, a line names the node; where that is known from the file, it need not.
    const withoutNode = names.place === 0 ? at.ip_address : 2 ** 30;
    const times = [at.request_processing_time, at.target_processing_time, at.response_processing_time];
    const plan = [walked, withoutNode, at.time, at.target_port, ...times, at.elb_status_code];
    plan.push(at.target_status_code, at.request_line, at.user_agent, at.target_group_arn, quotedBehind);
    return ordinaryRows({ kind: 'alb', steps, plan }, names);
  }

  placeRest(): void {
    if (!this.#isWalked) return;
    this.#isWalked = false;
    // The walk ended behind the quote that the next field begins with.
    this.#words(this.spans[2 * walked]! - 1, walked);
  }

  decode(from: number, to: number, bytes: Buffer = this.bytes): string {
    return unescaped(bytes, from, to);
  }

  #walk(): boolean {
    const { view, spans } = this;
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
    if (this.#words(this.#from, 0) < this.#fewest)
      return { reason: 'does_not_fit', column: this.#to - this.#from };
    return this.readHead() ? undefined : this.headMisfit(this.#from);
  }

  #words(from: number, first: number): number {
    const { bytes, spans } = this;
    return placeWords(bytes, from, this.#to, spans, this.#layout.separator, this.#quoting, first);
  }
}
