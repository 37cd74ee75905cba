import type { Column } from '../columns.ts';
import type { Match } from '../matching.ts';
import type { NginxCondition } from '../replay.ts';
import { percent, table } from './markdown.ts';

interface LookAlikes {
  readonly mechanisms: readonly string[];
  /** Why logs of a proxy do not always tell them apart, and what would. */
  readonly why: string;
}

const lookAlikes: readonly LookAlikes[] = [
  {
    mechanisms: ['process_down', 'wrong_address', 'stale_address', 'deploy_drain'],
    why: 'Nobody listens: the proxy hears the same refusal from a port whose process stopped, from one that never had any, and from the address of a host that has moved. Only time tells: whether the peer answered before, whether it comes back, whether others appear in its place. A log that begins with the failure holds none of it. `nginx.conf` says at least whether a name was looked up once.',
  },
  {
    mechanisms: ['crash_mid_response', 'out_of_memory'],
    why: 'A process that died closes its connections, whoever ended it. The kernel notes why, the proxy cannot. What speaks for memory is weak: it comes again after a like time, and takes several requests along.',
  },
  {
    mechanisms: ['keepalive_mismatch', 'crash_mid_response', 'reset_in_transit', 'route_bug'],
    why: 'A connection that ends before the header looks alike whether it had been idle for too long, its process died, something on the way cut it, or the application hung up on purpose. What else happened in the same second, which routes are concerned and whether a second try was answered decide; a single failure on a quiet log decides nothing.',
  },
  {
    mechanisms: ['connect_timeout', 'access_blocked', 'host_unreachable', 'connection_queue_full'],
    why: 'Lost packets have no sender. A filter that drops, a host that is gone, a network that loses some and a full accept queue all end as connects that never came up. A filter that rejects and a router that knows better answer, and are told by their words. A full queue lets some connects through after one or three seconds, which shows only where the times of attempts are logged.',
  },
  {
    mechanisms: ['timeout_under_load', 'worker_exhaustion', 'route_bug', 'timeout_too_short'],
    why: 'A timer of the proxy ended the wait, with the same words and the same 504. Whether all routes wait or one, whether answers came close to the timer before, and whether there was more traffic than usual tells crowding from a route that hangs and from a timer that is too short for honest work. Without durations in the log (combined) most of that is missing.',
  },
  {
    mechanisms: ['connection_limit', 'no_targets', 'process_down'],
    why: '"No live upstreams" says that the proxy may pick nobody. That `max_conns` is reached, that all servers are marked down or that it put them aside after failures stands in `nginx.conf`, or in the failures before.',
  },
  {
    mechanisms: ['application_error', 'relayed_gateway_error', 'fixed_response', 'rate_limited'],
    why: 'A status that was passed on and one that the proxy was told to give are the same three digits. Attempts tell who answered; with nothing but a status, the size of the page is all there is. A 502 of another gateway behind the proxy names its own cause in its own log only.',
  },
  {
    mechanisms: ['client_abort', 'timeout_under_load', 'worker_exhaustion'],
    why: 'Clients leave because they want to, or because they are kept waiting. Whether others had to wait at the same time is counted; what the caller had set as its own limit is not in any log of the proxy.',
  },
  {
    mechanisms: ['socket_missing', 'process_down'],
    why: 'Many services take their socket away when they stop, so a socket that is not there may be misnamed or at rest. It answered before, or it never did: a short log does not say.',
  },
  {
    mechanisms: ['protocol_mismatch', 'tls_handshake', 'malformed_response', 'route_bug'],
    why: 'A peer that is spoken to in another protocol answers with something else, closes, or says nothing, and so does a broken one. Words about the handshake or about the header tell; a close without an answer does not.',
  },
];

/** For each group, how much of it the labels leave open and how much is mixed up, and why. */
export function whatWeCannotTell(columns: readonly Column<NginxCondition>[]): string {
  const shown = columns.filter(({ condition }) => !condition.configured);
  const head = [
    'look-alikes',
    'counts either way',
    ...shown.map(({ condition }) => `mixed up: ${condition.name}`),
  ];
  const rows = lookAlikes.map(({ mechanisms }) => [
    mechanisms.map((id) => `\`${id}\``).join(', '),
    percent(shareOf(columns[0]!, (one) => isWithin(one.truth, mechanisms) && acceptsOther(one, mechanisms))),
    ...shown.map((column) => percent(shareOf(column, (one) => isMixedUp(one, mechanisms)))),
  ]);
  const prose = lookAlikes.map(({ mechanisms, why }) => `**${mechanisms.join(', ')}.** ${why}\n`);
  return [table(head, rows), ...prose].join('\n');
}

/** Mean over the scenarios that have failures. */
function shareOf({ replays, figures }: Column, counts: (one: Match) => boolean): number {
  return (
    replays.reduce((sum, { matching: { matches } }) => {
      return matches.length === 0 ? sum : sum + matches.filter(counts).length / matches.length;
    }, 0) / figures.scenarios
  );
}

function isWithin({ mechanism }: { readonly mechanism: string }, mechanisms: readonly string[]): boolean {
  return mechanisms.includes(mechanism);
}

function acceptsOther({ truth }: Match, mechanisms: readonly string[]): boolean {
  return truth.accept.some((other) => other.mechanism !== truth.mechanism && isWithin(other, mechanisms));
}

/** Another of them was said, and not as one that counts as right. */
function isMixedUp({ truth, verdict }: Match, mechanisms: readonly string[]): boolean {
  const said = verdict?.mechanism ?? '';
  if (!mechanisms.includes(said) || !isWithin(truth, mechanisms) || said === truth.mechanism) return false;
  return !truth.accept.some(({ mechanism }) => mechanism === said);
}
