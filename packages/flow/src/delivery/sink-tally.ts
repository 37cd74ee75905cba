import type { SinkCounts } from '@why502/model';

/** What became of some results that were tried together. */
export interface Settled {
  readonly results: number;
  readonly delivered?: number;
  readonly refused?: number;
  readonly dropped?: number;
}

/** Counts what becomes of the results for one sink where nothing of it is on the disk. */
export class SinkTally {
  readonly #sink: string;
  #accepted = 0;
  #waiting = 0;
  #delivered = 0;
  #refused = 0;
  #dropped = 0;

  constructor(sink: string) {
    this.#sink = sink;
  }

  accept(results: number): void {
    this.#accepted += results;
    this.#waiting += results;
  }

  settle({ results, delivered = 0, refused = 0, dropped = 0 }: Settled): void {
    this.#waiting -= results;
    this.#delivered += delivered;
    this.#refused += refused;
    this.#dropped += dropped;
  }

  get counts(): SinkCounts {
    return {
      sink: this.#sink,
      accepted: this.#accepted,
      delivered: this.#delivered,
      waiting: this.#waiting,
      refused: this.#refused,
      dropped: this.#dropped,
    };
  }
}
