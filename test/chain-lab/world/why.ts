/** The causes of the vocabulary, and the mechanisms that fall under each. */
const mechanisms = {
  upstream_overload: [
    'connection_queue_full',
    'worker_exhaustion',
    'timeout_under_load',
    'out_of_memory',
    'connection_limit',
    'proxy_connection_limit',
  ],
  misconfiguration: [
    'wrong_address',
    'protocol_mismatch',
    'tls_handshake',
    'certificate_invalid',
    'header_too_big',
    'socket_permission',
    'socket_missing',
    'keepalive_mismatch',
    'resolver_missing',
    'timeout_too_short',
    'invalid_upstream',
    'access_blocked',
    'no_targets',
    'routing_loop',
  ],
  dns_unpropagated: ['name_not_found', 'resolver_failure', 'stale_address', 'inconsistent_answers'],
  upstream_fault: [
    'process_down',
    'deploy_drain',
    'crash_mid_response',
    'malformed_response',
    'route_bug',
    'application_error',
    'relayed_gateway_error',
    'function_error',
    'auth_dependency',
  ],
  network: ['host_unreachable', 'connect_timeout', 'reset_in_transit', 'tunnel_down'],
  client: ['client_abort', 'bad_client_request'],
  provider: ['provider_fault'],
  intended: ['rate_limited', 'fixed_response'],
} as const;

export type Mechanism = (typeof mechanisms)[keyof typeof mechanisms][number];

export interface Answer {
  readonly cause: string;
  readonly mechanism: Mechanism;
}

/** Why something went wrong: the state of the world that made it so, never what a log says about it. */
export interface Why extends Answer {
  /** Further mechanisms that a fair judge counts as right, on top of those of `fairness.ts`. */
  readonly accept: readonly Mechanism[];
}

export function because(mechanism: Mechanism, ...accept: readonly Mechanism[]): Why {
  return { ...answer(mechanism), accept };
}

export function answer(mechanism: Mechanism): Answer {
  const [cause] = Object.entries(mechanisms).find(([, all]) =>
    (all as readonly Mechanism[]).includes(mechanism),
  )!;
  return { cause, mechanism };
}
