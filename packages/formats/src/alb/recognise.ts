import type { LineFormat } from '../lines.ts';
import { accessFormat } from './access.ts';
import { connectionFormat } from './connection-log.ts';
import { jsonEntries } from './entries.ts';
import { healthFormat } from './health-log.ts';
import { classic, headerLayout, kindOf, type Layout, type LogKind, quotingAt } from './layout.ts';
import { objectsFormat } from './object-line.ts';
import { placeWords } from './words.ts';

/** A header stands in front, behind no more than a line about the version. */
const headerWithin = 5;
/** How far into a line one must look to know it by its head. */
const headLength = 400;

const time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/.source;
const seconds = /(?:-1|-|\d+(?:\.\d+)?)/.source;

/** By what each kind of line begins with, as it is put into a bucket. */
const heads: Readonly<Record<LogKind, RegExp>> = {
  access: new RegExp(
    `^[a-z][a-z0-9]{1,7} ${time} \\S+ \\S+ \\S+(?: ${seconds}){3} (?:\\d{3}|-) (?:\\d{3}|-) [\\d-]+ [\\d-]+(?: |$)`,
  ),
  health: new RegExp(`^\\S+ ${time} ${seconds} \\S+ \\S+ (?:PASS|FAIL)(?: |$)`),
  connection: new RegExp(`^${time} [0-9a-f.:]+ (?:\\d+|-) (?:\\d+|-) \\S+ \\S+ ${seconds} "`),
};

/** The format of logs of Application Load Balancers that most of the lines follow; undefined for other logs. */
export function albFormatOf(lines: readonly Buffer[]): LineFormat | undefined {
  const header = lines
    .slice(0, headerWithin)
    .map((line) => headerLayout(line.toString('latin1')))
    .find((layout) => layout !== undefined);
  if (header !== undefined) return formatOf(header);
  const texts = lines.map((line) => line.toString('latin1', 0, headLength));
  const most = (matches: (text: string, index: number) => boolean) =>
    texts.filter(matches).length * 2 > texts.length;
  for (const kind of ['access', 'health', 'connection'] as const) {
    if (most((text) => heads[kind].test(text))) return formatOf(layoutOf(kind, lines));
    if (most((_, index) => jsonKind(lines[index]!) === kind)) return objectsFormat(kind);
  }
  return undefined;
}

function formatOf(layout: Layout): LineFormat {
  if (layout.kind === 'access') return accessFormat(layout);
  return layout.kind === 'health' ? healthFormat(layout) : connectionFormat(layout);
}

function jsonKind(line: Buffer): LogKind | undefined {
  const entry = jsonEntries(line, 0, line.length);
  return entry === undefined ? undefined : kindOf([...entry.keys()]);
}

/** Lines are searched for the node that wrote them only where some reach as far, which costs as much as all the rest. */
function layoutOf(kind: LogKind, lines: readonly Buffer[]): Layout {
  const layout = classic[kind];
  const node = layout.fields.indexOf('ip_address');
  const spans = new Int32Array(2 * layout.fields.length);
  const quoting = (word: number) => quotingAt(layout, word);
  const reaches = (line: Buffer) => placeWords(line, 0, line.length, spans, layout.separator, quoting) > node;
  return kind !== 'access' || lines.some(reaches)
    ? layout
    : { ...layout, fields: layout.fields.slice(0, node) };
}
