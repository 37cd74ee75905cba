import type { LogFormatField } from './log-format.ts';
import { nameColumns } from './naming.ts';

/** What a stretch of text is made of, as a part of a `log_format`. */
export interface Pieces {
  readonly lead: string;
  readonly fields: readonly LogFormatField[];
  /** How many of them have a key. */
  readonly keyed: number;
}

/** One piece of a tail: the text in front of its value, its key if it has one, and what closes it. */
interface Token {
  readonly before: string;
  readonly key: string | undefined;
  readonly close: string;
  readonly value: string;
}

/**
 * `key=value`, `key="value"`, `"value"`, `[value]` or a bare value. A bare value ends where the next piece begins, so
 * that lists over attempts stay whole.
 */
const tokenPattern =
  /(\s*)(?:([A-Za-z_][\w.-]*)=)?(?:"([^"]*)"|\[([^\]]*)\]|([^\s"[](?:.*?)(?=(?<![,:])\s+(?!: )(?:[^\s=:]|$)|\s*$)|(?=\s|$)))/y;

function tokensOf(tail: string): readonly Token[] {
  const text = tail.trimEnd();
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < text.length) {
    const start = tokenPattern.lastIndex;
    const match = tokenPattern.exec(text);
    if (match === null || match[0] === '') {
      tokenPattern.lastIndex = start;
      break;
    }
    const [, space = '', key, inQuotes, inBrackets, bare] = match;
    const open = inQuotes !== undefined ? '"' : inBrackets !== undefined ? '[' : '';
    const close = inQuotes !== undefined ? '"' : inBrackets !== undefined ? ']' : '';
    tokens.push({
      before: `${space}${key === undefined ? '' : `${key}=`}${open}`,
      key,
      close,
      value: inQuotes ?? inBrackets ?? bare ?? '',
    });
  }
  return tokens;
}

/**
 * The pieces that most of the texts are made of, each with a variable; none where they differ in their words.
 *
 * @param taken variables that stand elsewhere in the line
 */
export function piecesOf(texts: readonly string[], taken: ReadonlySet<string>): Pieces {
  const rows = texts.map(tokensOf);
  const shapeOf = (row: readonly Token[]) => row.map((token) => token.before + token.close).join('\0');
  const common = commonest(rows.map(shapeOf));
  const alike = rows.filter((row) => shapeOf(row) === common);
  const model = alike[0] ?? [];
  // A text that differs in its words from line to line is no pattern; the tail is then left unread.
  if (model.length === 0 || alike.length * 2 < texts.length) return { lead: '', fields: [], keyed: 0 };
  const valuesAt = (index: number) => alike.map((row) => row[index]?.value ?? '');
  const variables = nameColumns(
    model.map((token) => token.key),
    valuesAt,
    taken,
  );
  nameTimes(variables, model, valuesAt);
  return {
    keyed: model.filter(({ key }) => key !== undefined).length,
    lead: model[0]!.before,
    fields: model.map((token, index) => ({
      variable: variables[index]!,
      literal: token.close + (model[index + 1]?.before ?? ''),
    })),
  };
}

/**
 * Seconds without a key: `$request_time` is the one column that never is `-`; of two columns the first is
 * `$request_time` and the second `$upstream_response_time` where the first is never the smaller one.
 */
function nameTimes(
  variables: string[],
  model: readonly Token[],
  valuesAt: (index: number) => readonly string[],
): void {
  if (variables.includes('request_time')) return;
  const isUnnamed = (index: number) =>
    model[index]!.key === undefined && variables[index]!.startsWith('field_');
  const seconds = variables.flatMap((_, index) =>
    isUnnamed(index) && valuesAt(index).every((value) => /^(\d+\.\d{3}|-)$/.test(value)) ? [index] : [],
  );
  const always = seconds.filter((index) => valuesAt(index).every((value) => value !== '-'));
  const [first, second] = seconds;
  if (always.length === 1) variables[always[0]!] = 'request_time';
  else if (seconds.length === 1 && valuesAt(first!).some((value) => value !== '-'))
    variables[first!] = 'request_time';
  else if (seconds.length === 2 && always.includes(first!)) {
    const shorter = valuesAt(second!);
    const isWhole = valuesAt(first!).every((value, row) => !(Number(value) + 0.001 < Number(shorter[row])));
    if (!isWhole) return;
    variables[first!] = 'request_time';
    variables[second!] = 'upstream_response_time';
  }
}

function commonest(texts: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}
