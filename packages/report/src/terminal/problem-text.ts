import { type Problem, problems } from '@why502/model';
import { paint, type Style, span } from './span.ts';

/** Letters of the offending text that are shown. */
const longestExcerpt = 120;

/**
 * What went wrong, where, why, and how to mend it: four lines or so for standard error, without a line break at the
 * end. The excerpt is made visible and cut.
 */
export function problemText({ code, details }: Problem, { color }: { readonly color: boolean }): string {
  const { what, why, mend } = problems[code];
  const painted = paint(color);
  const line = (label: string, text: string, style: Style = 'plain'): string =>
    `${painted(span(`  ${label.padEnd(6)}`, 'faint'))} ${painted(span(text, style))}`;
  return [
    `${painted(span(`why502: ${what}`, 'bad'))}  ${painted(span(`[${code}]`, 'faint'))}`,
    ...(details.where === undefined ? [] : [line('where', details.where)]),
    ...(details.excerpt === undefined ? [] : [line('', excerpt(details.excerpt), 'code')]),
    line('why', why),
    ...(details.expected === undefined ? [] : [line('', `expected ${details.expected}`)]),
    line('mend', mend),
    ...(details.choices === undefined ? [] : [line('', `one of: ${details.choices.join(', ')}`)]),
    line('more', `docs/errors.md#${code.toLowerCase()}`),
  ].join('\n');
}

function excerpt(text: string): string {
  const letters = Array.from(text.slice(0, 2 * longestExcerpt + 2));
  return letters.length > longestExcerpt ? `${letters.slice(0, longestExcerpt).join('')}…` : letters.join('');
}
