import type { Product } from '@why502/model';

/** How a product can be known by an answer. */
export interface Fingerprint {
  readonly product: Product;
  /** Fields that it puts on whatever passes through it: they name no maker. */
  readonly carries: readonly HeaderMark[];
  /** What its own answers have. */
  readonly makes: readonly Mark[];
}

export interface HeaderMark {
  readonly header: string;
  /** Absent: whatever its value is. */
  readonly value?: RegExp;
}

/**
 * One thing to know it by. `sure`: the chance that it made an answer with this mark, on its own. All texts are in small
 * letters, and all of a list must be there. `lacks`: what must not be there.
 */
export type Mark = { readonly sure: number; readonly shown: string } & (
  | HeaderMark
  /** A field of the header, of an answer that says it has no body. */
  | { readonly empty: HeaderMark }
  /** A field of the header where no body was saved, so that nothing tells more. */
  | { readonly alone: HeaderMark }
  | { readonly html: readonly string[]; readonly lacks?: string }
  | { readonly text: readonly string[]; readonly lacks?: string }
  /** How the visible text ends. */
  | { readonly foot: RegExp }
  /** The whole visible text, of at most 200 letters. */
  | { readonly whole: RegExp }
);

/** Marks on short texts are matched whole; longer ones are no such text. */
export const longestWhole = 200;
