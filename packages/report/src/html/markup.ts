import { visible } from '@why502/model';

/** HTML that is safe to show: made by `html` only, so that every text in it was escaped on its way in. */
export class Markup {
  readonly #text: string;

  constructor(parts: readonly string[], values: readonly Content[]) {
    this.#text = parts.map((part, i) => part + written(values[i])).join('');
  }

  toString(): string {
    return this.#text;
  }
}

/** `undefined` leaves nothing behind. */
export type Content = Markup | string | number | undefined | readonly Content[];

/**
 * HTML out of a template: what is put in becomes text, or the value of an attribute that stands in double quotes,
 * whatever letters it has. It must not be put into names of elements and attributes, scripts, styles or addresses.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(parts, values);
}

function written(content: Content): string {
  if (content === undefined) return '';
  if (content instanceof Markup) return content.toString();
  if (typeof content === 'number') return String(content);
  if (typeof content === 'string') return escaped(content);
  return content.map(written).join('');
}

/** Letters of one text that are shown. */
const longest = 400;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Line breaks of our own examples stay; everything else that is not seen as a letter is written out. */
function escaped(text: string): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return cut
    .split('\n')
    .map(visible)
    .join('\n')
    .replace(/[&<>"']/g, (letter) => entities[letter]!);
}
