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
const ownGroups: ReadonlySet<EvidenceGroup> = new Set(['attempt', 'retry', 'client', 'witness', 'asker']);
const isOwnGroup = Uint8Array.from(Object.keys(groupIndexes), (group) =>
  ownGroups.has(group as EvidenceGroup) ? 1 : 0,
);

interface Entry {
  readonly index: number;
  readonly weight: Weight;
}

/** Weighs evidence under any list of mechanisms. */
export class Scales {
  readonly #roster: Roster;
  readonly #byKind = new Map<FactKind, Entry[]>();
  readonly #priors: Float64Array;
  /** Of each mechanism, the strongest weight of each group; all 0 between two failures, as few are for any one of them. */
  readonly #strongest: Float64Array;
  /** The slots of `#strongest` that are not 0, and how many these are. */
  readonly #touched: Uint32Array;
  #touchedCount = 0;
  /** By mechanism: something of the failure itself speaks for it. */
  readonly #explains: Uint8Array;

  constructor(mechanisms: readonly Mechanism[]) {
    this.#roster = new Roster(mechanisms.filter((mechanism) => mechanism.status !== 'retired'));
    const { length } = this.#roster.mechanisms;
    this.#priors = Float64Array.from(this.#roster.mechanisms, ({ prior }) => prior);
    this.#strongest = new Float64Array(length * groupCount);
    this.#touched = new Uint32Array(length * groupCount);
    this.#explains = new Uint8Array(length);
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
    const posteriors = this.#scores();
    let top = something;
    for (const score of posteriors) top = Math.max(top, score);
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
    const strongest = this.#strongest;
    let unclaimed = false;
    let looks = 0;
    let bare = false;
    for (const { fact, group } of evidence) {
      const groupIndex = groupIndexes[group];
      let claimed = false;
      for (const { index, weight } of this.#byKind.get(fact.kind) ?? []) {
        if (!weight.applies(fact)) continue;
        const { db } = weight;
        claimed ||= db > 0;
        const slot = index * groupCount + groupIndex;
        const before = strongest[slot]!;
        if (Math.abs(db) <= Math.abs(before)) continue;
        if (before === 0) this.#touched[this.#touchedCount++] = slot;
        strongest[slot] = db;
      }
      unclaimed ||= !claimed && fact.kind === 'symptom';
      if (fact.kind === 'imprint') looks = fact.source === 'alb' ? onlyDocumentedLooks : onlyLooks;
      bare ||= fact.kind === 'bare_status';
    }
    return unclaimed ? unclaimedWords : bare ? onlyStatus : looks;
  }

  /** The sums in decibans by mechanism, out of the strongest weights, which are taken off. */
  #scores(): Float64Array {
    const strongest = this.#strongest;
    const touched = this.#touched;
    const count = this.#touchedCount;
    const explains = this.#explains.fill(0);
    for (let i = 0; i < count; i++) {
      const slot = touched[i]!;
      if (strongest[slot]! > 0 && isOwnGroup[slot % groupCount] === 1)
        explains[Math.floor(slot / groupCount)] = 1;
    }
    const scores = this.#priors.slice();
    for (let i = 0; i < count; i++) {
      const slot = touched[i]!;
      const index = Math.floor(slot / groupCount);
      const db = strongest[slot]!;
      if (db < 0 || explains[index] === 1) scores[index]! += db;
      strongest[slot] = 0;
    }
    this.#touchedCount = 0;
    return scores;
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
