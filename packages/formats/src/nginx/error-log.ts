import {
  type Columns,
  type ErrorRecord,
  inLocalTime,
  instant,
  ofErrorLog,
  ofInterest,
  type RowRef,
} from '@why502/model';
import { lineHash } from '../line-hash.ts';
import { type LineFormat, type LineReading, lineFormat, type Misfit } from '../lines.ts';
import { timeErrorLog } from '../time.ts';
import { contextOf } from './error-context.ts';
import { symptomOf } from './messages.ts';

/** nginx cuts a line at 2048 bytes with its line break (NGX_MAX_ERROR_STR), OpenResty at 4096. */
const cutLength = 2047;
const longestRecord = 4096;
/** What is longer comes from no nginx; its beginning tells what can be told. */
const longestText = 8192;
const dateLength = 19;

/** The nginx error log: `2026/11/23 06:58:59 [error] 12#12: *43 message, client: …`. */
export const errorFormat: LineFormat = lineFormat('nginx error log', 'nginx_error', () => reading);

const reading: LineReading = { scan, read, mayGoOn, goesOn };

/** ", client: " begins the context that ends every line about a request. */
const contextStart = Buffer.from(', client: ');

function scan(bytes: Buffer, from: number, to: number, into: Columns, row: number): Misfit | undefined {
  const misfit = misfitOf(bytes, from, to);
  if (misfit !== undefined) return misfit;
  into.at[row] = timeErrorLog(bytes, from, from + dateLength);
  into.status[row] = 0;
  into.host[row] = 0;
  into.service[row] = 0;
  into.peer[row] = 0;
  into.route[row] = 0;
  into.duration[row] = -1;
  into.connect[row] = -1;
  into.flags[row] = ofInterest | ofErrorLog | inLocalTime;
  return undefined;
}

/** Bodies of FastCGI's stderr and Lua's traces hold line breaks, and the context comes behind the last of them. */
function mayGoOn(bytes: Buffer, from: number, to: number): boolean {
  return (
    to - from < longestRecord &&
    misfitOf(bytes, from, to) === undefined &&
    !bytes.subarray(from, to).includes(contextStart)
  );
}

function goesOn(bytes: Buffer, from: number, to: number): boolean {
  return !isDated(bytes, from, to);
}

/** A cheap first look at the date of an error line; no access log begins so. */
export function looksDated(bytes: Buffer, from: number): boolean {
  return bytes[from + 4] === 0x2f && bytes[from + 7] === 0x2f && bytes[from + 10] === 0x20;
}

export function isErrorLine(bytes: Buffer, from: number, to: number): boolean {
  return misfitOf(bytes, from, to) === undefined;
}

function isDated(bytes: Buffer, from: number, to: number): boolean {
  return to - from > dateLength && !Number.isNaN(timeErrorLog(bytes, from, from + dateLength));
}

/** Cheap test of ` [level] pid#tid: ` behind the date. */
function misfitOf(bytes: Buffer, from: number, to: number): Misfit | undefined {
  if (!isDated(bytes, from, to)) return { reason: 'does_not_fit', column: 0 };
  const fits = bytes[from + dateLength] === 0x20 && bytes[from + dateLength + 1] === 0x5b;
  return fits ? undefined : { reason: 'does_not_fit', column: dateLength };
}

function read(bytes: Buffer, from: number, to: number, row: RowRef): ErrorRecord | Misfit {
  const misfit = misfitOf(bytes, from, to);
  if (misfit !== undefined) return misfit;
  const textTo = Math.min(to, from + longestText);
  const text = bytes.toString('utf8', from + dateLength, textTo);
  const head = /^ \[(\w+)\](?: (\d+)#\d+:)?(?: \*(\d+))? ?/.exec(text);
  const body = text.slice(head?.[0].length ?? 0);
  const contextAt = body.indexOf(', client: ');
  const message = contextAt < 0 ? body : body.slice(0, contextAt);
  const context = contextOf(contextAt < 0 ? '' : body.slice(contextAt));
  const action = /^ while ([A-Za-z0-9/ ]+)(?:, resolver: \S+)?$/.exec(
    message.slice(message.lastIndexOf(' while ')),
  )?.[1];
  // The last one: in front of it stand names of files and hosts, which clients choose.
  const errno = [...message.matchAll(/\((\d{1,5}): /g)].at(-1)?.[1];
  const level = head?.[1] ?? '';
  return {
    kind: 'error_line',
    row,
    lineHash: lineHash(bytes, from, to),
    wall: instant(timeErrorLog(bytes, from, from + dateLength)),
    zoneOffsetMin: undefined,
    level,
    pid: head?.[2] === undefined ? undefined : Number(head[2]),
    connection: head?.[3],
    symptom: symptomOf({
      message,
      action,
      errno: errno === undefined ? undefined : Number(errno),
      level,
      unix: context.peer?.startsWith('unix:') === true || /^connect\(\) to unix:/.test(message),
    }),
    message,
    action,
    client: context.client,
    server: context.server,
    requestLine: context.request,
    subrequest: context.subrequest,
    scheme: context.scheme,
    peer: context.peer,
    host: context.host,
    truncated: textTo < to || context.isOpen || (to - from >= cutLength && !text.endsWith('"')),
    ...(head?.[3] === undefined ? {} : brokenUp(body, contextAt)),
  };
}

/** nginx decodes the path that it quotes in a message, and leaves the request line behind it as it came. */
function brokenUp(body: string, contextAt: number): Pick<ErrorRecord, 'broken'> {
  // An open quotation: the line ends in the middle of what it quotes.
  if (contextAt < 0) return (body.split('"').length - 1) % 2 === 1 ? { broken: 'begun' } : {};
  const requestAt = body.lastIndexOf(', request: "');
  return requestAt >= 0 && /%0[ad]/i.test(body.slice(requestAt)) ? { broken: 'ended' } : {};
}
