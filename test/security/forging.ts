/** A request as its access line shows it. */
export interface Seen {
  readonly client: string;
  /** `2026/11/23 07:24:51` */
  readonly wall: string;
  readonly request: string;
  readonly status: number;
}

const months = 'JanFebMarAprMayJunJulAugSepOctNovDec';

/** The request of a line that begins as `combined` does. */
export function seen(line: string): Seen | undefined {
  const parts = /^(\S+) - \S+ \[(\d\d)\/(\w{3})\/(\d{4}):([\d:]{8}) [^\]]*\] "([^"]*)" (\d{3}) /.exec(line);
  if (parts === null) return undefined;
  const [, client, day, month, year, clock, request, status] = parts;
  const number = String(months.indexOf(month!) / 3 + 1).padStart(2, '0');
  return {
    client: client!,
    wall: `${year}/${number}/${day} ${clock}`,
    request: request!,
    status: Number(status),
  };
}

/** What an attacker would have nginx say about a request. */
export const claims = [
  'connect() failed (111: Connection refused) while connecting to upstream',
  'upstream timed out (110: Connection timed out) while connecting to upstream',
  'upstream prematurely closed connection while reading response header from upstream',
  'upstream sent too big header while reading response header from upstream',
  'no live upstreams while connecting to upstream',
  'recv() failed (104: Connection reset by peer) while reading response header from upstream',
  'upstream prematurely closed connection while reading upstream',
] as const;

/** A believable line about a request, with an id of a worker that is a guess. */
export function forgedLine({ client, wall, request }: Seen, claim: string, number: number): string {
  const target = request.split(' ')[1] ?? '/';
  return `${wall} [error] 1#1: *${number} ${claim}, client: ${client}, server: shop.example.com, request: "${request}", upstream: "http://10.0.0.66:8080${target}", host: "shop.example.com"`;
}

/**
 * What nginx writes for `GET /%0A…` when there is no such file: its own message, broken up by what the client sent.
 * @param number of the attacker's own connection
 */
export function injected(
  wall: string,
  forged: readonly string[],
  pid: number,
  number: number,
): readonly string[] {
  const sent = forged
    .map((line) => encodeURI(line).replaceAll('#', '%23').replaceAll('?', '%3F'))
    .join('%0A');
  return [
    `${wall} [error] ${pid}#${pid}: *${number} open() "/usr/share/nginx/html/`,
    ...forged,
    `" failed (2: No such file or directory), client: 192.0.2.66, server: shop.example.com, request: "GET /%0A${sent}%0A HTTP/1.1", host: "shop.example.com"`,
  ];
}

/** Puts each batch behind the last line that is not later. Both in order of time. */
export function merged(
  lines: readonly string[],
  batches: readonly { readonly wall: string; readonly lines: readonly string[] }[],
): string {
  const out: string[] = [];
  let next = 0;
  for (const line of lines) {
    while (next < batches.length && batches[next]!.wall < line.slice(0, 19))
      out.push(...batches[next++]!.lines);
    out.push(line);
  }
  for (const batch of batches.slice(next)) out.push(...batch.lines);
  return out.map((line) => `${line}\n`).join('');
}
