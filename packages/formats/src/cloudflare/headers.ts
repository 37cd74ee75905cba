import { textOf, type Values } from './values.ts';

/** What is longer, or holds more, is no map of headers that somebody chose to log. */
const longest = 64 * 1024;
const mostHeaders = 256;

const none: ReadonlyMap<string, string> = new Map();

/**
 * The headers of a map such as `ResponseHeaders`, by their names in lower case. Custom fields of a zone decide which are
 * logged; without any the map is empty.
 */
export function headersOf(values: Values, field: number): ReadonlyMap<string, string> {
  const text = textOf(values, field);
  if (text === undefined || text.length > longest || text === '{}') return none;
  const entries = Object.entries(objectIn(text)).slice(0, mostHeaders);
  return new Map(
    entries.flatMap(([name, value]) => (typeof value === 'string' ? [[name.toLowerCase(), value]] : [])),
  );
}

function objectIn(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
