import type { EvidenceLevel } from '@why502/classifier';
import { nearness } from './fit.ts';
import type { Replay } from './replay.ts';
import { judge } from './scorer.ts';

/** What was said about failures of one scenario with one posterior, and whether it was right. */
export interface Claim {
  readonly scenario: string;
  readonly level: EvidenceLevel;
  readonly posterior: number;
  readonly right: boolean;
  /** In scenarios: all claims of a scenario at one level weigh at most 1. */
  readonly weight: number;
}

export type ClaimKind = 'cause' | 'mechanism';

/** The fit looks at odds; so far apart in the logarithm of them, two are the same. */
const grain = 0.02;

/**
 * The claims of all verdicts that name something, equal ones put together: a storm makes thousands that are alike. A
 * scenario's weight at a level is its share of failures of that level, as a mean over the conditions that have any.
 */
export function claims(replays: readonly Replay[], kind: ClaimKind): readonly Claim[] {
  const found = new Map<string, { readonly claim: Claim; weight: number }>();
  const conditionsOf = new Map<string, Set<string>>();
  for (const { scenario, condition, matching } of replays) {
    for (const one of matching.matches) {
      const { verdict } = one;
      const judged = judge(one);
      if (verdict === undefined || !judged.named) continue;
      const { level } = verdict;
      const posterior = kind === 'cause' ? judged.confidence : judged.mechanismConfidence;
      const right = kind === 'cause' ? judged.fair : judged.mechanismFair;
      const odds = Math.round(nearness(posterior) / grain) * grain;
      const key = `${scenario.name} ${level} ${right} ${odds}`;
      const claim = {
        scenario: scenario.name,
        level,
        right,
        posterior: 1 / (1 + Math.exp(-odds)),
        weight: 0,
      };
      const group = found.get(key) ?? { claim, weight: 0 };
      group.weight += 1 / matching.matches.length;
      found.set(key, group);
      const place = `${scenario.name} ${level}`;
      conditionsOf.set(place, (conditionsOf.get(place) ?? new Set()).add(condition.name));
    }
  }
  return [...found.values()].map(({ claim, weight }) => ({
    ...claim,
    weight: weight / conditionsOf.get(`${claim.scenario} ${claim.level}`)!.size,
  }));
}
