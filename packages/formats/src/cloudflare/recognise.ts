import { isWithinLimits } from '../json/limits.ts';
import type { LineFormat } from '../lines.ts';
import { columnsIn } from './csv-placement.ts';
import { fieldAt, fieldOfKey } from './fields.ts';
import { csvRequests, jsonRequests } from './http-requests.ts';

/** Lines that are looked at; those of one file are alike. */
const mostLines = 50;
/** Templates of a job and other programs put the record into an object of theirs. */
const deepest = 4;

/** The row of names of a CSV stands in front, behind no more than what somebody wrote there. */
const namesWithin = 5;

/** The format of lines of http_requests; undefined where no line is one. */
export function requestsFormat(lines: readonly Buffer[]): LineFormat | undefined {
  return objectsFormat(lines) ?? csvFormat(lines);
}

function csvFormat(lines: readonly Buffer[]): LineFormat | undefined {
  for (const line of lines.slice(0, namesWithin)) {
    const columns = columnsIn(line, 0, line.length);
    if (columns !== undefined) return csvRequests(columns);
  }
  return undefined;
}

/**
 * Whether the lines are of a CSV of Logpush without a row of names: cells, among which most lines have a ray and two times
 * of one form, which say what they are but not which.
 */
export function isNamelessCsv(lines: readonly Buffer[]): boolean {
  const looked = lines.slice(0, mostLines).map((line) => line.toString('latin1'));
  return looked.filter((line) => rayCell.test(line) && twoTimes.test(line)).length * 2 > looked.length;
}

const rayCell = /(?:^|[,;\t|])"?[0-9a-f]{16}"?(?:[,;\t|]|$)/;
const time = /"?(?:\d{19}|\d{10}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)"?/.source;
const twoTimes = new RegExp(`(?:^|[,;\\t|])${time}[,;\\t|](?:.*[,;\\t|])?${time}(?:[,;\\t|]|$)`);

function objectsFormat(lines: readonly Buffer[]): LineFormat | undefined {
  const counts = new Map<string, { count: number; path: readonly string[] }>();
  for (const line of lines.slice(0, mostLines)) {
    const path = pathInLine(line);
    if (path === undefined) continue;
    const name = path.join('\0');
    counts.set(name, { count: (counts.get(name)?.count ?? 0) + 1, path });
  }
  const [most] = [...counts.values()].sort((a, b) => b.count - a.count);
  return most && jsonRequests(most.path);
}

function pathInLine(line: Buffer): readonly string[] | undefined {
  if (!line.includes('{') || !isWithinLimits(line, 0, line.length)) return undefined;
  try {
    return pathIn(JSON.parse(line.toString('utf8')), deepest);
  } catch {
    return undefined;
  }
}

/** The keys that lead to an object with a status and a time. */
function pathIn(value: unknown, depth: number): readonly string[] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const fields = new Set(Object.keys(value).map(fieldOfKey));
  const isTimed = fields.has(fieldAt.EdgeEndTimestamp) || fields.has(fieldAt.EdgeStartTimestamp);
  if (isTimed && fields.has(fieldAt.EdgeResponseStatus)) return [];
  if (depth === 0) return undefined;
  for (const [key, member] of Object.entries(value)) {
    const path = pathIn(member, depth - 1);
    if (path !== undefined) return [key, ...path];
  }
  return undefined;
}
