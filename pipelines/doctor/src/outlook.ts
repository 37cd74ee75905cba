import type { Logged, MechanismId } from '@why502/model';

/** How likely each mechanism is to be what fails next; sums to 1. */
export type Outlook = ReadonlyMap<MechanismId, number>;

/** Weighed by what these logs show. */
export interface Gain {
  readonly field: Logged;
  readonly bits: number;
  readonly helps: readonly MechanismId[];
}

/** Mechanisms that a field helps most are named up to this many. */
const mostHelped = 3;
/** Bits that are worth the name. */
const leastBits = 0.1;

interface Told {
  readonly mechanism: MechanismId;
  readonly sureness: number;
}

/**
 * What one way of logging tells more than another, in bits per failure: how much larger the logarithm of the
 * probability of the truth becomes, on the mean over the outlook. Where the probabilities are calibrated, this is the
 * information that the field gives about the mechanism.
 */
export function gainOf(
  field: Logged,
  before: readonly Told[],
  after: readonly Told[],
  outlook: Outlook,
): Gain {
  const rises = new Map<MechanismId, { sum: number; samples: number }>();
  for (const [index, { mechanism, sureness }] of before.entries()) {
    const rise = Math.log2(after[index]!.sureness / sureness);
    const sofar = rises.get(mechanism) ?? { sum: 0, samples: 0 };
    rises.set(mechanism, { sum: sofar.sum + rise, samples: sofar.samples + 1 });
  }
  const gains = [...rises].map(
    ([mechanism, { sum, samples }]) => [mechanism, (outlook.get(mechanism) ?? 0) * (sum / samples)] as const,
  );
  const bits = gains.reduce((sum, [, gain]) => sum + gain, 0);
  const helps = gains
    .filter(([mechanism]) => rises.get(mechanism)!.sum / rises.get(mechanism)!.samples >= leastBits)
    .sort((a, b) => b[1] - a[1])
    .slice(0, mostHelped)
    .map(([mechanism]) => mechanism);
  return { field, bits, helps };
}
