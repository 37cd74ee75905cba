import type { Mechanism, MechanismId, Result, Verdict } from '@why502/model';
import type { Outlook } from './outlook.ts';

/** Every mechanism may be the one of the next failure, whatever the last ones were. */
const reserve = 0.05;

/** What the verdicts of a run say about what fails here, in memory that does not grow with them. */
export class TrafficOutlook {
  readonly #weights = new Map<MechanismId, number>();
  readonly #named = new Map<MechanismId, number>();
  failures = 0;
  unexplained = 0;

  add(result: Result): void {
    if (result.kind !== 'verdict' || !result.verdict.final) return;
    const { verdict } = result;
    if (verdict.outcome === 'not_an_error' || verdict.mergedInto !== undefined) return;
    this.failures++;
    if (verdict.mechanism === undefined) this.unexplained++;
    else this.#named.set(verdict.mechanism, this.named(verdict.mechanism) + 1);
    for (const [mechanism, share] of shares(verdict)) {
      this.#weights.set(mechanism, (this.#weights.get(mechanism) ?? 0) + share);
    }
  }

  /** Failures that the mechanism was named for. */
  named(mechanism: MechanismId): number {
    return this.#named.get(mechanism) ?? 0;
  }

  /** What no verdict tells is taken to be as common as mechanisms are in general. */
  outlook(mechanisms: readonly Mechanism[]): Outlook {
    const total = [...this.#weights.values()].reduce((sum, weight) => sum + weight, 0);
    const known = this.failures === 0 ? 0 : (total / this.failures) * (1 - reserve);
    const common = commonness(mechanisms);
    return new Map(
      mechanisms.map(({ id }) => {
        const seen = total === 0 ? 0 : (this.#weights.get(id) ?? 0) / total;
        return [id, known * seen + (1 - known) * common.get(id)!];
      }),
    );
  }
}

/** What a verdict leaves to each mechanism that it names. */
function shares({
  mechanism,
  mechanismConfidence,
  candidates,
}: Verdict): readonly (readonly [MechanismId, number])[] {
  return [
    ...(mechanism === undefined ? [] : [[mechanism, mechanismConfidence] as const]),
    ...candidates.map((one) => [one.mechanism, one.confidence] as const),
  ];
}

/** As common as their priors say. */
function commonness(mechanisms: readonly Mechanism[]): Outlook {
  const odds = mechanisms.map(({ id, prior }) => [id, 10 ** (prior / 10)] as const);
  const total = odds.reduce((sum, [, weight]) => sum + weight, 0);
  return new Map(odds.map(([id, weight]) => [id, weight / total]));
}
