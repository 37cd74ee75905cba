import { visible, type Written } from '@why502/model';

const longestShown = 120;

/** The first of them if all agree. */
export function agreed<T>(all: readonly T[], same: (a: T, b: T) => boolean): T | undefined {
  const [first] = all;
  return first !== undefined && all.every((one) => same(first, one)) ? first : undefined;
}

/** The user's own words: they need no redaction, but may still hold what a terminal acts on. */
export function place({ text, file, line }: Written): string {
  return `${visible(text.slice(0, longestShown))} (${visible(file)}, line ${line})`;
}
