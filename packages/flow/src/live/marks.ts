import type { Place } from './queue-scan.ts';

/** Marks are set this far apart at least, ms of log time. */
const apartMs = 5_000;

interface Mark extends Place {
  /** No line before it is later than this, save those whose stamp nobody believes. */
  readonly latest: number;
}

/**
 * Places of a log to which a reading can go back, some for every minute that may still be asked for: where reading begins
 * again after a restart is chosen by log time.
 */
export class Marks {
  readonly #marks: Mark[];

  /** @param begin where the reading began */
  constructor(begin: Place) {
    this.#marks = [{ ...begin, latest: Number.NEGATIVE_INFINITY }];
  }

  /** All lines before the place were handed on, the latest of them from this time. */
  add(place: Place, latest: number): void {
    const newest = this.#marks.at(-1)!;
    if (latest >= newest.latest + apartMs && place.offset > newest.offset)
      this.#marks.push({ ...place, latest });
  }

  /** The last place before which no line is from this time or later; the places before it are forgotten. */
  before(time: number): Place {
    let index = this.#marks.findLastIndex(({ latest }) => latest < time);
    if (index < 0) index = 0;
    this.#marks.splice(0, index);
    const { offset, line } = this.#marks[0]!;
    return { offset, line };
  }
}
