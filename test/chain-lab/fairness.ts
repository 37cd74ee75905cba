import type { Made, Maker, Row } from './world/trip.ts';
import { type Answer, answer, type Mechanism } from './world/why.ts';

/** What a judge is told by the logs. */
export interface Told {
  /** Codes of error pages of the edge are logged. */
  readonly codes: boolean;
  /** The hops of which there is a log. */
  readonly sources: ReadonlySet<string>;
  /** The hops that have a line about the request. */
  readonly seen: ReadonlySet<string>;
}

interface Fair {
  readonly answer: Answer;
  readonly hop: Maker;
  readonly accept: readonly Answer[];
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

/**
 * The answer that the logs allow, which others a fair judge also counts as right, and whether the logs can tell at all.
 * Of a gateway without a log no more can be known than that its status was relayed.
 */
export function fairness({ hop, why }: Made, { source, status }: Row, told: Told): Fair {
  const also = new Set<Mechanism>([...why.accept, ...(alike[why.mechanism] ?? [])]);
  const add = (...more: readonly Mechanism[]) => {
    for (const one of more) also.add(one);
  };
  let { mechanism } = why;
  let undecidable = hidden(hop, why.mechanism, status, told.codes);
  if (hop === 'alb') add(...byBalancer(mechanism, status));
  if (hop === 'cloudflare') add(...byEdge(mechanism, status, told.codes));
  const reporter = hop === 'lambda' ? 'alb' : hop;
  const relayed = reporter !== source && gateways.has(reporter) && [502, 503, 504].includes(status);
  const known = told.sources.has(reporter);
  if (relayed && !told.seen.has(reporter)) {
    add(mechanism, 'relayed_gateway_error', 'application_error');
    if (!known) mechanism = 'relayed_gateway_error';
    undecidable = true;
  }
  /** An application that answers like a gateway. */
  if (hop === 'app' && [502, 504].includes(status)) {
    add('relayed_gateway_error');
    undecidable = true;
  }
  also.delete(mechanism);
  return {
    answer: answer(mechanism),
    hop: relayed && !known ? 'other' : hop,
    accept: [...also].map(answer),
    ...(undecidable ? { undecidable: true } : {}),
  };
}

const gateways = new Set<Maker>(['alb', 'nginx', 'other']);

/** What the hop that made the status does not tell apart from its neighbours. */
function hidden(hop: Maker, mechanism: Mechanism, status: number, codes: boolean): boolean {
  return (hop === 'alb' && hides.has(mechanism)) || (hop === 'cloudflare' && status === 530 && !codes);
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
      return status === 504
        ? ['connect_timeout', 'access_blocked', 'protocol_mismatch']
        : ['protocol_mismatch', 'process_down', 'wrong_address', 'access_blocked'];
    case 'stale_address':
      return ['deploy_drain'];
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
    case 'deploy_drain':
      return ['stale_address'];
    default:
      return [];
  }
}
