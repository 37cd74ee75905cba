import { type Result, type Summary, visible } from '@why502/model';
import { incidentObject } from './incident-object.ts';
import { summaryObject } from './summary-object.ts';
import { trafficObject } from './traffic-object.ts';
import { verdictObject } from './verdict-object.ts';

/**
 * A result as JSON, without a line break at the end. Traffic holds many rows and becomes a line for each.
 * The fields are those of `result.schema.json`, always all of them and in its order.
 */
export function resultLine(result: Result): string {
  switch (result.kind) {
    case 'verdict':
      return jsonLine(verdictObject(result.verdict));
    case 'incident':
      return jsonLine(incidentObject(result.incident));
    case 'traffic':
      return result.rows.map((row) => jsonLine(trafficObject(row))).join('\n');
    default:
      return result satisfies never;
  }
}

/** The summary of a run as JSON, without a line break at the end. */
export function summaryLine(summary: Summary): string {
  return jsonLine(summaryObject(summary));
}

/**
 * Letters beyond ASCII, DEL, and what JSON has escaped: where none of them stands in a line, every value in it is visible.
 * Quotes and backslashes are escaped as well, and are seen.
 */
const mayBeUnseen = /[^ -~]|\\[^"\\]/;

/**
 * Makes every value visible before JSON escapes it. JSON's own escapes would be enough for this line, but they are
 * undone by whoever reads it, and the next program may print the value to a terminal. To hand JSON a function for each
 * value takes three times as long, so that it is done only where the line shows that it is needed.
 */
export function jsonLine(object: object): string {
  const line = JSON.stringify(object);
  if (!mayBeUnseen.test(line)) return line;
  return JSON.stringify(object, (_, value: unknown) => (typeof value === 'string' ? visible(value) : value));
}
