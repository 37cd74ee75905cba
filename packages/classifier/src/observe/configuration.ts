import {
  type ConfiguredRoute,
  type ConfiguredService,
  type Evidence,
  type Fact,
  type FactOf,
  visible,
} from '@why502/model';
import type { Failure } from '../failure.ts';
import { isGroupName } from '../group-name.ts';
import { peersOf, type Taken } from '../join/configured.ts';
import { agreed, place } from './agreement.ts';
import { evidence } from './attempt.ts';
import { observeTimer } from './configured-timer.ts';
import type { Repeats } from './neighbourhood.ts';

/** What the configuration says about the failure. Where its routes disagree, nothing is said. */
export function observeConfiguration(
  failure: Failure,
  { routes, schemes, moved, unlisted }: Taken,
): Evidence[] {
  const { peer } = failure;
  if (unlisted) {
    const text = 'the configuration names no such peer, so it is of another time';
    return [
      evidence(
        { kind: 'configured_peer', lookup: 'unlisted', moved: true, choices: 0 },
        'configured_peer',
        text,
      ),
    ];
  }
  if (routes.length === 0) return [];
  if (peer === undefined) return [...answers(failure, routes), ...lookup(failure, routes)];
  if (isGroupName(peer)) return group(routes);
  return [
    ...configuredPeer(peer, routes, moved),
    ...observeTimer(failure, routes),
    ...protocol(routes, schemes),
    ...(isBroken(failure) ? reuse(routes) : []),
    ...buffer(failure, routes),
  ];
}

/** Which requests are repeated; undefined where that is not known. */
export function configuredRepeats({ routes }: Taken): Repeats | undefined {
  return agreed(
    routes.map(({ repeats }) => repeats.value),
    (a, b) => a === b,
  );
}

function configuredPeer(peer: string, routes: readonly ConfiguredRoute[], moved: boolean): Evidence[] {
  const facts = routes.map(({ target }) => {
    if (target === undefined) return undefined;
    if (target.kind === 'variable') return { lookup: 'again', choices: 1, written: target.written } as const;
    const [first] = peersOf(target.service, peer);
    const choices = target.service.peers.filter(({ down, backup }) => !down && !backup).length;
    return first === undefined ? undefined : { lookup: first.lookup, choices, written: first.written };
  });
  const one = agreed(facts, (a, b) => a?.lookup === b?.lookup && a?.choices === b?.choices);
  if (one === undefined) return [];
  const { lookup, choices, written } = one;
  const how = {
    address: 'the configuration names the peer by its address',
    once: 'the address of the peer comes from a name that is looked up only when the proxy starts',
    again: 'the address of the peer comes from a name that is looked up again and again',
  }[lookup];
  const elsewhere = moved ? '; another version of it sends such requests elsewhere' : '';
  return [
    evidence(
      { kind: 'configured_peer', lookup, moved, choices },
      'configured_peer',
      `${how}${elsewhere}: ${place(written)}`,
    ),
  ];
}

/** A group that some version leaves without servers explains by itself that none was free; else all must agree. */
function group(routes: readonly ConfiguredRoute[]): Evidence[] {
  const groups = routes.map(({ target }) =>
    target?.kind === 'service' ? groupFact(target.service) : undefined,
  );
  const fact =
    groups.find((one) => one?.choices === 0) ??
    agreed(groups, (a, b) => a?.choices === b?.choices && a?.maxConnections === b?.maxConnections);
  if (fact === undefined) return [];
  const { choices, down, maxConnections } = fact;
  const limit = maxConnections === undefined ? '' : `, with ${maxConnections} connections at most`;
  const text = `the group has ${choices} servers to choose from${limit}; ${down} are marked down`;
  return [evidence(fact, 'configured_peer', text)];
}

function groupFact({ peers }: ConfiguredService): FactOf<'configured_group'> {
  const usable = peers.filter(({ down, backup }) => !down && !backup);
  const bounds = usable.map(({ maxConnections }) => maxConnections);
  return {
    kind: 'configured_group',
    choices: usable.length,
    down: peers.filter((one) => one.down).length,
    maxConnections: bounds.reduce<number | undefined>(
      (sum, bound) => (sum === undefined || bound === undefined ? undefined : sum + bound),
      bounds.length > 0 ? 0 : undefined,
    ),
  };
}

function protocol(routes: readonly ConfiguredRoute[], schemes: Taken['schemes']): Evidence[] {
  const [first] = routes;
  if (first?.target === undefined) return [];
  const { target, tls } = first;
  const changed = schemes.size > 1;
  const sure = routes.every((route) => route.target?.scheme === target.scheme);
  if (target.scheme === undefined || (!sure && !changed)) return [];
  const name = tls?.sendsName.value === false ? ', without a server name' : '';
  const check = tls?.verifies.value === true ? ', and checks its certificate' : '';
  const speaks = sure
    ? `speaks ${visible(target.scheme)} with the peer${name}${check}`
    : 'speaks with the peer';
  const other = changed ? '; versions of the configuration differ in that' : '';
  return [
    evidence(
      {
        kind: 'configured_protocol',
        scheme: sure ? target.scheme : undefined,
        changed,
        verifies: sure ? tls?.verifies.value : undefined,
        sendsName: sure ? tls?.sendsName.value : undefined,
      },
      'endpoint',
      `the proxy ${speaks}${other}: ${place(target.written)}`,
    ),
  ];
}

function isBroken({ imprint, errors }: Failure): boolean {
  const symptom = errors.at(-1)?.symptom;
  if (symptom !== undefined) {
    return (
      symptom === 'reset_before_header' || symptom === 'closed_before_header' || symptom === 'send_failed'
    );
  }
  return imprint?.kind === 'imprint' && imprint.phase === 'waiting' && imprint.status === 502;
}

function reuse(routes: readonly ConfiguredRoute[]): Evidence[] {
  const one = agreed(routes, (a, b) => a.reuse?.value === b.reuse?.value && a.idle.value === b.idle.value);
  if (one?.reuse === undefined) return [];
  const { value, written } = one.reuse;
  const where = written === undefined ? '' : `: ${place(written)}`;
  const text = value
    ? `connections to the peers are kept and used again, for up to ${one.idle.value / 1_000} s of idleness${where}`
    : `every request gets a new connection to the peer${where}`;
  return [
    evidence({ kind: 'configured_reuse', reuse: value, idle: one.idle.value }, 'configured_reuse', text),
  ];
}

function buffer({ attempt }: Failure, routes: readonly ConfiguredRoute[]): Evidence[] {
  const received = attempt?.bytesReceived;
  const size = agreed(
    routes.map(({ headerBuffer }) => headerBuffer),
    (a, b) => a?.value === b?.value,
  );
  if (size?.written === undefined || received === undefined || received === 0) return [];
  const filled = received >= size.value;
  const text = `the response header must fit into ${size.value} bytes, and ${filled ? 'as much' : 'less'} was received: ${place(size.written)}`;
  return [evidence({ kind: 'configured_buffer', size: size.value, filled }, 'configured_buffer', text)];
}

/** The rules that give the status of the failure, or that there is none. */
function answers({ request }: Failure, routes: readonly ConfiguredRoute[]): Evidence[] {
  if (request === undefined || request.attempts.length > 0) return [];
  const { status } = request;
  const seen = new Map<string, Evidence>();
  for (const one of routes.flatMap((route) => route.answers)) {
    const { rule, conditional, written } = one;
    if (one.status !== status || seen.has(rule)) continue;
    const text = `a rule of the configuration answers ${conditional ? 'some' : 'all'} such requests with ${status}: ${place(written)}`;
    seen.set(
      rule,
      evidence({ kind: 'configured_answer', rule, status, conditional }, 'configured_answer', text),
    );
  }
  // Other statuses are those of failures, and come without a rule.
  if (seen.size > 0 || (status !== 500 && status !== 503)) return [...seen.values()];
  const none: Fact = { kind: 'configured_answer', rule: undefined, status, conditional: true };
  return [
    evidence(none, 'configured_answer', `no rule of the configuration answers such requests with ${status}`),
  ];
}

/** A 502 without any try: the name of the peer may not have been found. */
function lookup({ request }: Failure, routes: readonly ConfiguredRoute[]): Evidence[] {
  if (request?.status !== 502 || request.attempts.length > 0) return [];
  const targets = routes.map(({ target }) => target);
  const target = agreed(
    targets,
    (a, b) =>
      a?.kind === b?.kind &&
      (a?.kind !== 'variable' || b?.kind !== 'variable' || a.resolver.value === b.resolver.value),
  );
  if (target === undefined) return [];
  const perRequest = target.kind === 'variable';
  // Without attempts in the log there may have been some, save where there is nothing to find addresses with.
  if (!request.logged.has('attempts') && !perRequest) return [];
  const resolver = target.kind === 'variable' && target.resolver.value;
  const text = perRequest
    ? `a variable says where such requests go, and there is ${resolver ? 'a' : 'no'} resolver to look names up: ${place(target.written)}`
    : `the peers of such requests are known from the start: ${place(target.written)}`;
  return [evidence({ kind: 'configured_lookup', perRequest, resolver }, 'configured_peer', text)];
}
