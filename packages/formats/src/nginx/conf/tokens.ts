/** A word with quotes and backslashes undone, or one of the three marks between words. */
export interface Token {
  readonly kind: 'word' | 'end' | 'open' | 'close';
  /** Empty in a mark. */
  readonly word: string;
  /** Line of its first character, from 1. */
  readonly line: number;
  /** Offset of its first character. */
  readonly from: number;
}

const lineFeed = 0x0a;
const hash = 0x23;
const dollar = 0x24;
const backslash = 0x5c;
const open = 0x7b;
const marks: Readonly<Record<string, 'end' | 'open' | 'close'>> = { ';': 'end', '{': 'open', '}': 'close' };
const controls: Readonly<Record<string, string>> = { t: '\t', r: '\r', n: '\n' };

/** The words of a configuration, by the rules of ngx_conf_read_token (nginx src/core/ngx_conf_file.c). */
export class Tokens {
  readonly #text: string;
  #at = 0;
  #line = 1;
  /** A quote or a block of Lua was open at the end of the text, from this line on. */
  unclosed: number | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** Offset of the next character. */
  get at(): number {
    return this.#at;
  }

  /** Undefined at the end. */
  next(): Token | undefined {
    this.#skipBlanks();
    const from = this.#at;
    const line = this.#line;
    const char = this.#text[from];
    if (char === undefined) return undefined;
    const mark = marks[char];
    if (mark !== undefined) {
      this.#at++;
      return { kind: mark, word: '', line, from };
    }
    const raw = char === '"' || char === "'" ? this.#quoted(char) : this.#bare();
    return { kind: 'word', word: unescaped(raw), line, from };
  }

  /** Goes behind the `}` that closes a block of Lua, whose strings and comments may hold braces of their own. */
  skipLua(): void {
    const start = this.#line;
    const piece = /--\[(=*)\[|\[(=*)\[|--[^\n]*|["']|[{}]/g;
    let depth = 1;
    for (;;) {
      piece.lastIndex = this.#at;
      const found = piece.exec(this.#text);
      if (found === null) {
        this.#moveTo(this.#text.length);
        this.unclosed ??= start;
        return;
      }
      this.#moveTo(piece.lastIndex);
      const level = found[1] ?? found[2];
      if (level !== undefined) this.#moveBehind(`]${level}]`);
      else if (found[0] === '"' || found[0] === "'") this.#quoted(found[0], this.#at - 1);
      else if (found[0] === '{') depth++;
      else if (found[0] === '}' && --depth === 0) return;
    }
  }

  #skipBlanks(): void {
    const text = this.#text;
    for (;;) {
      const code = text.charCodeAt(this.#at);
      if (code === hash) {
        const end = text.indexOf('\n', this.#at);
        this.#at = end < 0 ? text.length : end;
      } else if (isBlank(code)) {
        if (code === lineFeed) this.#line++;
        this.#at++;
      } else return;
    }
  }

  #quoted(quote: string, from: number = this.#at): string {
    const text = this.#text;
    const start = this.#line;
    let at = from + 1;
    while (at < text.length && text[at] !== quote) at += text.charCodeAt(at) === backslash ? 2 : 1;
    if (at >= text.length) this.unclosed ??= start;
    this.#moveTo(Math.min(at + 1, text.length));
    return text.slice(from + 1, at);
  }

  /** Up to a blank, `;` or `{`; the braces of `${name}` and any `}` belong to the word. */
  #bare(): string {
    const text = this.#text;
    const from = this.#at;
    let at = from;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === backslash) at++;
      else if (code === open) {
        if (text.charCodeAt(at - 1) !== dollar) break;
      } else if (isBlank(code) || text[at] === ';') break;
    }
    this.#moveTo(Math.min(at, text.length));
    return text.slice(from, at);
  }

  #moveBehind(closing: string): void {
    const end = this.#text.indexOf(closing, this.#at);
    if (end < 0) this.unclosed ??= this.#line;
    this.#moveTo(end < 0 ? this.#text.length : end + closing.length);
  }

  #moveTo(at: number): void {
    for (let i = this.#at; i < at; i++) if (this.#text.charCodeAt(i) === lineFeed) this.#line++;
    this.#at = at;
  }
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d || code === lineFeed;
}

/** The two quotes, the backslash, and \t \r \n; any other backslash stays. */
function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(["'\\trn])/g, (_, char: string) => controls[char] ?? char);
}
