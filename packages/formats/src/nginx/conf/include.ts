import { posix } from 'node:path';
import type { FileTree } from '@why502/model';
import { type ConfFault, type Directive, mostDirectives, type Parsed, parse } from './directives.ts';
import { fitsName, isPattern } from './name-pattern.ts';

/** nginx itself stops where it runs out of file descriptors; no configuration of people comes near this. */
const mostIncludes = 5_000;

/** Files of types and parameters: nothing in them says why a request failed. */
const harmless = /(^|\/)(mime\.types|[\w-]+_params|fastcgi\.conf|koi-utf|koi-win|win-utf)$/;

/** A configuration with every `include` replaced by what it includes. */
export async function unfold(root: string, text: string, files: FileTree): Promise<Parsed> {
  const includes = new Includes(root, files);
  const directives = await includes.unfold(includes.parsed(root, text), [root]);
  return { directives, faults: includes.faults };
}

class Includes {
  readonly faults: ConfFault[] = [];
  readonly #root: string;
  readonly #files: FileTree;
  readonly #parsed = new Map<string, Parsed | undefined>();
  #includes = 0;
  #directives = 0;

  constructor(root: string, files: FileTree) {
    this.#root = root;
    this.#files = files;
  }

  /** Each file is read and complained about once, however often it is included. */
  parsed(path: string, text: string): Parsed {
    const parsed = parse(text, path);
    this.#parsed.set(path, parsed);
    for (const fault of parsed.faults) this.faults.push(fault);
    return parsed;
  }

  async unfold({ directives }: Pick<Parsed, 'directives'>, stack: readonly string[]): Promise<Directive[]> {
    const unfolded: Directive[] = [];
    for (const directive of directives) {
      if (++this.#directives > mostDirectives) {
        this.#complain('too_large', directive);
        break;
      }
      const { words, block } = directive;
      const wanted = words[1];
      if (words[0] === 'include' && wanted !== undefined && block === undefined) {
        for (const one of await this.#included(directive, wanted, stack)) unfolded.push(one);
      } else if (block === undefined) unfolded.push(directive);
      else unfolded.push({ ...directive, block: await this.unfold({ directives: block }, stack) });
    }
    return unfolded;
  }

  async #included(directive: Directive, wanted: string, stack: readonly string[]): Promise<Directive[]> {
    if (++this.#includes > mostIncludes) {
      this.#complain('too_large', directive, wanted);
      return [];
    }
    const paths = await this.#paths(wanted);
    if (paths.length === 0 && !isPattern(wanted) && !harmless.test(wanted)) {
      this.#complain('missing', directive, wanted);
    }
    const found: Directive[] = [];
    for (const path of paths) {
      if (stack.includes(path)) {
        this.#complain('cycle', directive, wanted);
        continue;
      }
      const parsed = await this.#parse(path);
      if (parsed === undefined) this.#complain('missing', directive, path);
      else for (const one of await this.unfold(parsed, [...stack, path])) found.push(one);
    }
    return found;
  }

  async #parse(path: string): Promise<Parsed | undefined> {
    if (!this.#parsed.has(path)) {
      const text = await this.#files.text(path);
      if (text === undefined) this.#parsed.set(path, undefined);
      else this.parsed(path, text);
    }
    return this.#parsed.get(path);
  }

  /**
   * Relative paths start at the folder of the root (ngx_conf_full_name). A configuration is often a copy, made on another
   * machine: an absolute path is looked for below that folder first, and where it says only then.
   */
  async #paths(wanted: string): Promise<readonly string[]> {
    const folder = posix.dirname(this.#root);
    if (!wanted.startsWith('/')) return this.#matches(posix.join(folder, wanted));
    if (wanted.startsWith(`${folder}/`)) return this.#matches(wanted);
    const parts = wanted.split('/').slice(1);
    const fewest = isPattern(wanted) ? 2 : 1;
    for (let first = 0; parts.length - first >= fewest; first++) {
      const found = await this.#matches(posix.join(folder, ...parts.slice(first)));
      if (found.length > 0) return found;
    }
    return this.#matches(wanted);
  }

  /** What glob(3) finds, in its order: nginx calls it without flags, so that dots in front must be asked for. */
  async #matches(pattern: string): Promise<readonly string[]> {
    const parts = pattern.split('/');
    let paths = [''];
    for (const [index, part] of parts.entries()) {
      const deeper: string[] = [];
      const last = index === parts.length - 1;
      for (const path of paths) {
        const prefix = index === 0 ? '' : `${path}/`;
        if (!isPattern(part) && !last) deeper.push(`${prefix}${part}`);
        else {
          const names = await this.#files.names(prefix === '' ? '.' : prefix);
          for (const name of names) if (fitsName(part, name)) deeper.push(`${prefix}${name}`);
        }
      }
      paths = deeper.sort();
    }
    return paths;
  }

  #complain(reason: ConfFault['reason'], { file, line }: Directive, wanted?: string): void {
    if (this.faults.some((one) => one.reason === reason && one.file === file && one.line === line)) return;
    this.faults.push({ reason, file, line, ...(wanted === undefined ? {} : { wanted }) });
  }
}
