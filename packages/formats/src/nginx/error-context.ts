/** What stands behind the message of an error line about a request. */
export interface ErrorContext {
  readonly client: string | undefined;
  readonly server: string | undefined;
  readonly request: string | undefined;
  readonly subrequest: string | undefined;
  readonly scheme: string | undefined;
  readonly peer: string | undefined;
  readonly host: string | undefined;
  /** A quote was not closed: the line was cut. */
  readonly isOpen: boolean;
}

/**
 * Reads `, client: …, server: …, request: "…", subrequest: "…", upstream: "…", host: "…", referrer: "…"`. nginx escapes
 * nothing here (ngx_http_log_error_handler), so a client can write quotes and whole fields into its request, host and
 * referrer. The fields before the request cannot be forged; of the upstream the last one before the last host counts.
 */
export function contextOf(text: string): ErrorContext {
  const client = /^, client: ([^\s,]*)/.exec(text)?.[1];
  const server =
    /^, client: [^,]*, server: (.*?)(?:, (?:request|login|upstream|host): |,(?: [a-z]*:?)?$|$)/s.exec(
      text,
    )?.[1];
  const requestAt = text.indexOf(', request: "');
  const hostAt = text.lastIndexOf('", host: "');
  const beforeHost = hostAt < 0 ? text.length : hostAt + 1;
  let upstreamAt = text.lastIndexOf('", upstream: "', beforeHost);
  if (upstreamAt < requestAt) upstreamAt = -1;
  let upstream = quoted(text, upstreamAt, '", upstream: "', ['", host: "', '", referrer: "']);
  if (upstream !== undefined && / HTTP\/\d\.\d$/.test(upstream.value)) {
    // A URI sent to a peer has no protocol behind it: this is the end of a request line that forges the field.
    upstream = undefined;
    upstreamAt = -1;
  }
  const request = quoted(
    text,
    requestAt,
    ', request: "',
    [...(upstreamAt >= 0 ? [] : ['", host: "', '", referrer: "'])],
    upstreamAt,
  );
  const subrequestAt = request === undefined ? -1 : request.value.indexOf('", subrequest: "');
  const host = quoted(text, hostAt, '", host: "', ['", referrer: "']);
  const requestLine = subrequestAt < 0 ? request?.value : request?.value.slice(0, subrequestAt);
  const last = host ?? upstream ?? request;
  return {
    client: presence(client),
    server: presence(server),
    request: presence(requestLine),
    subrequest: subrequestAt < 0 ? undefined : request?.value.slice(subrequestAt + '", subrequest: "'.length),
    ...peerOf(upstream?.value, requestLine),
    host: presence(host?.value),
    isOpen: last?.closed === false || (request !== undefined && !text.endsWith('"')),
  };
}

interface Quoted {
  readonly value: string;
  readonly closed: boolean;
}

/** The value behind `opening` at `at`, up to the last `until` or the first of the closings or the end of the line. */
function quoted(
  text: string,
  at: number,
  opening: string,
  closings: readonly string[],
  until = -1,
): Quoted | undefined {
  if (at < 0) return undefined;
  const from = at + opening.length;
  const ends = closings.map((closing) => text.indexOf(closing, from)).filter((end) => end >= 0);
  const end = until >= 0 ? until : ends.length > 0 ? Math.min(...ends) : -1;
  if (end >= 0) return { value: text.slice(from, end), closed: true };
  const closed = text.endsWith('"') && text.length > from;
  const value = text.slice(from, closed ? -1 : text.length);
  // A line that was cut behind the quote shows the start of what would follow.
  return { value: closed ? value : value.replace(/",(?: [a-z]*:? ?)?$/, ''), closed };
}

function presence(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text;
}

/** Scheme and peer of `http://10.0.0.7:8080/path`; a unix socket ends at the colon behind its path. */
function peerOf(
  upstream: string | undefined,
  requestLine: string | undefined,
): { readonly scheme: string | undefined; readonly peer: string | undefined } {
  const parts = /^([a-z]+):\/\/(.*)$/s.exec(upstream ?? '');
  const rest = parts?.[2];
  if (rest === undefined) return { scheme: undefined, peer: undefined };
  const peer = rest.startsWith('unix:') ? socketOf(rest, requestLine) : /^[^/]*/.exec(rest)?.[0];
  return { scheme: parts?.[1], peer: presence(peer) };
}

/**
 * On a timeout nginx has let go of the peer's name, and the colon between the path and the URI is missing
 * (`unix:/p/x.sock/uri`): there the URI of the request, or the ending `.sock`, marks the end.
 */
function socketOf(text: string, requestLine: string | undefined): string {
  const colon = text.indexOf(':', 'unix:'.length);
  if (colon >= 0) return text.slice(0, colon);
  const target = /^\S+ (\S+)/.exec(requestLine ?? '')?.[1];
  if (target !== undefined && target !== '/' && text.endsWith(target)) return text.slice(0, -target.length);
  return /^unix:.*?\.sock(et)?(?=\/|$)/.exec(text)?.[0] ?? text.replace(/\/$/, '');
}
