import type { Directive } from './directives.ts';
import { linearPattern } from './pattern.ts';
import { Scope } from './scope.ts';

/** One `location` block. */
export interface Location {
  readonly scope: Scope;
  readonly inner: Locations;
  /** A prefix that keeps regular expressions from being tried: `^~`. */
  readonly firm: boolean;
}

interface PatternLocation extends Location {
  /** Undefined where the expression is one that is not evaluated. */
  readonly fits: ((path: string) => boolean) | undefined;
}

/** `unknown`: an expression that is not evaluated may have caught the request. */
export type FoundLocation = Location | 'none' | 'unknown';

/** The locations of a block, and which of them nginx chooses (ngx_http_core_find_location). */
export class Locations {
  readonly #exact = new Map<string, Location>();
  readonly #prefixes = new Map<string, Location>();
  readonly #lengths: readonly number[];
  readonly #patterns: PatternLocation[] = [];
  readonly #named = new Map<string, Location>();

  constructor(around: Scope) {
    for (const directive of around.own('location')) this.#add(directive, around);
    this.#lengths = [...new Set([...this.#prefixes.keys()].map((prefix) => prefix.length))].sort(
      (a, b) => b - a,
    );
  }

  named(name: string): Location | undefined {
    return this.#named.get(name);
  }

  of(path: string): FoundLocation {
    return this.#find(path).location;
  }

  /** `settled`: an exact or regular location, which an outer block may not overrule. */
  #find(path: string): { readonly location: FoundLocation; readonly settled: boolean } {
    const exact = this.#exact.get(path);
    if (exact !== undefined) return { location: exact, settled: true };
    const prefix = this.#longestPrefix(path);
    let location: FoundLocation = prefix ?? 'none';
    if (prefix !== undefined) {
      const inner = prefix.inner.#find(path);
      if (inner.location !== 'none') location = inner.location;
      if (inner.settled) return inner;
    }
    if (prefix?.firm !== true) {
      for (const pattern of this.#patterns) {
        if (pattern.fits === undefined) return { location: 'unknown', settled: true };
        if (!pattern.fits(path)) continue;
        const inner = pattern.inner.#find(path).location;
        return { location: inner === 'none' ? pattern : inner, settled: true };
      }
    }
    return { location, settled: false };
  }

  #longestPrefix(path: string): Location | undefined {
    for (const length of this.#lengths) {
      const found = length <= path.length ? this.#prefixes.get(path.slice(0, length)) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #add({ words, block = [] }: Directive, around: Scope): void {
    // nginx also takes the modifier and the text as one word: `location ~\.php$`.
    const parts = /^(=|\^~|~\*|~)(.*)$/s.exec(words[1] ?? '');
    const modifier = parts?.[1] ?? '';
    const text = (parts === null ? words[1] : parts[2] === '' ? words[2] : parts[2]) ?? '';
    const scope = new Scope(block, around);
    const location = { scope, inner: new Locations(scope), firm: modifier === '^~' };
    if (modifier === '=') this.#exact.set(text, location);
    else if (modifier.startsWith('~')) {
      this.#patterns.push({ ...location, fits: linearPattern(text, modifier === '~*') });
    } else if (text.startsWith('@')) this.#named.set(text, location);
    else this.#prefixes.set(text, location);
  }
}

const longestPath = 4_096;

/** What nginx compares with: escapes undone, slashes merged, `.` and `..` resolved, no query (ngx_http_parse_complex_uri). */
export function comparedPath(target: string): string | undefined {
  const path = /^(?:[a-z][a-z0-9+.-]*:\/\/[^/?#]*)?(\/[^?#]*)/i.exec(target.slice(0, longestPath))?.[1];
  if (path === undefined) return undefined;
  const parts: string[] = [];
  const all = unescaped(path).split('/').slice(1);
  for (const [index, part] of all.entries()) {
    const last = index === all.length - 1;
    if (part === '..') parts.pop();
    if (part !== '' && part !== '.' && part !== '..') parts.push(part);
    else if (last) parts.push('');
  }
  return `/${parts.join('/')}`;
}

function unescaped(path: string): string {
  if (!path.includes('%')) return path;
  const written = Buffer.from(path);
  const read: number[] = [];
  for (let at = 0; at < written.length; at++) {
    const byte = written[at]!;
    const code = byte === 0x25 ? Number.parseInt(hex(written, at + 1), 16) : Number.NaN;
    if (Number.isNaN(code)) read.push(byte);
    else {
      read.push(code);
      at += 2;
    }
  }
  return Buffer.from(read).toString('utf8');
}

/** Two digits, or nothing that is a number. */
function hex(bytes: Buffer, at: number): string {
  const digits = bytes.toString('latin1', at, at + 2);
  return /^[0-9a-f]{2}$/i.test(digits) ? digits : '';
}
