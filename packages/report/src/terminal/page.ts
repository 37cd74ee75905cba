import { type Paint, paint, type Span, span } from './span.ts';
import { cells, wrapped } from './wrap.ts';

const narrowest = 40;
const widest = 160;

/** Indent of the text beside a label. */
const labelled = 16;

/** A column of text narrower than this is unreadable, and goes below its row instead. */
const leastTextWidth = 24;

/** Something beside a label: words that are wrapped, or a line to copy that must stay whole. */
export type Paragraph = readonly Span[] | { readonly verbatim: string };

export interface TableRow {
  /** Aligned to the right. */
  readonly numbers: readonly string[];
  readonly text: readonly Span[];
}

export interface PageOptions {
  readonly color: boolean;
  /** Cells per line, held between 40 and 160. */
  readonly width: number;
}

/** Lines of a report as they come to be. */
export class Page {
  readonly #lines: string[] = [];
  readonly #paint: Paint;
  readonly #width: number;

  constructor({ color, width }: PageOptions) {
    this.#paint = paint(color);
    this.#width = Math.min(widest, Math.max(narrowest, width));
  }

  heading(text: string): void {
    this.gap();
    this.paragraph([span(text, 'strong')]);
    this.gap();
  }

  /** One empty line, never two. */
  gap(): void {
    if (this.#lines.length > 0 && this.#lines.at(-1) !== '') this.#lines.push('');
  }

  /** @param first what stands in the indent of the first line, as wide as the indent */
  paragraph(spans: readonly Span[], indent = 0, first = ' '.repeat(indent)): void {
    for (const [i, line] of wrapped(spans, this.#width - indent).entries()) {
      this.#lines.push((i === 0 ? first : ' '.repeat(indent)) + this.#printed(line));
    }
  }

  /** Paragraphs beside a label; nothing at all without paragraphs. */
  field(label: string, paragraphs: readonly Paragraph[]): void {
    for (const [i, paragraph] of paragraphs.entries()) {
      const first =
        i === 0 ? this.#paint(span(`   ${label}`.padEnd(labelled), 'faint')) : ' '.repeat(labelled);
      if ('verbatim' in paragraph) this.#verbatim(first, paragraph.verbatim);
      else this.paragraph(paragraph, labelled, first);
    }
  }

  /** Columns of numbers, and text that wraps at the end of each row. */
  table(headers: readonly string[], textHeader: string, rows: readonly TableRow[]): void {
    const widths = headers.map((header, i) =>
      Math.max(cells(header), ...rows.map(({ numbers }) => cells(numbers[i] ?? ''))),
    );
    const aligned = (values: readonly string[]): string =>
      `  ${values.map((value, i) => value.padStart(widths[i] ?? 0)).join('  ')}  `;
    const indent = aligned(headers).length;
    const below = this.#width - indent < leastTextWidth;
    this.paragraph([span(textHeader, 'faint')], indent, this.#paint(span(aligned(headers), 'faint')));
    for (const { numbers, text } of rows) {
      if (!below) this.paragraph(text, indent, aligned(numbers));
      else {
        this.#lines.push(aligned(numbers).trimEnd());
        this.paragraph(text, 4);
      }
    }
  }

  /** Lines to copy, which must stay whole. */
  verbatim(text: string, indent: number): void {
    for (const line of text.split('\n'))
      this.#lines.push(`${' '.repeat(indent)}${this.#paint(span(line, 'code'))}`);
  }

  toString(): string {
    return this.#lines.join('\n');
  }

  /** Not wrapped: a command broken into lines cannot be copied. */
  #verbatim(first: string, text: string): void {
    for (const [i, line] of text.split('\n').entries()) {
      this.#lines.push(`${i === 0 ? first : ' '.repeat(labelled)}  ${this.#paint(span(line, 'code'))}`);
    }
  }

  /** Words of one style are painted together. */
  #printed(words: readonly Span[]): string {
    const runs: Span[] = [];
    for (const word of words) {
      const last = runs.at(-1);
      if (last?.style === word.style) runs[runs.length - 1] = { ...last, text: `${last.text} ${word.text}` };
      else runs.push(word);
    }
    return runs.map(this.#paint).join(' ');
  }
}
