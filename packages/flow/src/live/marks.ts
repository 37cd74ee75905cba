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
  /** The last line before it may be stamped wrongly: the next one tells. `latest` is that line's time. */
  #doubted: Mark | undefined;

  /** @param begin where the reading began */
  constructor(begin: Place) {
    this.#marks = [{ ...begin, latest: Number.NEGATIVE_INFINITY }];
  }

  /**
   * All lines before the place were handed on.
   * @param sure the latest time of them that counts
   * @param seen the latest that was seen and not denied: that of the last line counts when the line after it agrees
   */
  add(place: Place, { sure, seen }: { readonly sure: number; readonly seen: number }): void {
    const doubted = this.#doubted;
    if (doubted !== undefined) {
      const isBelieved = sure >= doubted.latest;
      const isDenied = seen < doubted.latest;
      if (!isBelieved && !isDenied) return;
      this.#set(isBelieved ? doubted : { ...doubted, latest: sure });
    }
    this.#doubted = { ...place, latest: seen };
  }

  #set(mark: Mark): void {
    const newest = this.#marks.at(-1)!;
    if (mark.latest >= newest.latest + apartMs && mark.offset > newest.offset) this.#marks.push(mark);
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
