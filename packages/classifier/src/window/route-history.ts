import type { Digest } from './digest.ts';
import { Sliding } from './sliding.ts';
import { bucketsAfter, bucketsBefore, type Windows } from './windows.ts';

/** Counts of the buckets in which the route failed, so that the time before a bad release does not dilute it. */
export interface RouteContext {
  readonly failedHere: number;
  readonly okHere: number;
  readonly failedElsewhere: number;
  readonly okElsewhere: number;
  /** Successes of the route in the whole context. */
  readonly okAround: number;
  /** Successes of the route within about 10 s. */
  readonly okNear: number;
}

/** What routes of services went through around the bucket that the context is at. */
export class RouteHistory {
  readonly #windows: Windows;
  readonly #sums = new Sliding<RouteSum>(-bucketsBefore, bucketsAfter, addRoutes);
  readonly #slowest = new Map<number, number>();
  #bucket = Number.NaN;

  constructor(windows: Windows) {
    this.#windows = windows;
  }

  moveTo(bucket: number, digestOf: (index: number) => Digest | undefined): void {
    this.#bucket = bucket;
    this.#slowest.clear();
    this.#sums.moveTo(bucket, digestOf);
  }

  record(serviceId: number, routeId: number): RouteContext {
    const sum = this.#sums.get(routeKey(serviceId, routeId));
    if (sum === undefined)
      return { failedHere: 0, okHere: 0, failedElsewhere: 0, okElsewhere: 0, okAround: 0, okNear: 0 };
    return {
      failedHere: sum.failed,
      okHere: sum.ok,
      failedElsewhere: sum.serviceFailed - sum.failed,
      okElsewhere: sum.serviceOk - sum.ok,
      okAround: sum.okAround,
      okNear: this.#okNear(serviceId, routeId),
    };
  }

  #okNear(serviceId: number, routeId: number): number {
    let ok = 0;
    for (let index = this.#bucket - 1; index <= this.#bucket + 1; index++)
      ok += this.#windows.at(index)?.routes.get(serviceId)?.get(routeId)?.ok ?? 0;
    return ok;
  }

  /** Slowest success of a route in the context, ms; 0 without one. */
  slowestOk(serviceId: number, routeId: number): number {
    const bucket = this.#bucket;
    const key = routeKey(serviceId, routeId);
    let slowest = this.#slowest.get(key);
    if (slowest === undefined) {
      slowest = 0;
      for (let index = bucket - bucketsBefore; index <= bucket + bucketsAfter; index++) {
        slowest = Math.max(
          slowest,
          this.#windows.at(index)?.routes.get(serviceId)?.get(routeId)?.slowestOk ?? 0,
        );
      }
      this.#slowest.set(key, slowest);
    }
    return slowest;
  }
}

interface RouteSum {
  failed: number;
  ok: number;
  serviceFailed: number;
  serviceOk: number;
  okAround: number;
}

/** Routes are at most 2,000 and a name for the rest. */
function routeKey(serviceId: number, routeId: number): number {
  return serviceId * 4_096 + routeId;
}

function addRoutes(sums: Map<number, RouteSum>, digest: Digest, sign: 1 | -1): void {
  digest.routes.forEach((routes, serviceId) => {
    const service = digest.services.get(serviceId);
    routes.forEach(({ ok, failed }, routeId) => {
      const key = routeKey(serviceId, routeId);
      let sum = sums.get(key);
      if (sum === undefined) {
        sum = { failed: 0, ok: 0, serviceFailed: 0, serviceOk: 0, okAround: 0 };
        sums.set(key, sum);
      }
      sum.okAround += sign * ok;
      if (failed === 0) return;
      sum.failed += sign * failed;
      sum.ok += sign * ok;
      sum.serviceFailed += sign * (service?.failed ?? 0);
      sum.serviceOk += sign * (service?.ok ?? 0);
    });
  });
}
