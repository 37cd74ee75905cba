import type { LineFormat } from '../lines.ts';
import { timeIso } from '../time.ts';
import { accessFormat } from './access.ts';

/** `https 2018-07-02T22:23:00.186641Z app/name/0123456789abcdef …`, whatever the kind of connection. */
const accessHead = /^[a-z0-9]{2,8} (\d{4}-\d\d-\d\dT\S+Z) (?:app\/)?\S* ?\S/;

/** How far into a line one must look. */
const headLength = 400;

/** The format of logs of Application Load Balancers that most of the lines follow; undefined for other logs. */
export function albFormatOf(lines: readonly Buffer[]): LineFormat | undefined {
  const heads = lines.map((line) => line.toString('latin1', 0, headLength));
  return heads.filter(isAccessLine).length * 2 > lines.length ? accessFormat : undefined;
}

/** Behind the head come two addresses, three times and two statuses. */
const accessTail =
  / \S+ \S+ (?:-1|\d+(?:\.\d+)?) (?:-1|\d+(?:\.\d+)?) (?:-1|\d+(?:\.\d+)?) (?:\d{3}|-) (?:\d{3}|-) \d+ \d+(?: |$)/;

function isAccessLine(head: string): boolean {
  const time = accessHead.exec(head)?.[1];
  if (time === undefined || !accessTail.test(head)) return false;
  const bytes = Buffer.from(time);
  return timeIso(bytes, 0, bytes.length) !== undefined;
}
