import {
  type Attempt,
  type ErrorRecord,
  type HopSource,
  hopOf,
  type Millis,
  type RequestRecord,
  redactName,
  redactTarget,
  redactText,
  type StoryRow,
} from '@why502/model';

/** Names of the hops whose logs are read. */
export const hopNames: Readonly<Record<HopSource, string>> = {
  cloudflare: 'Cloudflare',
  alb: 'load balancer',
  nginx: 'nginx',
  other: 'another hop',
};

/** Whose row it is: `Cloudflare (FRA)`, `nginx, error log`. */
export function whose({ record }: StoryRow): string {
  const name = hopNames[hopOf(record.row.source)];
  if (record.kind === 'error_line') {
    const beside = { cloudflared: 'cloudflared', alb_health: `${name}, health checks` } as const;
    return record.row.source === 'cloudflared' || record.row.source === 'alb_health'
      ? beside[record.row.source]
      : `${name}, error log`;
  }
  return record.place === undefined ? name : `${name} (${redactName(record.place)})`;
}

/** What the row says: what was asked and answered, and whom the hop asked in its turn; each a clause. */
export function saying({ record }: StoryRow): readonly string[] {
  return record.kind === 'error_line' ? ofLine(record) : ofRequest(record);
}

function ofLine({ message, peer }: ErrorRecord): readonly string[] {
  return [redactText(message), ...(peer === undefined ? [] : [`about ${redactName(peer)}`])];
}

function ofRequest(request: RequestRecord): readonly string[] {
  const { method, host, target, status, duration, attempts, said, cached, logged, asker } = request;
  // Stamps of whole seconds make of most durations none.
  const isCoarse = duration === 0 && request.resolution >= 1_000;
  const asked = [
    method === undefined ? undefined : redactText(method),
    `${host === undefined ? '' : redactName(host)}${target === undefined ? '' : redactTarget(target)}`,
  ]
    .filter((part) => part !== undefined && part !== '')
    .join(' ');
  return [
    `${asked === '' ? 'a request' : asked}: ${answered(status)}${isCoarse ? '' : after(duration)}`,
    ...(said === undefined ? [] : [`says ${redactText(said.code)}`]),
    ...(cached ? ['out of its cache'] : []),
    ...(attempts.length === 0 && logged.has('attempts') && !cached ? ['asked nobody'] : attempts.map(tried)),
    ...(asker === 'visitor' ? [] : [`not asked by a visitor: ${asker}`]),
  ];
}

function answered(status: number): string {
  if (status === 0) return 'no answer';
  if (status === 499 || status === 460) return `${status}, the client had gone`;
  return String(status);
}

function tried({ peer, status, connect, header, response }: Attempt): string {
  const whom = peer === undefined ? 'asked a peer' : `asked ${redactName(peer)}`;
  const times = [
    ...(connect === undefined ? [] : [`connected${after(connect)}`]),
    ...(header === undefined ? [] : [`answer began${after(header)}`]),
    ...(response === undefined ? [] : [`ended${after(response)}`]),
  ];
  const end = header === undefined ? 'no answer of its own' : `it answered ${status ?? 'something'}`;
  return `${whom}: ${end}${times.length === 0 ? '' : ` (${times.join(', ')})`}`;
}

function after(time: Millis | undefined): string {
  return time === undefined ? '' : ` after ${Math.round(time)} ms`;
}
