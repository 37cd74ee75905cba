import type { Bucket, StoredObject } from './bucket.ts';

/** All keys are listed so often, ms: others come rarely, and a prefix of years has hundreds of pages. */
const allEvery = 3_600_000;

/** Of keys that name a day those of so many days are listed, today among them: objects are written hours late at most. */
const days = 3;

const dayMs = 86_400_000;

/** How keys write a day: ALB has folders `2026/11/27`, Logpush `20261127`. */
const dateInKey = /^(.*?)(?<!\d)(20\d\d\/\d\d\/\d\d|20\d\d-\d\d-\d\d|20\d{6})(?!\d)/s;

/** Lists what has come lately below a prefix, without listing years of it each time. */
export class RecentKeys {
  readonly #bucket: Bucket;
  readonly #prefix: string;
  /** What stands before a day in keys, and how it is written after that. */
  readonly #stems = new Map<string, string>();
  #hasOthers = false;
  #listedAll = Number.NEGATIVE_INFINITY;

  constructor(bucket: Bucket, prefix: string) {
    this.#bucket = bucket;
    this.#prefix = prefix;
  }

  /** @param now ms since the epoch */
  async *list(now: number): AsyncGenerator<StoredObject> {
    if (this.#hasOthers || now - this.#listedAll >= allEvery) {
      for await (const object of this.#bucket.list(this.#prefix)) {
        this.#learn(object.key);
        yield object;
      }
      this.#listedAll = now;
      return;
    }
    const first = new Date(now - (days - 1) * dayMs).toISOString().slice(0, 10);
    for (const [stem, separator] of this.#stems)
      yield* this.#bucket.list(stem, `${stem}${first.replaceAll('-', separator)}`);
  }

  #learn(key: string): void {
    const [, stem, date] = dateInKey.exec(key) ?? [];
    // Where the prefix names the day itself, what lies below has no order in time.
    if (stem === undefined || !stem.startsWith(this.#prefix)) this.#hasOthers = true;
    else this.#stems.set(stem, date!.length === 8 ? '' : date![4]!);
  }
}
