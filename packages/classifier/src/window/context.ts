import { type Evidence, type Names, trafficBucketMs } from '@why502/model';
import type { Digest } from './digest.ts';
import { PeerHistory } from './peer-history.ts';
import { PlaceHistory } from './place-history.ts';
import { RouteHistory } from './route-history.ts';
import { ServiceHistory } from './service-history.ts';
import type { Windows } from './windows.ts';

/**
 * The neighbourhood of one bucket. Failures are asked about in order of time, so sums slide along, and what was summed
 * for one failure is kept for the others of its bucket.
 */
export class Context {
  readonly peers: PeerHistory;
  readonly services: ServiceHistory;
  readonly routes: RouteHistory;
  readonly places: PlaceHistory;
  readonly #windows: Windows;
  readonly #digestOf: (index: number) => Digest | undefined;
  readonly #told = new Map<string, readonly Evidence[]>();
  #bucket = Number.NaN;

  constructor(windows: Windows, names: Names) {
    this.#windows = windows;
    this.#digestOf = (index) => windows.at(index);
    this.peers = new PeerHistory(windows);
    this.services = new ServiceHistory(windows);
    this.routes = new RouteHistory(windows, names.routes);
    this.places = new PlaceHistory(windows);
  }

  /** The context at a bucket; it is one object, and moves. */
  at(bucket: number): this {
    if (bucket === this.#bucket) return this;
    this.#bucket = bucket;
    this.#told.clear();
    for (const history of [this.peers, this.services, this.routes, this.places])
      history.moveTo(bucket, this.#digestOf);
    return this;
  }

  /** What is to be said of something at this bucket, which many failures share: put into words once. */
  told(what: string, say: () => readonly Evidence[]): readonly Evidence[] {
    let told = this.#told.get(what);
    if (told === undefined) {
      told = say();
      this.#told.set(what, told);
    }
    return told;
  }

  /** How much of the log lies before it, ms. */
  watched(): number {
    return Math.max(0, (this.#bucket - this.#windows.begun) * trafficBucketMs);
  }
}
