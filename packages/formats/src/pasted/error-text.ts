import type { ErrorRecord } from '@why502/model';
import { createNames } from '../names.ts';
import { errorFormat } from '../nginx/error-log.ts';
import { actions, fewestLetters, messageStart, stems, usualActions } from './message-words.ts';

/** An error line out of what was left of it. */
export interface PastedError {
  readonly record: ErrorRecord;
  /** The line tells its date and time. */
  readonly dated: boolean;
  /** What nginx was doing, where the line does not say and its message mostly means this. */
  readonly assumedAction: string | undefined;
}

interface Head {
  readonly date: string | undefined;
  readonly level: string | undefined;
  readonly pid: string | undefined;
  readonly connection: string | undefined;
  readonly body: string;
}

const headPattern =
  /^(?:(\d{4}\/\d\d\/\d\d)[ T]([\dA-Za-z*?:.]{5,12}) ?)?(?:\[(\w+)\] ?)?(?:(\d+)#\d+: ?)?(?:\*([\dXx*?]+) )?/;

/** Signs that somebody, or a page, left out the end. */
const cut =
  /\s*(?:\u2026|\[(?:\.\.\.|\u2026)\]|\(\.\.\.\)|(?<!\\x..)\.\.\.|<(?:snip|cut|truncated)>|\[(?:snip|cut|truncated)\])\s*$/i;

const hasContext = /, (?:client|context|server): /;

const noDate = '1970/01/01 00:00:00';

/** Reads the text of one error line, which begins at its head or at its message. */
export function readPastedError(text: string, file: string, line: number): PastedError {
  const isCut = cut.test(text);
  const whole = isCut ? text.replace(cut, '') : text;
  const head = headOf(whole);
  const body = finished(withoutProse(head.body));
  const { completed, assumedAction } = withAction(body, isCut);
  const level = head.level ?? 'error';
  const pid = head.pid ?? '0';
  const connection = head.connection === undefined ? '' : `*${head.connection} `;
  const tail = ` [${level}] ${pid}#0: ${connection}${completed}`;
  // A date such as 2023/13/45 is none.
  const asDated = head.date === undefined ? undefined : readAsLogged(head.date + tail, file, line);
  const read = asDated ?? readAsLogged(noDate + tail, file, line)!;
  const record: ErrorRecord = {
    ...read,
    level: head.level ?? '',
    pid: head.pid === undefined ? undefined : Number(head.pid),
    peer: read.peer ?? peerInMessage(read.message),
    truncated: read.truncated || isCut,
  };
  return { record, dated: asDated !== undefined, assumedAction };
}

function readAsLogged(text: string, file: string, line: number): ErrorRecord | undefined {
  const bytes = Buffer.from(text);
  const read = errorFormat.decoder(file, createNames()).read(bytes, 0, bytes.length, line);
  return 'kind' in read && read.kind === 'error_line' ? read : undefined;
}

function headOf(text: string): Head {
  const found = headPattern.exec(text)!;
  const [whole, day, time, level, pid, connection] = found;
  const dated = day !== undefined && /^\d\d:\d\d:\d\d$/.test(time ?? '');
  return {
    date: dated ? `${day} ${time}` : undefined,
    level,
    pid,
    connection: connection !== undefined && /^\d+$/.test(connection) ? connection : undefined,
    body: text.slice(whole.length),
  };
}

/** A message that goes on without the context of a request ends where its words do. */
function withoutProse(body: string): string {
  const trimmed = body.replace(/[\s'"`]*$/, (end) => (end.includes('"') ? '"' : ''));
  if (!messageStart.test(trimmed) || hasContext.test(trimmed)) return trimmed;
  for (const action of actions) {
    const at = trimmed.indexOf(` while ${action}`);
    if (at < 0) continue;
    const end = at + ' while '.length + action.length;
    if (/^[^A-Za-z0-9,]/.test(trimmed.slice(end))) return trimmed.slice(0, end);
  }
  return trimmed;
}

/** The whole message, where it breaks off in the middle of a word. */
function finished(body: string): string {
  if (body.length < fewestLetters) return body;
  return stems.find((stem) => stem.startsWith(body)) ?? body;
}

/** The action, finished where it was cut, or the one that such a message mostly means. */
function withAction(
  body: string,
  isCut: boolean,
): { readonly completed: string; readonly assumedAction: string | undefined } {
  const contextAt = body.search(hasContext);
  const message = contextAt < 0 ? body : body.slice(0, contextAt);
  const context = contextAt < 0 ? '' : body.slice(contextAt);
  const whileAt = message.lastIndexOf(' while ');
  if (whileAt >= 0) {
    const said = message.slice(whileAt + ' while '.length).trim();
    const [meant] = said === '' ? [] : actions.filter((action) => action.startsWith(said));
    if (contextAt < 0 && meant !== undefined && meant !== said) {
      return { completed: `${message.slice(0, whileAt)} while ${meant}`, assumedAction: undefined };
    }
    if (meant !== undefined || !isCut) return { completed: body, assumedAction: undefined };
  }
  const stem = message.replace(/ whil?e?\s*$| wh?$/, '');
  const usual = usualActions.find(([words]) => words.test(stem))?.[1];
  if (usual === undefined || whileAt >= 0) return { completed: body, assumedAction: undefined };
  return { completed: `${stem} while ${usual}${context}`, assumedAction: usual };
}

/** The peer of lines that have no `upstream:`: connecting outside of a request, and names that did not resolve. */
function peerInMessage(message: string): string | undefined {
  return (
    /^connect\(\) to (\S+) failed/.exec(message)?.[1] ??
    /^host not found in upstream "([^"]+)"/.exec(message)?.[1] ??
    /^(?:no resolver defined to resolve )(\S+)/.exec(message)?.[1] ??
    /^(\S+) could not be resolved/.exec(message)?.[1]
  );
}
