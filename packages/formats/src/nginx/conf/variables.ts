import type { Directive } from './directives.ts';
import { Scope } from './scope.ts';

/** More would not make anything clearer. */
const mostValues = 16;

/** Blocks that give a variable its values, and the words in them that are none. */
const tables = ['map', 'split_clients', 'geo'] as const;
const parameters: ReadonlySet<string> = new Set([
  'hostnames',
  'volatile',
  'include',
  'ranges',
  'proxy',
  'delete',
]);

/** What variables may hold, by `set` in the server and the location, and by the tables of `http`. */
export class Variables {
  readonly #server: Scope;
  readonly #tables = new Map<string, readonly string[]>();

  constructor(http: Scope, server: Scope) {
    this.#server = server;
    for (const table of tables) {
      for (const { words, block = [] } of http.all(table)) {
        const name = words.at(-1) ?? '';
        if (name !== table)
          this.#tables.set(
            name,
            block.filter(isRow).map((row) => row.words.at(-1) ?? ''),
          );
      }
    }
  }

  /** The texts that a text with variables may come to; a variable stays where its values are not known. */
  fill(text: string, location: Scope): readonly string[] {
    let texts = [text];
    for (const name of new Set(text.match(/\$\{\w+\}|\$\w+/g))) {
      const values = this.#valuesOf(`$${name.replace(/\W/g, '')}`, location);
      if (values.length === 0 || values.length * texts.length > mostValues) continue;
      texts = texts.flatMap((one) => values.map((value) => one.replaceAll(name, () => value)));
    }
    return [...new Set(texts)];
  }

  /** The `set` of a location comes after that of the server; in a condition it may or may not come. */
  #valuesOf(name: string, location: Scope): readonly string[] {
    const [fixed, possible] = assigned(location, name);
    if (fixed !== undefined) return [fixed, ...possible];
    const [before, others] = assigned(this.#server, name);
    const first = before !== undefined ? [before] : (this.#tables.get(name) ?? []);
    const values = [...first, ...others, ...possible];
    // With conditions alone there is a value besides that is not known.
    return first.length > 0 ? values : [];
  }
}

/** The value that a block surely gives to a variable, and those that conditions in it may give instead. */
function assigned(scope: Scope, name: string): [string | undefined, readonly string[]] {
  const values = (inside: Scope) =>
    inside
      .own('set')
      .filter(({ words }) => words[1] === name)
      .map(({ words }) => words[2] ?? '');
  return [values(scope).at(-1), scope.own('if').flatMap(({ block = [] }) => values(new Scope(block)))];
}

function isRow({ words }: Directive): boolean {
  return words.length > 1 && !parameters.has(words[0]!);
}
