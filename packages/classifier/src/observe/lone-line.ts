import type { ErrorRecord, Evidence, FactKind, RequestRecord, Sighting } from '@why502/model';
import type { Failure } from '../failure.ts';
import type { Company } from '../join/company.ts';
import { evidence } from './attempt.ts';
import { observeRefusals } from './peer.ts';

/** Paths and parameters by which libraries for WebSocket can be known: Engine.IO, SockJS, SignalR, Action Cable. */
const asksForWebsocket =
  /[?&]transport=websocket\b|\/(?:wss?|websocket|socket\.io|sockjs|signalr|cable)(?:[/?]|$)/i;

/** `POST /package.Service/Method` over HTTP/2 (gRPC over HTTP2, "Requests"). */
const asksForGrpc = /^POST \/(?:[A-Za-z_]\w*\.)+[A-Za-z_]\w*\/[A-Za-z_]\w* HTTP\/2/;

const sightingText: Readonly<Record<Sighting, string>> = {
  process_crashed: 'a process crashed',
  process_killed_for_memory: 'a process was killed for want of memory',
  workers_all_busy: 'all workers are busy',
  accept_queue_full: 'the queue of connections is full',
  worker_ran_out_of_time: 'a worker was stopped for taking too long',
  request_header_refused: "the request's header does not fit its buffer",
};

/** What a line of the error log shows where no access log stands beside it: what was asked, and what became of its peer. */
export function observeLoneLine(failure: Failure, company: Company): Evidence[] {
  const { errors, request } = failure;
  const line = errors.findLast(({ peer }) => peer !== undefined) ?? errors.at(-1);
  if (line === undefined) return request === undefined ? [] : loneRequest(request, failure.imprint);
  const { symptom, scheme } = line;
  return [
    evidence(
      { kind: 'lone_line', source: line.row.source, symptom, scheme },
      'lone_line',
      'only the error line is known: nothing about what the peer did before and after',
    ),
    ...ofRequest(line),
    ...observeRefusals(failure, company),
  ];
}

/** What is known of a request without any line beside it: the code in its own, or no more than its status. */
function loneRequest(
  { said, status, logged, row: { source } }: RequestRecord,
  look: Failure['imprint'],
): Evidence[] {
  if (said !== undefined) {
    const fact = { kind: 'lone_line', source, symptom: said.symptom, scheme: undefined } as const;
    return [
      evidence(fact, 'lone_line', 'only this code is known: nothing about what happened before and after'),
    ];
  }
  if (look?.kind === 'imprint') {
    const { phase, after } = look;
    const fact = { kind: 'lone_status', source, status, phase, after } as const;
    return [
      evidence(fact, 'lone_line', 'only this request is known: nothing about what happened before and after'),
    ];
  }
  if (look !== undefined || logged.has('attempts') || logged.has('attempt_status')) return [];
  const fact = { kind: 'lone_status', source, status, phase: undefined, after: undefined } as const;
  return [evidence(fact, 'attempt', 'only this status is known')];
}

/**
 * Facts about a neighbourhood of which only a few lines were picked: what is not there may have been left out, so only
 * what the failure shows of itself counts.
 */
export function ofItself(neighbourhood: readonly Evidence[]): Evidence[] {
  const kept = neighbourhood.filter(({ fact }) => kindsOfItself.has(fact.kind));
  if (kept.some(({ fact }) => fact.kind === 'peer_unlogged')) return kept;
  return [...kept, evidence({ kind: 'peer_unlogged' }, 'peer', 'which peers answered before is not known')];
}

const kindsOfItself: ReadonlySet<FactKind> = new Set([
  'endpoint',
  'peer_unlogged',
  'client_left',
  'repeatable',
]);

/** What lines of other programs say. */
export function observeSightings(sightings: readonly Sighting[]): Evidence[] {
  return [...new Set(sightings)].map((saw) =>
    evidence({ kind: 'witness', saw }, 'witness', `another program says: ${sightingText[saw]}`),
  );
}

function ofRequest({ symptom, requestLine, client, row }: ErrorRecord): Evidence[] {
  const fromSelf = client !== undefined && /^(?:127\.|::1$|unix:)/.test(client);
  const protocol = protocolOf(requestLine ?? '');
  if (protocol === 'http' && !fromSelf) return [];
  const texts = [
    ...(protocol === 'http'
      ? []
      : [`the request looks like ${protocol === 'grpc' ? 'gRPC' : 'a WebSocket'}`]),
    ...(fromSelf ? ['the client is this host itself, so another proxy may stand in front'] : []),
  ];
  return [
    evidence({ kind: 'lone_request', symptom, protocol, fromSelf }, 'lone_request', texts.join('; '), row),
  ];
}

function protocolOf(requestLine: string): 'websocket' | 'grpc' | 'http' {
  if (asksForGrpc.test(requestLine)) return 'grpc';
  return asksForWebsocket.test(requestLine.split(' ')[1] ?? '') ? 'websocket' : 'http';
}
