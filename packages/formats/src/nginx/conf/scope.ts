import { type Bytes, bytes, type Millis, millis, type Setting, type Written } from '@why502/model';
import type { Directive } from './directives.ts';

/** A block and the blocks around it: what holds here, by the rules of inheritance of nginx. */
export class Scope {
  readonly #own = new Map<string, Directive[]>();
  readonly #around: Scope | undefined;

  constructor(directives: readonly Directive[], around?: Scope) {
    this.#around = around;
    for (const directive of directives) {
      const name = directive.words[0] ?? '';
      const same = this.#own.get(name);
      if (same === undefined) this.#own.set(name, [directive]);
      else same.push(directive);
    }
  }

  /** Those of this block itself. */
  own(name: string): readonly Directive[] {
    return this.#own.get(name) ?? [];
  }

  /** Those of the nearest block that has any: a list is inherited only where nothing of its name is written. */
  all(name: string): readonly Directive[] {
    return this.#own.get(name) ?? this.#around?.all(name) ?? [];
  }

  nearest(name: string): Directive | undefined {
    return this.all(name).at(-1);
  }

  flag(name: string, otherwise: boolean): Setting<boolean> {
    return setting(this.nearest(name), (value) => value === 'on', otherwise);
  }

  /** A time; numbers without a unit are seconds (ngx_parse_time). */
  time(name: string, otherwise: Millis): Setting<Millis> {
    return setting(this.nearest(name), timeOf, otherwise);
  }

  /** Undefined where nothing is written, or nothing that is a size. */
  size(name: string): Setting<Bytes> | undefined {
    const directive = this.nearest(name);
    const value = sizeOf(directive?.words[1] ?? '');
    return directive === undefined || value === undefined
      ? undefined
      : { value, written: written(directive) };
  }
}

/** A directive with its first values. */
export function written({ words, file, line }: Directive, values = 1): Written {
  return { text: words.slice(0, 1 + values).join(' '), file, line };
}

function setting<T>(
  directive: Directive | undefined,
  read: (value: string) => T | undefined,
  otherwise: T,
): Setting<T> {
  const value = directive === undefined ? undefined : read(directive.words[1] ?? '');
  return directive === undefined || value === undefined
    ? { value: otherwise, written: undefined }
    : { value, written: written(directive) };
}

const units: Readonly<Record<string, number>> = {
  ms: 1,
  '': 1_000,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  M: 2_592_000_000,
  y: 31_536_000_000,
};

/** `1m 30s`, `500ms`, `60`. */
export function timeOf(text: string): Millis | undefined {
  if (!/^(\d{1,9}(ms|[smhdwMy])? *)+$/.test(text) || text.length > 40) return undefined;
  let sum = 0;
  for (const [, count, unit = ''] of text.matchAll(/(\d+)(ms|[smhdwMy])?/g))
    sum += Number(count) * units[unit]!;
  return millis(sum);
}

function sizeOf(text: string): Bytes | undefined {
  const parts = /^(\d{1,12})([kKmM]?)$/.exec(text);
  if (parts === null) return undefined;
  const factor = { '': 1, k: 1_024, m: 1_048_576 }[parts[2]!.toLowerCase() as '' | 'k' | 'm'];
  return bytes(Number(parts[1]) * factor);
}
