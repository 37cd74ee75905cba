const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const lineBreak = 0x0a;
const openingBrace = 0x7b;
const closingBrace = 0x7d;
const openingBracket = 0x5b;
const closingBracket = 0x5d;

/** A first record that is longer than this makes a document: lines of logs are shorter. */
export const longestHead = 64 * 1024;
/** No document that holds records nests them deeper. */
const deepest = 32;

/**
 * How the text that begins so holds its records. `lines`: each in its line, or no JSON at all. `document`: JSON whose values
 * do not end with their lines, such as an array, objects that are printed over several lines, or one after the other.
 * `list`: the same with commas between, but no brackets around. Undefined where more of it must be seen.
 */
export function shapeOf(head: Uint8Array, isAll: boolean): 'lines' | 'document' | 'list' | undefined {
  const unsure = isAll ? 'lines' : undefined;
  const at = afterBlanks(head, afterMark(head));
  if (at === head.length) return head.length < longestHead ? unsure : 'lines';
  if (head[at] === openingBracket) {
    // A line of text may begin with a bracket, too.
    const first = afterBlanks(head, at + 1);
    if (first === head.length) return unsure;
    return head[first] === openingBrace || head[first] === openingBracket ? 'document' : 'lines';
  }
  if (head[at] !== openingBrace) return 'lines';
  const end = endOfValue(head, at);
  if (end === 'broken') return 'document';
  if (end === 'damaged') return 'lines';
  if (end === undefined) return head.length >= longestHead ? 'document' : unsure;
  return shapeBehind(head, at, end, isAll);
}

/** The shape by what follows the first value, which stands in [from, end). */
function shapeBehind(head: Uint8Array, from: number, end: number, isAll: boolean) {
  let next = end;
  while (next < head.length && head[next] !== lineBreak && head[next]! <= 0x20) next++;
  if (head[next] === comma) return 'list';
  if (head[next] === openingBrace || head[next] === openingBracket) return 'document';
  // An answer of an API is a single line that holds a list of objects; a log has more lines, or is one record.
  next = afterBlanks(head, next);
  if (next < head.length) return 'lines';
  if (!isAll) return undefined;
  return holdsObjects(head.subarray(from, end)) ? 'document' : 'lines';
}

function holdsObjects(value: Uint8Array): boolean {
  return /\[\s*\{/.test(Buffer.from(value).toString('latin1'));
}

/**
 * Behind the value at `from`; `broken` where a line ends inside of it and it goes on as it must in the next, `damaged` where
 * it does not, undefined where neither shows.
 */
function endOfValue(head: Uint8Array, from: number): number | 'broken' | 'damaged' | undefined {
  const open: number[] = [];
  let before = 0;
  for (let at = from; at < head.length; at++) {
    const byte = head[at]!;
    if (byte === lineBreak) return goesOn(head, at, before, open.at(-1));
    if (byte <= 0x20) continue;
    before = byte;
    if (byte === quote) {
      at = stringEnd(head, at + 1);
      if (at < 0) return 'damaged';
      if (at >= head.length) return undefined;
    } else if (byte === openingBrace || byte === openingBracket) {
      open.push(byte);
      if (open.length > deepest) return 'damaged';
    } else if (byte === closingBrace || byte === closingBracket) {
      open.pop();
      if (open.length === 0) return at + 1;
    }
  }
  return undefined;
}

/** Whether what follows a line break inside a value is what must follow there: a line that was cut is no document. */
function goesOn(head: Uint8Array, from: number, before: number, inside: number | undefined) {
  const at = afterBlanks(head, from);
  if (at === head.length) return undefined;
  const byte = head[at]!;
  if (inside === openingBrace && (before === openingBrace || before === comma))
    return byte === quote || byte === closingBrace ? 'broken' : 'damaged';
  if (inside === openingBracket || before === colon) return 'broken';
  return byte === comma || byte === closingBrace || byte === colon ? 'broken' : 'damaged';
}

/** The quote that ends a string; behind the bytes where it is not there yet, -1 where a line break stands before it. */
function stringEnd(head: Uint8Array, from: number): number {
  let at = from;
  for (; at < head.length && head[at] !== quote; at++) {
    if (head[at] === lineBreak) return -1;
    if (head[at] === backslash) at++;
  }
  return at;
}

function afterBlanks(head: Uint8Array, from: number): number {
  let at = from;
  while (at < head.length && head[at]! <= 0x20) at++;
  return at;
}

/** Behind the mark of UTF-8 that some programs put in front. */
function afterMark(head: Uint8Array): number {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
}
