import { Problem } from '@why502/model';
import type { Escaping } from '../escapes.ts';
import { compileSteps, type Steps } from '../steps.ts';
import { parse } from './conf/directives.ts';
import { type FieldIndexes, fieldIndexes, isList, isSpaceless, leastWidth } from './fields.ts';

/** A `log_format`, understood. */
export interface Layout {
  readonly escaping: Escaping;
  /** The variables in order, without `$`. */
  readonly variables: readonly string[];
  readonly at: FieldIndexes;
  readonly steps: Steps;
  /** For a JSON object: the key of each variable, in the order of `variables`. */
  readonly keys: readonly string[] | undefined;
}

/** A `log_format` taken apart: text, then a variable and the text behind it, and so on. */
export interface LogFormat {
  readonly escaping: Escaping;
  readonly lead: string;
  readonly fields: readonly LogFormatField[];
}

export interface LogFormatField {
  /** Without `$`. */
  readonly variable: string;
  /** Text behind the variable. */
  readonly literal: string;
}

/**
 * Reads a `log_format` directive, or the bare format string.
 * @throws Problem W502_FORMAT_BAD without a status or time, or with two variables that nothing separates
 */
export function layoutOf(text: string): Layout {
  const { escaping, format } = partsOf(text.trim());
  const [lead = '', ...pieces] = format.split(/\$(?:\{(\w+)\}|(\w+))/);
  const fields: LogFormatField[] = [];
  for (let i = 0; i < pieces.length; i += 3) {
    fields.push({ variable: pieces[i] ?? pieces[i + 1] ?? '', literal: pieces[i + 2] ?? '' });
  }
  return compileLayout({ escaping, lead, fields });
}

/** @throws Problem W502_FORMAT_BAD as `layoutOf` */
export function compileLayout({ escaping, lead, fields }: LogFormat): Layout {
  const variables = fields.map((field) => field.variable);
  const at = fieldIndexes(variables);
  const timed = at.msec >= 0 || at.iso >= 0 || at.local >= 0;
  if (at.status < 0 || !timed || fields.slice(0, -1).some((field) => field.literal === '')) {
    throw new Problem('W502_FORMAT_BAD', { excerpt: textOf({ escaping, lead, fields }) });
  }
  const steps = compileSteps(
    lead,
    fields.map(({ variable, literal }) => ({
      literal,
      width: leastWidth(variable),
      list: isList(variable),
      spaceless: isSpaceless(variable),
    })),
  );
  return { escaping, variables, at, steps, keys: keysOf(lead, fields) };
}

function textOf({ lead, fields }: LogFormat): string {
  return lead + fields.map(({ variable, literal }) => `$${variable}${literal}`).join('');
}

function partsOf(text: string): { escaping: Escaping; format: string } {
  if (!/^(log_format\s|escape=\w+\s*['"]|')/.test(text)) return { escaping: 'default', format: text };
  const words = parse(text, '').directives[0]?.words ?? [];
  const values = words[0] === 'log_format' ? words.slice(2) : words;
  const parameter = /^escape=(default|json|none)$/.exec(values[0] ?? '')?.[1];
  const escaping = parameter === 'json' || parameter === 'none' ? parameter : 'default';
  return { escaping, format: (parameter === undefined ? values : values.slice(1)).join('') };
}

/** The key in front of each value, where the format is one JSON object. */
function keysOf(lead: string, fields: readonly LogFormatField[]): readonly string[] | undefined {
  if (!lead.trimStart().startsWith('{')) return undefined;
  const before = [lead, ...fields.slice(0, -1).map((field) => field.literal)];
  return before.map((text) => /"([^"]*)"\s*:\s*"?$/.exec(text)?.[1] ?? '');
}
