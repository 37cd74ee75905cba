import {
  type Calibration,
  type ConfidenceMaps,
  calibrated,
  type EvidenceLevel,
  calibration as shipped,
} from '@why502/classifier';
import { type Claim, claims } from './claims.ts';
import { fit } from './fit.ts';
import type { Match } from './matching.ts';
import type { Replay } from './replay.ts';

export type Maps = ReadonlyMap<EvidenceLevel, ConfidenceMaps>;

/** A calibration for every scenario, fitted without it. */
export type LeftOut = (scenario: string) => Calibration;

/** Fits the maps of some levels on the claims of those scenarios. */
export class Fitting {
  readonly #levels: readonly EvidenceLevel[];
  readonly #causes: readonly Claim[];
  readonly #mechanisms: readonly Claim[];
  readonly #others: Fitting | undefined;

  /**
   * @param levels those that the scenarios are to tell about; the maps of others stay as they are shipped
   * @param others tells about further levels
   */
  constructor(replays: readonly Replay[], levels: readonly EvidenceLevel[], others?: Fitting) {
    this.#levels = levels;
    this.#others = others;
    this.#causes = claims(replays, 'cause');
    this.#mechanisms = claims(replays, 'mechanism');
  }

  /** @param except scenarios that have no say */
  maps(except: ReadonlySet<string> = new Set()): Maps {
    const of = (all: readonly Claim[], level: EvidenceLevel) =>
      fit(all.filter((one) => one.level === level && !except.has(one.scenario)));
    return new Map([
      ...(this.#others?.maps(except) ?? []),
      ...this.#levels.map((level): [EvidenceLevel, ConfidenceMaps] => [
        level,
        { cause: of(this.#causes, level), mechanism: of(this.#mechanisms, level) },
      ]),
    ]);
  }

  /** @param exceptFor the scenarios that have no say in the confidences of one */
  without(exceptFor: (scenario: string) => readonly string[]): LeftOut {
    const known = new Map<string, Maps>();
    return (scenario) => {
      const except = exceptFor(scenario);
      const key = except.join(' ');
      const maps = known.get(key) ?? this.maps(new Set(except));
      known.set(key, maps);
      return (level) => maps.get(level) ?? shipped(level);
    };
  }

  leaveOneOut(): LeftOut {
    return this.without((scenario) => [scenario]);
  }
}

/** The same with confidences in place of posteriors. */
export function calibratedMatch(match: Match, calibration: Calibration): Match {
  const { verdict } = match;
  if (verdict === undefined || verdict.cause === 'unknown') return match;
  const { cause, mechanism } = calibration(verdict.level);
  const confidence = calibrated(verdict.confidence, cause, verdict.level);
  return {
    ...match,
    verdict: {
      ...verdict,
      confidence,
      mechanism_confidence: Math.min(
        confidence,
        calibrated(verdict.mechanism_confidence, mechanism, verdict.level),
      ),
    },
  };
}
