import type { Made, Row } from './world/trip.ts';
import { type Answer, answer, type Mechanism } from './world/why.ts';

/** What a judge is told by the logs, besides the lines about the request. */
export interface Told {
  /** Codes of error pages of the edge are logged. */
  readonly codes: boolean;
  /** The innermost log that has a line about the request says what a process did in words of an error log. */
  readonly words: boolean;
}

interface Fair {
  readonly accept: readonly Mechanism[];
  readonly undecidable?: true;
}

/** Neighbours that look alike to every hop. The tests that tell them apart need more than logs of requests. */
const alike: Partial<Record<Mechanism, readonly Mechanism[]>> = {
  process_down: ['crash_mid_response', 'deploy_drain'],
  crash_mid_response: ['out_of_memory', 'process_down'],
  out_of_memory: ['crash_mid_response', 'process_down'],
  deploy_drain: ['process_down', 'crash_mid_response'],
  worker_exhaustion: ['timeout_under_load', 'connection_queue_full'],
  timeout_under_load: ['worker_exhaustion', 'connection_queue_full'],
  connection_queue_full: ['worker_exhaustion', 'timeout_under_load'],
  timeout_too_short: ['route_bug'],
  host_unreachable: ['connect_timeout'],
  connect_timeout: ['host_unreachable'],
  stale_address: ['inconsistent_answers'],
  inconsistent_answers: ['stale_address'],
};

/** Mechanisms that a relayed status of a gateway may be called where nothing of the hop behind is seen. */
const behind: readonly Mechanism[] = ['relayed_gateway_error', 'application_error'];

/** Which answers besides the label a fair judge counts as right, and whether the logs can tell at all. */
export function fairness(
  { hop, why }: Made,
  { source, status }: Row,
  told: Told,
): Fair & { accept: readonly Mechanism[] } {
  const accept = new Set<Mechanism>([...why.accept, ...(alike[why.mechanism] ?? [])]);
  let undecidable = why.undecidable;
  const also = (...more: readonly Mechanism[]) => {
    for (const one of more) accept.add(one);
  };
  const relayed = hop === 'other' || (hop !== source && ['nginx', 'alb'].includes(hop) && !told.words);
  if (relayed && [502, 503, 504].includes(status)) {
    also(...behind);
    undecidable = true;
  }
  if (hop === 'alb') for (const one of byBalancer(why.mechanism, status)) also(one);
  if (hop === 'alb' && hides.has(why.mechanism)) undecidable = true;
  if (hop === 'cloudflare') also(...byEdge(why.mechanism, status, told.codes));
  if (hop === 'cloudflare' && status === 530 && !told.codes) undecidable = true;
  accept.delete(why.mechanism);
  return { accept: [...accept], ...(undecidable ? { undecidable: true } : {}) };
}

/** The balancer says as much of one as of the others. */
const hides = new Set<Mechanism>(['header_too_big', 'reset_in_transit', 'out_of_memory', 'tls_handshake']);

function byBalancer(mechanism: Mechanism, status: number): readonly Mechanism[] {
  switch (mechanism) {
    case 'header_too_big':
      return ['malformed_response', 'route_bug', 'crash_mid_response'];
    case 'malformed_response':
      return ['route_bug', 'crash_mid_response', 'header_too_big'];
    case 'route_bug':
      return status === 504 ? ['timeout_too_short'] : ['crash_mid_response', 'malformed_response'];
    case 'reset_in_transit':
      return ['crash_mid_response', 'keepalive_mismatch'];
    case 'tls_handshake':
      return ['protocol_mismatch', 'process_down', 'wrong_address', 'access_blocked'];
    case 'wrong_address':
      return ['access_blocked', 'tls_handshake'];
    case 'access_blocked':
      return status === 504
        ? ['connect_timeout', 'host_unreachable', 'wrong_address']
        : ['wrong_address', 'host_unreachable'];
    case 'connect_timeout':
    case 'host_unreachable':
      return ['access_blocked'];
    default:
      return [];
  }
}

function byEdge(mechanism: Mechanism, status: number, codes: boolean): readonly Mechanism[] {
  switch (mechanism) {
    case 'header_too_big':
      return ['malformed_response'];
    case 'malformed_response':
      return ['header_too_big', 'route_bug'];
    case 'route_bug':
      return status === 524 ? ['timeout_too_short'] : ['crash_mid_response', 'malformed_response'];
    case 'reset_in_transit':
      return ['crash_mid_response', 'keepalive_mismatch'];
    case 'wrong_address':
      return ['access_blocked'];
    case 'access_blocked':
      return status === 522 ? ['connect_timeout', 'wrong_address'] : ['wrong_address', 'process_down'];
    case 'connect_timeout':
      return ['access_blocked'];
    case 'resolver_failure':
      return ['name_not_found', ...(codes ? [] : (['tunnel_down'] as const))];
    case 'name_not_found':
      return codes ? ['resolver_failure'] : ['tunnel_down', 'resolver_failure', 'no_targets'];
    case 'tunnel_down':
      return codes ? [] : ['name_not_found'];
    case 'no_targets':
      return ['name_not_found'];
    default:
      return [];
  }
}

export function answers(all: readonly Mechanism[]): readonly Answer[] {
  return all.map(answer);
}
