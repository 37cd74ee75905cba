import type { Evidence, EvidenceGroup, FactKind, Mechanism, Weighed, Weight } from '@why502/model';
import { Roster, Standings } from './standings.ts';

/**
 * How strongly the proxy's own words, when no mechanism of the list claims them, speak for something that is not in the
 * list, in decibans. So a list that is still short says "unknown" instead of the nearest name.
 */
const unclaimedWords = 20;

/** The same where the log has no words and only the look of an attempt, which fits several mechanisms at once. */
const onlyLooks = 8;

/** The same for a load balancer, of which all is written down that makes it answer so. */
const onlyDocumentedLooks = 4;

/** The same where the log holds no more than a status, which fits nearly everything. */
const onlyStatus = 14;

const groupIndexes: Readonly<Record<EvidenceGroup, number>> = {
  attempt: 0,
  peer: 1,
  route: 2,
  load: 3,
  timer: 4,
  method: 5,
  connects: 6,
  burst: 7,
  client: 8,
  effect: 9,
  retry: 10,
  words: 11,
  endpoint: 12,
  peers: 13,
  succession: 14,
  service: 15,
  lone_line: 16,
  lone_request: 17,
  witness: 18,
  configured_peer: 19,
  configured_reuse: 20,
  configured_answer: 21,
  configured_buffer: 22,
  place: 23,
  inner_hop: 24,
  clients: 25,
  idle: 26,
  health: 27,
  registration: 28,
  asker: 29,
  lookup: 30,
  naming: 31,
  addresses: 32,
  route_pace: 33,
  meanwhile: 34,
  outage: 35,
};
const groupCount = Object.keys(groupIndexes).length;

/** Groups of facts about the failure itself; the others are about its neighbourhood. */
const ownGroups = [
  groupIndexes.attempt,
  groupIndexes.retry,
  groupIndexes.client,
  groupIndexes.witness,
  groupIndexes.asker,
];

interface Entry {
  readonly index: number;
  readonly weight: Weight;
}

/** Weighs evidence under any list of mechanisms. */
export class Scales {
  readonly #roster: Roster;
  readonly #byKind = new Map<FactKind, Entry[]>();
  /** Of each mechanism, the strongest weight of each group. Used again for every failure. */
  readonly #strongest: Float64Array;

  constructor(mechanisms: readonly Mechanism[]) {
    this.#roster = new Roster(mechanisms.filter((mechanism) => mechanism.status !== 'retired'));
    this.#strongest = new Float64Array(this.#roster.mechanisms.length * groupCount);
    this.#roster.mechanisms.forEach((mechanism, index) => {
      for (const weight of mechanism.weigh) {
        const entries = this.#byKind.get(weight.kind);
        if (entries === undefined) this.#byKind.set(weight.kind, [{ index, weight }]);
        else entries.push({ index, weight });
      }
    });
  }

  /**
   * Prior and weights add up; of the facts of one group only the strongest weight counts for a mechanism, since they
   * restate each other. The neighbourhood speaks only for a mechanism that explains something of the failure itself,
   * for a calm or a stormy neighbourhood alone makes no failure.
   */
  weigh(evidence: readonly Evidence[]): Standings {
    const something = this.#putOn(evidence);
    const posteriors = new Float64Array(this.#roster.mechanisms.length);
    let top = something;
    for (let index = 0; index < posteriors.length; index++) {
      const score = this.#score(index);
      posteriors[index] = score;
      top = Math.max(top, score);
    }
    let total = oddsOf(something - top);
    for (let index = 0; index < posteriors.length; index++) {
      const odds = oddsOf(posteriors[index]! - top);
      posteriors[index] = odds;
      total += odds;
    }
    for (let index = 0; index < posteriors.length; index++) posteriors[index]! /= total;
    return new Standings(this.#roster, posteriors);
  }

  /** Finds the strongest weights; returns how strongly something that is not in the list explains the evidence. */
  #putOn(evidence: readonly Evidence[]): number {
    const strongest = this.#strongest.fill(0);
    let unclaimed = false;
    let looks = 0;
    let bare = false;
    for (const { fact, group } of evidence) {
      let claimed = false;
      for (const { index, weight } of this.#byKind.get(fact.kind) ?? []) {
        if (!weight.applies(fact)) continue;
        claimed ||= weight.db > 0;
        const slot = index * groupCount + groupIndexes[group];
        if (Math.abs(weight.db) > Math.abs(strongest[slot]!)) strongest[slot] = weight.db;
      }
      unclaimed ||= !claimed && fact.kind === 'symptom';
      if (fact.kind === 'imprint') looks = fact.source === 'alb' ? onlyDocumentedLooks : onlyLooks;
      bare ||= fact.kind === 'bare_status';
    }
    return unclaimed ? unclaimedWords : bare ? onlyStatus : looks;
  }

  #score(index: number): number {
    const strongest = this.#strongest;
    const from = index * groupCount;
    const explains = ownGroups.some((group) => strongest[from + group]! > 0);
    let sum: number = this.#roster.mechanisms[index]!.prior;
    for (let slot = from; slot < from + groupCount; slot++) {
      const db = strongest[slot]!;
      if (explains || db < 0) sum += db;
    }
    return sum;
  }
}

/** `10 ** (db / 10)` in half the time; there is one for each mechanism and failure. */
function oddsOf(db: number): number {
  return Math.exp(db * (Math.LN10 / 10));
}

/** What of the evidence counts for one mechanism: of each group, the fact with the strongest weight. */
export function weighedUnder(mechanism: Mechanism, evidence: readonly Evidence[]): readonly Weighed[] {
  const strongest = new Map<EvidenceGroup, Weighed>();
  for (const item of evidence) {
    for (const weight of mechanism.weigh) {
      if (weight.kind !== item.fact.kind || !weight.applies(item.fact)) continue;
      const before = strongest.get(item.group);
      if (before === undefined || Math.abs(weight.db) > Math.abs(before.weight.db)) {
        strongest.set(item.group, { evidence: item, weight });
      }
    }
  }
  return [...strongest.values()];
}
