/** What becomes of the lines of a log: requests, error lines, lines that go on with those, and lines set aside as no line of the log. */
export interface Expected {
  readonly format: string;
  readonly requests?: number;
  readonly errors?: number;
  readonly goOn?: number;
  readonly strange?: readonly number[];
  /** Requests with a status of 5xx, by it. */
  readonly failed?: Readonly<Record<string, number>>;
}

/** Where another project sees something else, and why we do not follow it. */
export interface Disagreement {
  readonly file: string;
  readonly key: string;
  readonly lines: readonly number[] | 'all';
  readonly why: string;
}
