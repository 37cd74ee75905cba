import { visible } from '@why502/model';

/** Select Graphic Rendition (ECMA-48 8.3.117): on and off. */
const renditions = {
  strong: [1, 22],
  faint: [2, 22],
  bad: [31, 39],
  good: [32, 39],
  warn: [33, 39],
  code: [36, 39],
} as const;

export type Style = keyof typeof renditions | 'plain';

/** Text of one style. What a terminal could act on is gone from it, so that only a `Paint` can colour. */
export interface Span {
  readonly text: string;
  readonly style: Style;
}

export function span(text: string, style: Style = 'plain'): Span {
  return { text: visible(text), style };
}

export type Paint = (span: Span) => string;

export function paint(color: boolean): Paint {
  return ({ text, style }) => {
    if (!color || style === 'plain') return text;
    const [on, off] = renditions[style];
    return `\u001b[${on}m${text}\u001b[${off}m`;
  };
}
