/** How a log escapes values: the `escape` parameter of a `log_format`; `json` also is how JSON itself does. */
export type Escaping = 'default' | 'json' | 'none';

const backslash = 0x5c;

/** The text of a logged value, its escapes undone; bytes that are no UTF-8 become U+FFFD. */
export function unescaped(bytes: Buffer, from: number, to: number, escaping: Escaping): string {
  if (escaping === 'none' || !holdsEscape(bytes, from, to)) return bytes.toString('utf8', from, to);
  return escaping === 'json' ? fromJson(bytes.toString('utf8', from, to)) : fromHex(bytes, from, to);
}

/** A native search would go on to the end of the buffer. */
function holdsEscape(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] === backslash) return true;
  return false;
}

/** `\xHH` to bytes. nginx writes no other escape, so any other backslash stays (ngx_http_log_escape). */
function fromHex(bytes: Buffer, from: number, to: number): string {
  const plain = Buffer.allocUnsafe(to - from);
  let length = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!;
    const hex =
      byte === backslash && bytes[at + 1] === 0x78 && at + 3 < to
        ? bytes.toString('latin1', at + 2, at + 4)
        : '';
    if (/^[0-9a-f]{2}$/i.test(hex)) {
      plain[length++] = Number.parseInt(hex, 16);
      at += 3;
      continue;
    }
    plain[length++] = byte;
  }
  return plain.toString('utf8', 0, length);
}

function fromJson(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, hex: string | undefined, char: string) =>
    hex === undefined ? (jsonControls[char] ?? char) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

const jsonControls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
