import type { Evidence, EvidenceGroup, FactKind, Mechanism, Weighed, Weight } from '@why502/model';

/**
 * How strongly the proxy's own words, when no mechanism of the list claims them, speak for something that is not in the
 * list, in decibans. So a list that is still short says "unknown" instead of the nearest name.
 */
const unclaimedWords = 20;

/** The same where the log has no words and only the look of an attempt, which fits several mechanisms at once. */
const onlyLooks = 8;

/** The same where the log holds no more than a status, which fits nearly everything. */
const onlyStatus = 14;

/** Groups of facts about the failure itself; the others are about its neighbourhood. */
const ownGroups: ReadonlySet<EvidenceGroup> = new Set(['attempt', 'retry', 'client']);

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
  configured_protocol: 20,
  configured_reuse: 21,
  configured_answer: 22,
  configured_buffer: 23,
};
const groupCount = Object.keys(groupIndexes).length;

export interface Standing {
  readonly mechanism: Mechanism;
  /** Share of the odds, all mechanisms and "something else" together being 1. */
  readonly posterior: number;
  readonly weighed: readonly Weighed[];
}

interface Entry {
  readonly index: number;
  readonly weight: Weight;
}

/** Weighs evidence under any list of mechanisms. */
export class Scales {
  readonly #mechanisms: readonly Mechanism[];
  readonly #byKind = new Map<FactKind, Entry[]>();

  constructor(mechanisms: readonly Mechanism[]) {
    this.#mechanisms = mechanisms.filter((mechanism) => mechanism.status !== 'retired');
    this.#mechanisms.forEach((mechanism, index) => {
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
   * for a calm or a stormy neighbourhood alone makes no failure. Best first; the rest of 1 is "something else".
   */
  weigh(evidence: readonly Evidence[]): readonly Standing[] {
    const count = this.#mechanisms.length;
    const best: (Weighed | undefined)[] = new Array(count * groupCount).fill(undefined);
    let unclaimed = false;
    let looks = false;
    let bare = false;
    for (const item of evidence) {
      let claimed = false;
      const group = groupIndexes[item.group];
      for (const { index, weight } of this.#byKind.get(item.fact.kind) ?? []) {
        if (!weight.applies(item.fact)) continue;
        claimed ||= weight.db > 0;
        const slot = index * groupCount + group;
        const standing = best[slot];
        if (standing === undefined || Math.abs(weight.db) > Math.abs(standing.weight.db)) {
          best[slot] = { evidence: item, weight };
        }
      }
      unclaimed ||= !claimed && item.fact.kind === 'symptom';
      looks ||= item.fact.kind === 'imprint';
      bare ||= item.fact.kind === 'bare_status';
    }
    const weighed = this.#mechanisms.map((_, index) =>
      best.slice(index * groupCount, (index + 1) * groupCount).filter((one) => one !== undefined),
    );
    const scores = this.#mechanisms.map((mechanism, index) => score(mechanism, weighed[index]!));
    const something = unclaimed ? unclaimedWords : bare ? onlyStatus : looks ? onlyLooks : 0;
    const top = Math.max(something, ...scores);
    const odds = scores.map((one) => 10 ** ((one - top) / 10));
    const total = odds.reduce((sum, one) => sum + one, 10 ** ((something - top) / 10));
    return this.#mechanisms
      .map((mechanism, index) => ({ mechanism, posterior: odds[index]! / total, weighed: weighed[index]! }))
      .sort((a, b) => b.posterior - a.posterior || (a.mechanism.id < b.mechanism.id ? -1 : 1));
  }
}

function score({ prior }: Mechanism, weighed: readonly Weighed[]): number {
  const explains = weighed.some(({ evidence, weight }) => weight.db > 0 && ownGroups.has(evidence.group));
  let sum: number = prior;
  for (const { weight } of weighed) if (explains || weight.db < 0) sum += weight.db;
  return sum;
}
