import type { Made } from '../world/trip.ts';

/** What a line of the edge says besides who asked, where and when. Durations are in milliseconds. */
export interface EdgeFacts {
  readonly status: number;
  readonly bytes: number;
  readonly cache: string;
  /** Of the origin, 0 and empty where there is none. */
  readonly originStatus: number;
  readonly originAddress: string;
  readonly egress: string;
  readonly dns: number;
  readonly tcp: number;
  readonly tls: number;
  readonly header: number;
  readonly response: number;
  readonly secure: string;
  readonly requestHost: string;
  readonly worker: string;
  readonly subrequests: number;
  /** EdgePathingSrc, Op and Status. */
  readonly pathing: readonly [string, string, string];
  /** What `cf-error-type` of an error page of the edge says; empty where the edge did not make the answer. */
  readonly code: string;
}

export const nothingAsked: EdgeFacts = {
  status: 200,
  bytes: 0,
  cache: 'dynamic',
  originStatus: 0,
  originAddress: '',
  egress: '',
  dns: 0,
  tcp: 0,
  tls: 0,
  header: 0,
  response: 0,
  secure: 'unknown',
  requestHost: '',
  worker: 'unknown',
  subrequests: 0,
  pathing: ['bic', 'wl', 'nr'],
  code: '',
};

/** An answer of the edge that no origin was asked for. */
export interface Verdict extends Partial<EdgeFacts> {
  readonly status: number;
  readonly takes?: number;
  readonly made?: Made;
}
