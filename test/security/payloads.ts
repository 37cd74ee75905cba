/** What a terminal acts on or a reader is led astray by, as the text that a client would send: more than 200. */
export const payloads: readonly string[] = [
  ...range(0x01, 0x1f)
    .filter((code) => code !== 0x0a)
    .map(letter),
  ...range(0x7f, 0x9f).map(letter),
  ...[0xad, 0x34f, 0x61c, 0x180e, ...range(0x200b, 0x200f), ...range(0x2028, 0x202e)].map(letter),
  ...[...range(0x2060, 0x206f), 0xfeff, ...range(0xfff9, 0xfffb), 0xe0001, 0xe0041, 0x3164, 0x115f].map(
    letter,
  ),
  ...range(0x40, 0x7e).map((final) => `\u001b[1;2${letter(final)}`),
  ...range(0x30, 0x3f).map((final) => `\u001b${letter(final)}`),
  ...range(0x40, 0x4f).map((final) => `\u009b${letter(final)}`),
  ...['0;owned', '8;;https://evil.test', '52;c;cm0gLXJmIC8=', '1337;File=:AAAA', '777;notify;a;b'].flatMap(
    (text) => [`\u001b]${text}\u0007`, `\u001b]${text}\u001b\\`, `\u009d${text}\u009c`],
  ),
  '\u001bPq#0;2;0;0;0\u001b\\',
  '\u001b_Gf=100;AAAA\u001b\\',
  '\u001b^private\u001b\\',
  'shown\rForged',
  'a\b\b\bForged',
  '\u202egnp.exe',
];

/** What of it must not come through. Line breaks and the spaces of tables are the output's own. */
export const acting = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

function letter(code: number): string {
  return String.fromCodePoint(code);
}
