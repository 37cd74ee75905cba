import type { ShareCounts } from './digest.ts';
import { addShare } from './digest.ts';
import type { Windows } from './windows.ts';

/** The places of the hop that served a service within about 10 s, this one against the others. */
export interface PlacesContext {
  readonly places: number;
  readonly failingPlaces: number;
  readonly failedHere: number;
  readonly okHere: number;
  readonly failedElsewhere: number;
  readonly okElsewhere: number;
}

/** What the places of the hop went through around the bucket that the context is at. */
export class PlaceHistory {
  readonly #windows: Windows;
  readonly #ofServices = new Map<number, ReadonlyMap<number, ShareCounts>>();
  #bucket = Number.NaN;

  constructor(windows: Windows) {
    this.#windows = windows;
  }

  moveTo(bucket: number): void {
    this.#bucket = bucket;
    this.#ofServices.clear();
  }

  record(serviceId: number, placeId: number): PlacesContext {
    const found = {
      places: 0,
      failingPlaces: 0,
      failedHere: 0,
      okHere: 0,
      failedElsewhere: 0,
      okElsewhere: 0,
    };
    this.#near(serviceId).forEach(({ ok, failed }, id) => {
      found.places++;
      if (failed > 0) found.failingPlaces++;
      if (id === placeId) {
        found.okHere += ok;
        found.failedHere += failed;
      } else {
        found.okElsewhere += ok;
        found.failedElsewhere += failed;
      }
    });
    return found;
  }

  #near(serviceId: number): ReadonlyMap<number, ShareCounts> {
    let sums = this.#ofServices.get(serviceId);
    if (sums === undefined) {
      const sum = new Map<number, ShareCounts>();
      for (let index = this.#bucket - 1; index <= this.#bucket + 1; index++) {
        this.#windows
          .at(index)
          ?.places.get(serviceId)
          ?.forEach((counts, id) => {
            addShare(sum, id, counts, 1);
          });
      }
      sums = sum;
      this.#ofServices.set(serviceId, sums);
    }
    return sums;
  }
}
