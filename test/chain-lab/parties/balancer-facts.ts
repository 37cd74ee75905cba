import type { Made } from '../world/trip.ts';
import type { TargetGroup } from './target-group.ts';

/** What a line of the balancer says besides who asked, where and when. Durations are in milliseconds, undefined is -1. */
export interface BalancerFacts {
  /** 0 is written 000. */
  readonly status: number;
  readonly targetStatus: number | undefined;
  /** Address and port; undefined where nobody was asked. */
  readonly address: string | undefined;
  readonly request: number | undefined;
  readonly target: number | undefined;
  readonly response: number | undefined;
  readonly sent: number;
  readonly group: TargetGroup | undefined;
  readonly actions: string;
  readonly redirect: string;
  readonly reason: string;
  readonly classification: string;
  readonly classificationReason: string;
  readonly transformStatus: string;
  readonly rule: string;
}

export const nothingForwarded: BalancerFacts = {
  status: 200,
  targetStatus: undefined,
  address: undefined,
  request: undefined,
  target: undefined,
  response: undefined,
  sent: 272,
  group: undefined,
  actions: 'forward',
  redirect: '',
  reason: '',
  classification: '',
  classificationReason: '',
  transformStatus: '',
  rule: '1',
};

/** An answer of the balancer that no target was asked for. */
export interface Ruling extends Partial<BalancerFacts> {
  readonly status: number;
  readonly takes?: number;
  readonly made?: Made;
}
