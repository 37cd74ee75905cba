import type { Span } from './span.ts';

/** Scripts and pictures that terminals draw two cells wide (Unicode Standard Annex 11: W and F). */
const wide =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;

/** Marks that are drawn onto the letter before them. */
const mark = /\p{M}/u;

/** Cells that a text takes on a terminal. */
export function cells(text: string): number {
  let sum = 0;
  for (const letter of text) sum += cellsOf(letter);
  return sum;
}

/**
 * Breaks spans into lines of at most so many cells. All words stand one space apart, also those of neighbouring spans.
 * A word that is longer than a line is cut.
 */
export function wrapped(spans: readonly Span[], width: number): Span[][] {
  const lines: Span[][] = [[]];
  let free = width;
  for (const { text, style } of spans) {
    for (const word of text.split(' ').flatMap((whole) => pieces(whole, width))) {
      const line = lines.at(-1)!;
      const taken = cells(word) + (line.length === 0 ? 0 : 1);
      if (taken <= free) {
        line.push({ text: word, style });
        free -= taken;
      } else {
        lines.push([{ text: word, style }]);
        free = width - cells(word);
      }
    }
  }
  return lines;
}

/** The word, cut where it is longer than a line. Empty words come from doubled spaces and are dropped. */
function pieces(word: string, width: number): string[] {
  const cut: string[] = [];
  let piece = '';
  let taken = 0;
  for (const letter of word) {
    if (taken + cellsOf(letter) > width) {
      cut.push(piece);
      piece = '';
      taken = 0;
    }
    piece += letter;
    taken += cellsOf(letter);
  }
  if (piece !== '') cut.push(piece);
  return cut;
}

function cellsOf(letter: string): number {
  if (letter < '\u0300') return 1;
  if (mark.test(letter)) return 0;
  return wide.test(letter) ? 2 : 1;
}
