import { Tokens } from './tokens.ts';

/** One directive: its words, quotes and backslashes undone, and what its block holds. */
export interface Directive {
  readonly words: readonly string[];
  /** As written, without the `;` or the block. */
  readonly text: string;
  readonly file: string;
  /** Line of its first word, from 1. */
  readonly line: number;
  /** Undefined without a block; empty also for one that is not made of directives, such as Lua. */
  readonly block: readonly Directive[] | undefined;
}

/** What keeps a configuration from being understood whole. */
export interface ConfFault {
  readonly reason: 'unclosed' | 'stray' | 'too_deep' | 'too_large' | 'not_text' | 'missing' | 'cycle';
  readonly file: string;
  readonly line: number;
  /** The file that an `include` asks for. */
  readonly wanted?: string;
}

export interface Parsed {
  readonly directives: readonly Directive[];
  readonly faults: readonly ConfFault[];
}

/** Deeper blocks, and more directives, are no configuration that anybody wrote. */
const deepest = 100;
export const mostDirectives = 500_000;

interface Open {
  readonly opening: Omit<Directive, 'block'>;
  readonly inside: Directive[];
}

/** Takes a configuration apart. What is broken is skipped and named; the rest stays. */
export function parse(text: string, file: string): Parsed {
  if (text.includes('\0')) return { directives: [], faults: [{ reason: 'not_text', file, line: 1 }] };
  const faults: ConfFault[] = [];
  const directives: Directive[] = [];
  const blocks: Open[] = [];
  const tokens = new Tokens(text);
  let into = directives;
  let words: string[] = [];
  let start = 0;
  let line = 1;
  let skipped = 0;
  let count = 0;
  const taken = (to: number) => {
    const directive = { words, text: text.slice(start, to).trim(), file, line };
    words = [];
    return directive;
  };
  for (let token = tokens.next(); token !== undefined; token = tokens.next()) {
    if (token.kind !== 'word' && skipped === 0 && ++count > 2 * mostDirectives) {
      faults.push({ reason: 'too_large', file, line: token.line });
      break;
    }
    switch (token.kind) {
      case 'word':
        if (words.length === 0) ({ from: start, line } = token);
        words.push(token.word);
        break;
      case 'end':
        if (skipped > 0) words = [];
        else if (words.length > 0) into.push({ ...taken(token.from), block: undefined });
        break;
      case 'open':
        if (words.length === 0) ({ from: start, line } = token);
        if (/_by_lua_block$/.test(words[0] ?? '')) {
          into.push({ ...taken(token.from), block: [] });
          tokens.skipLua();
        } else if (skipped > 0 || blocks.length === deepest) {
          if (skipped === 0) faults.push({ reason: 'too_deep', file, line: token.line });
          skipped++;
          words = [];
        } else {
          blocks.push({ opening: taken(token.from), inside: into });
          into = [];
        }
        break;
      case 'close': {
        words = [];
        if (skipped > 0) {
          skipped--;
          break;
        }
        const block = blocks.pop();
        if (block === undefined) {
          if (!faults.some(({ reason }) => reason === 'stray'))
            faults.push({ reason: 'stray', file, line: token.line });
          break;
        }
        block.inside.push({ ...block.opening, block: into });
        into = block.inside;
        break;
      }
      default:
        token.kind satisfies never;
    }
  }
  if (words.length > 0) into.push({ ...taken(tokens.at), block: undefined });
  const unclosed = tokens.unclosed ?? blocks.at(-1)?.opening.line;
  if (unclosed !== undefined) faults.push({ reason: 'unclosed', file, line: unclosed });
  for (let open = blocks.pop(); open !== undefined; open = blocks.pop()) {
    open.inside.push({ ...open.opening, block: into });
    into = open.inside;
  }
  return { directives, faults };
}

/** Every directive at any depth, outer ones first. */
export function* everyDirective(directives: readonly Directive[]): Iterable<Directive> {
  for (const directive of directives) {
    yield directive;
    if (directive.block !== undefined) yield* everyDirective(directive.block);
  }
}
