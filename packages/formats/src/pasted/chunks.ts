import { type Anchor, anchorOf } from './anchor.ts';
import { readPastedError } from './error-text.ts';
import { actions, stems } from './message-words.ts';
import { undress } from './undress.ts';

/** Consecutive lines of a paste that are one line of a log, or one line that is none. */
export interface Chunk {
  readonly kind: Anchor['kind'] | 'other';
  /** Lines of the paste, counted from 1. */
  readonly first: number;
  readonly last: number;
  /** The line of the log, whole again, from where it begins. */
  readonly text: string;
}

/** nginx cuts at 2,048 bytes, OpenResty at 4,096 and access lines have no end; longer ones were not pasted by a person. */
const longestLine = 16_384;
const mostParts = 60;

/** Shorter lines are not broken by a terminal. */
const narrowestTerminal = 60;

/** What can only stand inside an error line. */
const goesOn =
  /^\s*(?:,\s*)?(?:(?:client|server|request|subrequest|upstream|host|referrer): |while (?:connecting|reading|sending|SSL|resolving)|\(\d{1,5}: |HTTP\/\d)/;
const laterField = /, (?:server|request|upstream|host|referrer): /;

/** A line of a load balancer, which has its status before the request, and fields behind what the client sent. */
const ofBalancer = /^(?:https?|h2|grpcs|wss?) \d{4}-/;
const balancerGoesOn =
  /^\s*(?:"|-|[A-Z0-9-]{8,} TLSv1|TLSv1|arn:aws|Root=|\d{4}-\d\d-\d\dT|TID_|\S+:targetgroup\/)/;

/** A line of cloudflared; its fields are `name=value`. */
const ofConnector = /^(?:\d{4}-\S{10,18}Z )?(?:ERR|WRN|INF|DBG|FTL) /;

/** Words of nginx: where a break falls beside one, it fell at a space. */
const words: ReadonlySet<string> = new Set([
  ...[...actions, ...stems].flatMap((text) => text.split(' ')),
  ...['client:', 'server:', 'request:', 'upstream:', 'host:', 'referrer:', 'while', 'GET', 'POST'],
]);

/** Puts the lines of a log together again that a terminal, a mail or a page broke. */
export function chunksOf(paste: string): readonly Chunk[] {
  const lines = paste.split(/\r?\n|\r/).map((line) => undress(line.slice(0, longestLine)));
  const widest = Math.max(...lines.map((line) => line.length));
  const chunks: Chunk[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at]!;
    const anchor = anchorOf(line);
    const { text, taken } =
      anchor === undefined ? { text: line, taken: 1 } : joined(lines, at, anchor, widest);
    if (text.trim() !== '') {
      chunks.push({ kind: anchor?.kind ?? 'other', first: at + 1, last: at + taken, text: text.trimEnd() });
    }
    at += taken;
  }
  return chunks;
}

function joined(
  lines: readonly string[],
  from: number,
  anchor: Anchor,
  widest: number,
): { readonly text: string; readonly taken: number } {
  const prefix = lines[from]!.slice(0, anchor.at);
  let text = lines[from]!.slice(anchor.at);
  let broken = lines[from]!.length;
  let taken = 1;
  for (; from + taken < lines.length && taken < mostParts && text.length < longestLine; taken++) {
    const line = lines[from + taken]!;
    const next = prefix.trim() !== '' && line.startsWith(prefix) ? line.slice(prefix.length) : line;
    if (next.trim() === '' || anchorOf(next)?.at === 0) break;
    const hard = broken >= narrowestTerminal && broken >= widest - 1;
    const whole = text.startsWith('{') ? `${text} ${next.trim()}` : seam(text, next, hard);
    if (!(anchor.kind === 'error' ? belongs(text, next, whole) : isOpenAccess(text, next))) break;
    text = whole;
    broken = line.length;
  }
  // What looked like an object and never closed is one line of something else.
  return text.startsWith('{') && !isJson(text) ? { text: lines[from]!, taken: 1 } : { text, taken };
}

/** The next line is part of this error line. */
function belongs(text: string, next: string, whole: string): boolean {
  if (/[,\\]\s*$/.test(text) || hasOpenQuote(text) || goesOn.test(next)) return true;
  if (laterField.test(next) && !anchorOf(next)) return true;
  const before = readPastedError(text, '', 1).record;
  if (before.client !== undefined || before.requestLine !== undefined) return false;
  const after = readPastedError(whole, '', 1);
  if (before.symptom !== 'other' && before.action === undefined)
    return after.record.action !== undefined && after.assumedAction === undefined;
  return before.symptom === 'other' && after.record.symptom !== 'other';
}

/** The request or the status of an access line is still to come, or an object is not closed. */
function isOpenAccess(text: string, next: string): boolean {
  if (text.startsWith('{')) return !isJson(text);
  if (ofBalancer.test(text))
    return hasOpenQuote(text) || text.split('"').length < 5 || balancerGoesOn.test(next);
  if (ofConnector.test(text)) return hasOpenQuote(text) || /^\s+\w+=/.test(next);
  return /\\\s*$/.test(text) || hasOpenQuote(text) || !/"\s+\d{3}\b|\] \d{3} /.test(text);
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function hasOpenQuote(text: string): boolean {
  return (text.split('"').length - 1) % 2 === 1;
}

/** Both parts, with the space between them that the break took away, if it took one. */
function seam(text: string, next: string, hard: boolean): string {
  if (/\\\s*$/.test(text)) return text.replace(/\\\s*$/, '') + next.trimStart();
  const left = text.trimEnd();
  const right = next.trimStart();
  const spaced = text !== left || next !== right || /[,:]$/.test(left) || goesOn.test(right);
  if (spaced || /^HTTP\/\d/.test(right)) return `${left} ${right}`;
  const before = /\S*$/.exec(left)?.[0] ?? '';
  const after = /^[^\s,]*/.exec(right)?.[0] ?? '';
  if (words.has(before + after)) return left + right;
  const atSpace = words.has(before) || words.has(after);
  return hasOpenQuote(left) || (hard && !atSpace) ? left + right : `${left} ${right}`;
}
