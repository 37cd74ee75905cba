import { accessFields, connectionFields, fieldOf, healthFields, quotedFields } from './fields.ts';
import type { Quoting } from './words.ts';

const space = 0x20;

/** The logs that a load balancer writes. */
export type LogKind = 'access' | 'health' | 'connection';

/** How a line of text holds its fields. */
export interface Layout {
  readonly kind: LogKind;
  /** By the names of `fields.ts`. */
  readonly fields: readonly string[];
  /** The byte between two fields. */
  readonly separator: number;
  /** A header names the fields, so that lines which begin with `#` or repeat it are none of the log's. */
  readonly header: string | undefined;
}

export const classic: Readonly<Record<LogKind, Layout>> = {
  access: { kind: 'access', fields: accessFields, separator: space, header: undefined },
  health: { kind: 'health', fields: healthFields, separator: space, header: undefined },
  connection: { kind: 'connection', fields: connectionFields, separator: space, header: undefined },
};

/** Whether the word at this place of a line stands in quotes: where the layout does not tell, as it begins. */
export function quotingAt({ fields, separator, header }: Layout, place: number): Quoting {
  const field = fields[place];
  if (header !== undefined || separator !== space || field === undefined) return 'perhaps';
  return quotedFields.has(field) ? 'surely' : 'never';
}

/** What a line must have, to be of use. */
const needed: Readonly<Record<LogKind, readonly string[]>> = {
  access: ['time', 'elb_status_code'],
  health: ['time', 'target_addr', 'status'],
  connection: ['time', 'tls_verify_status'],
};

const known: Readonly<Record<LogKind, ReadonlySet<string>>> = {
  access: new Set(accessFields),
  health: new Set(healthFields),
  connection: new Set(connectionFields),
};

/** The kind of log that holds these fields, by what none of the others could do without; undefined for other logs. */
export function kindOf(fields: readonly string[]): LogKind | undefined {
  const kinds: readonly LogKind[] = ['access', 'health', 'connection'];
  return kinds.find(
    (kind) =>
      needed[kind].every((field) => fields.includes(field)) &&
      fields.filter((field) => known[kind].has(field)).length * 2 > fields.length,
  );
}

/**
 * The layout that a header names, as vended delivery writes it: `#Fields: time elb …` (W3C) or the bare names, with
 * spaces, tabs or another separator between them. Undefined for any other line.
 */
export function headerLayout(line: string): Layout | undefined {
  const names = /^#Fields:[ \t]*(.*)$/i.exec(line)?.[1] ?? line;
  if (!/^[A-Za-z][\w:"()-]*([^\w:"()-][\w:"()-]+)+\s*$/.test(names) || names.length > 2_048) return undefined;
  const separator = /[^\w:"()-]/.exec(names)?.[0] ?? ' ';
  const fields = names.trim().split(separator).map(fieldOf);
  const kind = kindOf(fields);
  return kind && { kind, fields, separator: separator.charCodeAt(0), header: line };
}

/** Whether a line is no entry of a log that has a header: the header itself, or another line of remarks. */
export function isHeader({ header }: Layout, bytes: Buffer, from: number, to: number): boolean {
  if (header === undefined) return false;
  return bytes[from] === 0x23 || bytes.toString('latin1', from, to) === header;
}
