/** An HTTP answer as somebody saved it. */
export interface SavedAnswer {
  readonly status: number | undefined;
  /** By name in small letters; of a field that comes several times, all values. Empty where only a page was saved. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: string;
}

/** Pages of errors are small; what an application sends beside them may not be. */
const longestText = 256 * 1024;
const mostHeaderLines = 400;
const longestValue = 4_096;

/** `HTTP/1.1 502 Bad Gateway`, `HTTP/2 502`; curl -v puts `< ` before it, wget -S spaces. */
const statusLine = /^[<\s]{0,4}HTTP\/\d(?:\.\d)? (\d{3})(?: |$)/;

/** A header field; `:status` is how HTTP/2 spells the status. */
const field = /^[<\s]{0,4}(:?[A-Za-z][A-Za-z0-9-]{0,60}): ?(.*)$/;

/** What developer tools show above the fields: `Status Code`, with the value behind it or on the next line. */
const statusField = /^status(?: code)?:?\s*(?:HTTP\/\d\S* )?(\d{3})\b/i;

/** Headings of developer tools, and fields of theirs that are none of the answer; behind a colon the value is on the next line. */
const label =
  /^(?:general|(?:response )?headers|summary|response|request (?:url|method)|remote address|referrer policy)\b.{0,20}$/i;

/** What curl -v says beside the answer. */
const talk = /^(?:\* |> |>$|[{}] \[|} ?$)/;

/** Fields by one of which a block of `name: value` is known to be the header of an answer, and no prose. */
const known =
  /^(?:server|date|content-(?:type|length|encoding)|cf-[a-z-]+|via|x-[a-z-]+|cache-control|connection|transfer-encoding|:status|status|retry-after|alt-svc|vary|set-cookie)$/;

/**
 * Takes what was saved apart: headers as of `curl -i`, `curl -v`, `wget -S` or the tools of a browser, a body, or both.
 * Of several answers, as after redirects or through a proxy, the last counts. Any text is a body.
 */
export function savedAnswer(bytes: Uint8Array): SavedAnswer {
  const lines = textOf(bytes).split(/\r?\n|\r/);
  const isTalk = lines.slice(0, mostHeaderLines).some((line) => /^< HTTP\//.test(line));
  const block = headerBlock(lines, lastAnswer(lines), isTalk);
  const rest = lines.slice(block?.to ?? 0);
  const body = (isTalk ? rest.filter((line) => !talk.test(line)) : rest).join('\n').trim();
  return { status: block?.status, headers: block?.headers ?? new Map(), body };
}

/** Where the last answer begins: behind a status line comes a field, or nothing. */
function lastAnswer(lines: readonly string[]): number {
  const at = lines.findLastIndex(
    (line, i) => statusLine.test(line) && (isBlank(lines[i + 1] ?? '') || field.test(lines[i + 1]!)),
  );
  return Math.max(at, 0);
}

function isBlank(line: string): boolean {
  return /^[<\s]*$/.test(line);
}

interface HeaderBlock {
  readonly status: number | undefined;
  readonly headers: Map<string, string[]>;
  readonly to: number;
}

/** The block of header lines from there on; undefined where the body begins. */
function headerBlock(lines: readonly string[], from: number, isTalk: boolean): HeaderBlock | undefined {
  const headers = new Map<string, string[]>();
  let status: number | undefined;
  let at = from;
  let isKnown = false;
  while (at < lines.length && (lines[at]!.trim() === '' || (isTalk && talk.test(lines[at]!)))) at++;
  for (; at < lines.length && at - from < mostHeaderLines; at++) {
    const line = lines[at]!;
    if (isTalk && talk.test(line)) continue;
    if (isBlank(line)) break;
    const stated = statusLine.exec(line) ?? statusField.exec(line);
    const next = lines[at + 1] ?? '';
    const said =
      stated === null && /^status code:?$/i.test(line.trim()) ? /^\d{3}\b/.exec(next.trim()) : null;
    const found = field.exec(line);
    if (stated !== null && (status === undefined || !statusLine.test(line))) {
      status = Number(stated[1]);
      isKnown = true;
    } else if (said !== null) {
      status = Number(said[0]);
      isKnown = true;
      at++;
    } else if (stated !== null) break;
    else if (label.test(line.trim())) {
      if (/:$/.test(line.trim())) at++;
    } else if (found === null) break;
    else {
      const name = found[1]!.toLowerCase();
      const isSplit = found[2] === '' && isKnownField(name) && next.trim() !== '' && !field.test(next);
      const value = (isSplit ? next : found[2]!).trim().slice(0, longestValue);
      if (isSplit) at++;
      isKnown ||= isKnownField(name);
      if (name === ':status') status = Number(/^\d{3}/.exec(value)?.[0] ?? Number.NaN) || status;
      const values = headers.get(name);
      if (values === undefined) headers.set(name, [value]);
      else values.push(value);
    }
  }
  return isKnown ? { status, headers, to: at } : undefined;
}

/** A page may hold `note: text`, but none of it is the name of a header. */
function isKnownField(name: string): boolean {
  return known.test(name);
}

/** UTF-16 is what a shell of Windows writes into a file. */
function textOf(bytes: Uint8Array): string {
  const kept = bytes.subarray(0, longestText);
  const isWide = kept[0] === 0xff && kept[1] === 0xfe;
  return new TextDecoder(isWide ? 'utf-16le' : 'utf-8').decode(kept);
}
