/** Numbers from 0 to 1, the same in every run. */
export type Random = () => number;

type Mutation = (line: Buffer, random: Random, other: Buffer) => Buffer;

/** Pieces that mean something to one format or another. */
const tokens: readonly string[] = [
  ...[
    '"',
    '\\"',
    '\\',
    '\\x22',
    '\\u0000',
    "'",
    '[',
    ']',
    '{',
    '}',
    '{{',
    ':',
    ',',
    ', ',
    ' : ',
    ' - ',
    '-',
    '=',
    '\t',
    '|',
  ],
  ...[
    '\n',
    '\r\n',
    '\r',
    '\0',
    '\0\0\0\0',
    '\u001b[31m',
    '\ufeff',
    '" 502 ',
    ' 200 ',
    '"status":',
    '"time":"',
    '__proto__',
  ],
  ...[
    ', client: ',
    ', request: "',
    '", upstream: "',
    '", host: "',
    ' while ',
    '(111: ',
    ' [error] 7#7: *4 ',
    '2026/11/23 06:58:59 ',
  ],
  ...[
    '[23/Nov/2026:06:58:59 +0530] ',
    'stdout P ',
    '{"log":"',
    '<190>',
    '1e309',
    '99999999999999999999',
    '0.0001',
    '٣',
  ],
];

const mutations: readonly Mutation[] = [
  // Any byte
  (line, random) => {
    const changed = Buffer.from(line);
    for (let times = 1 + int(random, 4); times > 0 && changed.length > 0; times--)
      changed[int(random, changed.length)] = int(random, 256);
    return changed;
  },
  // Cut at either end
  (line, random) => line.subarray(0, int(random, line.length + 1)),
  (line, random) => line.subarray(int(random, line.length + 1)),
  // Without a piece, and with one twice
  (line, random) => {
    const [from, to] = span(random, line.length);
    return Buffer.concat([line.subarray(0, from), line.subarray(to)]);
  },
  (line, random) => {
    const [from, to] = span(random, line.length);
    return Buffer.concat([line.subarray(0, to), line.subarray(from)]);
  },
  // With a token in it
  (line, random) => insert(line, int(random, line.length + 1), Buffer.from(pick(random, tokens))),
  (line, random) =>
    insert(
      line,
      int(random, line.length + 1),
      Buffer.from(pick(random, tokens).repeat(1 + int(random, 200))),
    ),
  // Bytes that are no UTF-8: alone, overlong, half a surrogate
  (line, random) =>
    insert(
      line,
      int(random, line.length + 1),
      pick(
        random,
        [[0x80], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xff, 0xfe]].map((bytes) => Buffer.from(bytes)),
      ),
    ),
  // The start of one line with the end of another
  (line, random, other) =>
    Buffer.concat([
      line.subarray(0, int(random, line.length + 1)),
      other.subarray(int(random, other.length + 1)),
    ]),
  // A field that is longer than any buffer of nginx
  (line, random) =>
    insert(
      line,
      int(random, line.length + 1),
      Buffer.alloc(
        int(random, pick(random, [30, 300, 300, 20_000])),
        pick(random, ['a', ' ', '"', '\\', '[', '/', '%0A', ', ']),
      ),
    ),
];

/** A line that was changed one to three times. */
export function mutated(line: Buffer, random: Random, other: Buffer): Buffer {
  let changed = line;
  for (let times = 1 + int(random, 3); times > 0; times--)
    changed = pick(random, mutations)(changed, random, other);
  return changed;
}

export function int(random: Random, below: number): number {
  return Math.floor(random() * below);
}

export function pick<T>(random: Random, from: readonly T[]): T {
  return from[int(random, from.length)]!;
}

function span(random: Random, length: number): readonly [number, number] {
  const from = int(random, length + 1);
  return [from, from + int(random, Math.min(200, length - from + 1))];
}

function insert(line: Buffer, at: number, piece: Buffer): Buffer {
  return Buffer.concat([line.subarray(0, at), piece, line.subarray(at)]);
}
