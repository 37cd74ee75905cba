/** What a tail has counted, as it stands in the folder of its state. */
export interface Counters {
  /** The folder. */
  readonly folder: string;
  /** Since it began to read last; undefined where nothing was kept yet. */
  readonly lines: LineCounts | undefined;
  /** Since the state was made; undefined where nothing was kept yet. */
  readonly failures: FailureCounts | undefined;
  /** How often lines may have been lost between the copy of a log and its truncation, since the state was made; undefined where nobody counted. */
  readonly gaps: number | undefined;
  /** By sink, since it gets any. */
  readonly sinks: readonly SinkCounts[];
}

/** What became of lines: those that were read are the sum of the others. */
export interface LineCounts {
  readonly read: number;
  /** Requests and error lines that were handed to the judging. */
  readonly counted: number;
  /** Blank, headers, or the rest of a record of several lines. */
  readonly setAside: number;
  /** They do not fit their format. */
  readonly faults: number;
  /** Scanned, and held back until other logs have come so far. */
  readonly waiting: number;
}

/**
 * What became of failures: those that were found are the sum of the others. One is found by its first look, or by its verdict where
 * nobody looked: what was written while no tail ran gets no first look.
 */
export interface FailureCounts {
  readonly found: number;
  /** Final ones; also of those that another hop's verdict stands for. */
  readonly verdicts: number;
  /** A first look was said, and their context has not closed. */
  readonly waiting: number;
  /** A first look was said that no verdict followed: its line turned out to be about another request. */
  readonly withdrawn: number;
}

/** What became of the results that were put in, for one sink: what was accepted is the sum of the others. */
export interface SinkCounts {
  readonly sink: string;
  readonly accepted: number;
  readonly delivered: number;
  readonly waiting: number;
  /** Those that the sink named are laid aside as dead letters. */
  readonly refused: number;
  /** To make room, where they wait in memory. Default 0. */
  readonly dropped?: number;
}

/** A sum and its parts. */
export interface Conservation {
  /** `lines`, `failures`, or the name of a sink. */
  readonly of: string;
  readonly sum: number;
  readonly parts: Readonly<Record<string, number>>;
  /** By how much the parts are less than the sum; 0 where nothing was lost or doubled. */
  readonly missing: number;
}

/** Each sum with its parts, those that were counted. */
export function conservations({ lines, failures, sinks }: Counters): readonly Conservation[] {
  return [
    ...(lines === undefined
      ? []
      : [
          conservation('lines', lines.read, {
            counted: lines.counted,
            set_aside: lines.setAside,
            faults: lines.faults,
            waiting: lines.waiting,
          }),
        ]),
    ...(failures === undefined
      ? []
      : [
          conservation('failures', failures.found, {
            verdicts: failures.verdicts,
            waiting: failures.waiting,
            withdrawn: failures.withdrawn,
          }),
        ]),
    ...sinks.map(({ sink, accepted, delivered, waiting, refused }) =>
      conservation(sink, accepted, { delivered, waiting, refused }),
    ),
  ];
}

function conservation(of: string, sum: number, parts: Readonly<Record<string, number>>): Conservation {
  return { of, sum, parts, missing: sum - Object.values(parts).reduce((total, part) => total + part, 0) };
}
