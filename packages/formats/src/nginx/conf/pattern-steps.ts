type Test = (code: number) => boolean;

/** One step of an expression; places in other steps are counted from the first. */
export type Step =
  | { readonly kind: 'one'; readonly test: Test }
  | { readonly kind: 'both'; readonly other: number }
  | { readonly kind: 'jump'; to: number }
  | { readonly kind: 'start' | 'end' | 'found' };

const mostSteps = 5_000;
const deepest = 50;

/** @throws Unsupported */
export function stepsOf(source: string, ignoreCase: boolean): readonly Step[] {
  return new Compiler(source, ignoreCase).compile();
}

/** An expression outside of what is followed. */
export class Unsupported extends Error {}

class Compiler {
  readonly #source: string;
  #ignoreCase: boolean;
  #at = 0;
  #depth = 0;

  constructor(source: string, ignoreCase: boolean) {
    this.#ignoreCase = ignoreCase || source.startsWith('(?i)');
    this.#source = source.startsWith('(?i)') ? source.slice(4) : source;
  }

  compile(): readonly Step[] {
    const steps = this.#choice();
    if (this.#at < this.#source.length) throw new Unsupported();
    return [...steps, { kind: 'found' }];
  }

  /** Places in the steps are relative until they are joined, so every part is moved by `shifted`. */
  #choice(): Step[] {
    if (++this.#depth > deepest) throw new Unsupported();
    let steps = this.#sequence();
    while (this.#source[this.#at] === '|') {
      this.#at++;
      const right = this.#sequence();
      steps = [
        { kind: 'both', other: steps.length + 2 },
        ...shifted(steps, 1),
        { kind: 'jump', to: steps.length + 2 + right.length },
        ...shifted(right, steps.length + 2),
      ];
    }
    this.#depth--;
    return steps;
  }

  #sequence(): Step[] {
    const steps: Step[] = [];
    for (;;) {
      const char = this.#source[this.#at];
      if (char === undefined || char === '|' || char === ')') return steps;
      const part = this.#repeated(this.#atom(char));
      if (steps.length + part.length > mostSteps) throw new Unsupported();
      for (const step of shifted(part, steps.length)) steps.push(step);
    }
  }

  #atom(char: string): Step[] {
    this.#at++;
    switch (char) {
      case '^':
        return [{ kind: 'start' }];
      case '$':
        return [{ kind: 'end' }];
      case '.':
        return [{ kind: 'one', test: (code) => code !== 0x0a }];
      case '(':
        return this.#group();
      case '[':
        return [{ kind: 'one', test: this.#class() }];
      case '\\':
        return [{ kind: 'one', test: this.#escape() }];
      case '*':
      case '+':
      case '?':
        throw new Unsupported();
      default:
        return [{ kind: 'one', test: this.#letter(char.charCodeAt(0)) }];
    }
  }

  #group(): Step[] {
    const opening = /\?(?::|P?<[A-Za-z_]\w*>|'[A-Za-z_]\w*')/y;
    if (this.#source[this.#at] === '?') {
      opening.lastIndex = this.#at;
      if (!opening.test(this.#source)) throw new Unsupported();
      this.#at = opening.lastIndex;
    }
    const steps = this.#choice();
    if (this.#source[this.#at++] !== ')') throw new Unsupported();
    return steps;
  }

  #repeated(steps: Step[]): Step[] {
    const quantifier = /[*+?]|\{(\d{1,4})(?:(,)(\d{1,4})?)?\}/y;
    quantifier.lastIndex = this.#at;
    const found = quantifier.exec(this.#source);
    if (found === null) return steps;
    this.#at = quantifier.lastIndex;
    const next = this.#source[this.#at];
    if (next === '+' || next === '*' || next === '{') throw new Unsupported();
    // A lazy quantifier prefers another match, but finds one in the same texts.
    if (next === '?') this.#at++;
    const [text, least, comma, most] = found;
    if (text === '*') return repeat(steps, 0, undefined);
    if (text === '+') return repeat(steps, 1, undefined);
    if (text === '?') return repeat(steps, 0, 1);
    const from = Number(least);
    return repeat(steps, from, comma === undefined ? from : most === undefined ? undefined : Number(most));
  }

  #class(): Test {
    const negated = this.#source[this.#at] === '^';
    if (negated) this.#at++;
    const tests: Test[] = [];
    for (let first = true; ; first = false) {
      const char = this.#source[this.#at];
      if (char === undefined || (char === '[' && this.#source[this.#at + 1] === ':')) throw new Unsupported();
      this.#at++;
      if (char === ']' && !first) break;
      if (char === '\\') {
        tests.push(this.#escape());
        continue;
      }
      const to = this.#source[this.#at + 1];
      if (this.#source[this.#at] !== '-' || to === undefined || to === ']') {
        tests.push(this.#letter(char.charCodeAt(0)));
        continue;
      }
      if (to === '\\' || to === '[') throw new Unsupported();
      this.#at += 2;
      tests.push(this.#range(char.charCodeAt(0), to.charCodeAt(0)));
    }
    return (code) => tests.some((test) => test(code)) !== negated;
  }

  #escape(): Test {
    const char = this.#source[this.#at++] ?? '';
    const inside = classes[char.toLowerCase()];
    if (inside !== undefined) return char === char.toLowerCase() ? inside : (code) => !inside(code);
    if (/[A-Za-z0-9]/.test(char) || char === '') throw new Unsupported();
    return this.#letter(char.charCodeAt(0));
  }

  #letter(code: number): Test {
    return this.#range(code, code);
  }

  #range(from: number, to: number): Test {
    const plain: Test = (code) => code >= from && code <= to;
    if (!this.#ignoreCase) return plain;
    return (code) => plain(code) || plain(otherCase(code));
  }
}

const classes: Readonly<Record<string, Test>> = {
  d: (code) => code >= 0x30 && code <= 0x39,
  w: (code) =>
    code === 0x5f || (code >= 0x30 && code <= 0x39) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a),
  s: (code) => code === 0x20 || (code >= 0x09 && code <= 0x0d),
};

function otherCase(code: number): number {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a ? code ^ 0x20 : code;
}

function repeat(steps: readonly Step[], least: number, most: number | undefined): Step[] {
  const copies = most === undefined ? Math.max(least, 1) : most;
  if (copies * (steps.length + 2) > mostSteps || (most !== undefined && most < least))
    throw new Unsupported();
  const all: Step[] = [];
  for (let copy = 0; copy < copies; copy++) {
    if (copy >= least)
      all.push({ kind: 'both', other: all.length + 1 + steps.length + (most === undefined ? 1 : 0) });
    const start = all.length;
    for (const step of shifted(steps, start)) all.push(step);
    if (most === undefined && copy === copies - 1) {
      if (least > 0) all.push({ kind: 'both', other: start });
      else all.push({ kind: 'jump', to: start - 1 });
    }
  }
  return all;
}

function shifted(steps: readonly Step[], by: number): Step[] {
  return steps.map((step) => {
    if (step.kind === 'both') return { ...step, other: step.other + by };
    return step.kind === 'jump' ? { ...step, to: step.to + by } : step;
  });
}
