/** Sequences of terminals, as bytes or as programs spell them when they show them: `\x1b[31m`, `^[[0m`. */
const escapes =
  /(?:\u001b|\u009b|\^\[|\\x1b|\\033|\\u001b|\\e)\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/gi;

const entities: Readonly<Record<string, string>> = {
  quot: '"',
  '#34': '"',
  '#x22': '"',
  apos: "'",
  '#39': "'",
  '#x27': "'",
  lt: '<',
  gt: '>',
  nbsp: ' ',
  '#160': ' ',
  amp: '&',
};

/** Tags that chats, mails and pages wrap around code; others may be what somebody wrote in place of an address. */
const tags =
  /<\/?(?:br|p|div|span|code|pre|li|ul|ol|td|tr|table|tbody|blockquote|b|i|em|strong|font|samp|kbd|tt)(?:\s[^<>]*)?\/?>/gi;

/** Letters that editors put in the place of plain ones. */
const typography: readonly (readonly [RegExp, string])[] = [
  [/[\u201c\u201d\u201e\u2033]/g, '"'],
  [/[\u2018\u2019]/g, "'"],
  [/[\u00a0\u2007\u202f\t]/g, ' '],
  [/[\u200b-\u200f\u2060\ufeff\u00ad]/g, ''],
];

/** Decoration of a quoted line, or of a line in a list. */
const decoration = /^(?:\s*>)+\s?|^\s*[-*\u2022\u00b7]\s+|^\s*```\w*\s*$|^(?=\s*`[^`])\s*`+/;

/**
 * One line of what somebody pasted, without what the way from the log to here added: colours of a terminal, tags and
 * entities of a page, marks of a quotation, quotes that JSON escaped.
 */
export function undress(line: string): string {
  let text = line.replace(escapes, '').replace(tags, '');
  if (text.includes('&')) {
    text = text.replace(/&(#?\w{2,5});/g, (whole, name: string) => entities[name.toLowerCase()] ?? whole);
  }
  for (const [letters, plain] of typography) text = text.replace(letters, plain);
  // An object is undone as a whole, by its reader.
  if (!/^\s*\{/.test(text) && /(?:request|upstream|host|referrer): \\"/.test(text)) text = unescaped(text);
  text = text.replace(decoration, '');
  return text
    .replace(/`+\s*$/, '')
    .replace(/\s+$/, ' ')
    .replace(/^ $/, '');
}

/** What JSON escaped, where a line was copied out of it: `\"`, `\/`, `\u0026`. */
function unescaped(text: string): string {
  return text
    .replace(/\\u00([0-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\(["\\/])/g, '$1');
}
