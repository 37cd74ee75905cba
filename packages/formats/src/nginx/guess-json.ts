import type { Guess } from './guess-text.ts';
import type { LogFormatField } from './log-format.ts';
import { nameColumns } from './naming.ts';

/** `"key":` and the start of a value, as the pieces that a format is made of. */
const memberPattern = /([\s,]*"((?:[^"\\]|\\.)*)"\s*:\s*)(?:"((?:[^"\\]|\\.)*)"|([-\w.+]+))/y;

/** The `log_format` of JSON lines, read off their keys; undefined where no line is an object of scalars. */
export function guessJson(lines: readonly string[]): Guess | undefined {
  const model = lines.map(membersOf).find((members) => members !== undefined && members.length > 0);
  if (model === undefined) return undefined;
  const rows = lines.map(membersOf).filter((members) => members !== undefined);
  const variables = nameColumns(
    model.map((member) => member.key),
    (column) => rows.map((row) => row.find(({ key }) => key === model[column]?.key)?.value ?? ''),
  );
  const fields: LogFormatField[] = model.map((member, index) => ({
    variable: variables[index]!,
    literal: member.close + (model[index + 1]?.before ?? '}'),
  }));
  return {
    name: 'nginx JSON',
    format: { escaping: 'json', lead: `{${model[0]!.before}`, fields },
    specific: 1,
  };
}

interface Member {
  /** Text from the end of the value before to the first byte of this one. */
  readonly before: string;
  readonly key: string;
  readonly value: string;
  readonly close: string;
}

/** The members of a flat object; of others those that JSON.parse finds, as if they stood without blanks. */
function membersOf(line: string): readonly Member[] | undefined {
  const text = line.trim();
  if (!text.startsWith('{')) return undefined;
  const members: Member[] = [];
  memberPattern.lastIndex = 1;
  for (;;) {
    const at = memberPattern.lastIndex;
    const match = memberPattern.exec(text);
    if (match === null) return /^\s*\}$/.test(text.slice(at)) ? members : parsedMembers(text);
    const [, before = '', key = '', inQuotes, bare = ''] = match;
    const quote = inQuotes === undefined ? '' : '"';
    members.push({ before: before + quote, key, value: inQuotes ?? bare, close: quote });
  }
}

function parsedMembers(text: string): readonly Member[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return Object.entries(value as Record<string, unknown>).flatMap(([key, member], index) => {
    if (typeof member !== 'string' && typeof member !== 'number') return [];
    const quote = typeof member === 'string' ? '"' : '';
    return [{ before: `${index > 0 ? ',' : ''}"${key}":${quote}`, key, value: String(member), close: quote }];
  });
}
