import type { JsonFormat, TextFormat } from './formats.ts';
import type { Stage } from './stage.ts';
import type { Stretch } from './traffic.ts';

export interface Answer {
  readonly cause: string;
  readonly mechanism: string;
}

export interface Label extends Answer {
  /** Answers that a fair judge also counts as right, because these logs alone cannot tell them apart. */
  readonly accept: readonly Answer[];
}

/** What is known of a request once the play is over: from nginx, from the client, and from the backend that it reached. */
export interface Seen {
  readonly id: string;
  /** Seconds from the start of the traffic, by nginx's clock. */
  readonly started: number;
  readonly ended: number;
  readonly status: number;
  readonly method: string;
  readonly path: string;
  readonly host: string;
  /** What `$proxy_host` says: the group or host asked. */
  readonly group: string;
  /** The peers tried, in order; a group's name where no peer could be picked. */
  readonly peers: readonly string[];
  readonly statuses: readonly string[];
  /** The client left before the answer. */
  readonly gaveUp: boolean;
  /** The connection of the client ended before all of the answer was there. */
  readonly broken: boolean;
  /** What backends did wrong on purpose, in order. */
  readonly did: readonly string[];
  readonly phase: Phase;
}

export type Phase = 'baseline' | 'fault' | 'recovery';

/** An incident to record: a topology, traffic, and what is done to it. */
export interface Scenario {
  readonly name: string;
  readonly description: string;
  readonly topology: string;
  /** The first three octets of the network; the proxy is its address 1. */
  readonly network: string;
  readonly host: string;
  readonly text: TextFormat;
  readonly json: JsonFormat;
  /** Of the proxy's clock; UTC if absent. */
  readonly zone?: string;
  readonly errorLevel?: 'error' | 'warn' | 'notice' | 'info';
  /** Worker processes of nginx; 1 if absent. */
  readonly processes?: number;
  /** `worker_connections`; 768 if absent. */
  readonly connections?: number;
  /** What goes inside `http { }`. */
  readonly http: string;
  readonly traffic: readonly Stretch[];
  /** Whether all is well at first; true if absent. */
  readonly baseline?: boolean;
  /** Requests that no HTTP client would send. */
  readonly raw?: readonly { readonly at: number; readonly text: string }[];
  /** Puts up hosts and backends, before nginx starts. */
  prepare(stage: Stage): Promise<unknown>;
  /** Does what is to be done while the traffic runs. */
  play(stage: Stage): Promise<unknown>;
  /** The cause of a failed request; undefined where it is none of this scenario's doing. */
  label(request: Seen): Label | undefined;
}

/** `cause/mechanism`, and further ones to accept. */
export function label(answer: string, ...accept: readonly string[]): Label {
  return { ...parse(answer), accept: accept.map(parse) };
}

function parse(text: string): Answer {
  const [cause = '', mechanism = ''] = text.split('/');
  return { cause, mechanism };
}
