/** What must hold of the mean over scenarios, by the name of the condition. */
export interface Goals {
  /** Least share of fair causes; undefined where most may stay unknown. */
  readonly fair?: number;
  readonly strict?: number;
  readonly mechanismFair?: number;
  /** Least share of statuses whose maker is named. */
  readonly hop?: number;
  /** Least share of fair ones among those that name a cause. */
  readonly precision?: number;
  /** Largest calibration error, with maps that the scenario had no part in. */
  readonly calibrationError: number;
  /** Largest share of wrong ones among those at 0.9 or above. */
  readonly wrongOfSure: number;
}

const honest = { calibrationError: 0.05, wrongOfSure: 0.01 };

export const goals: Readonly<Record<string, Goals>> = {
  'extended + error': { fair: 0.93, strict: 0.85, mechanismFair: 0.85, ...honest },
  'extended + error + nginx.conf': { fair: 0.95, ...honest },
  'JSON + error': { fair: 0.93, ...honest },
  'JSON + error + nginx.conf': { fair: 0.95, ...honest },
  'combined + error': { fair: 0.88, ...honest },
  'combined alone': { precision: 0.85, ...honest },
};

/** Of the recordings of the chain, given the logs of every hop that they have. */
export const chainGoals: Goals = {
  fair: 0.9,
  mechanismFair: 0.8,
  hop: 0.97,
  calibrationError: 0.06,
  wrongOfSure: 0.02,
};
