import type { NameTable } from '@why502/model';
import type { Digest } from './digest.ts';
import { RouteFamilies } from './route-family.ts';
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
  /** Successes of the route in the same 10 s, where it goes on to be answered. */
  readonly okNear: number;
}

/** Requests of a route in each bucket, on average. */
export interface PaceContext {
  readonly now: number;
  /** 0 where the log begins then. */
  readonly before: number;
  /** Slowest success of a quiet bucket before, ms; undefined without one. */
  readonly usualSlowest: number | undefined;
}

/** Answers of a route in the whole context. */
export interface NamingContext {
  /** Answers whose line names the peer. */
  readonly named: number;
  /** Answers without one: out of a store, by the hop itself, or by way of what has no address. */
  readonly unnamed: number;
}

/** A family is looked at instead of its member when it fails at least this often for each time that the member does. */
const leastKept = 0.8;

/** What routes of services went through around the bucket that the context is at. */
export class RouteHistory {
  readonly #windows: Windows;
  readonly #families: RouteFamilies;
  readonly #failures: Sliding<RouteSum>;
  readonly #timeouts: Sliding<RouteSum>;
  readonly #slowest = new Map<number, number>();
  readonly #paces = new Map<number, PaceContext>();
  readonly #naming = new Map<number, NamingContext>();
  #bucket = Number.NaN;

  constructor(windows: Windows, routes: NameTable) {
    this.#windows = windows;
    const families = new RouteFamilies(routes);
    this.#families = families;
    const sums = (fails: Failing) =>
      new Sliding<RouteSum>(-bucketsBefore, bucketsAfter, (sums, digest, sign) =>
        addRoutes(sums, digest, sign, families, fails),
      );
    this.#failures = sums(({ failed }) => failed);
    this.#timeouts = sums(({ timedOut }) => timedOut);
  }

  moveTo(bucket: number, digestOf: (index: number) => Digest | undefined): void {
    this.#bucket = bucket;
    this.#slowest.clear();
    this.#naming.clear();
    this.#paces.clear();
    this.#failures.moveTo(bucket, digestOf);
    this.#timeouts.moveTo(bucket, digestOf);
  }

  /**
   * Of the route, or of its largest family that fails about as often as the route does.
   *
   * @param timedOut only timeouts count as failures: where peers are put aside after some, others fail in other ways
   */
  record(serviceId: number, routeId: number, timedOut: boolean): RouteContext {
    const sums = timedOut ? this.#timeouts : this.#failures;
    const okNear = this.#okNear(serviceId, routeId);
    let widest = sums.get(routeKey(serviceId, routeId));
    if (widest === undefined)
      return { failedHere: 0, okHere: 0, failedElsewhere: 0, okElsewhere: 0, okAround: 0, okNear };
    for (const family of this.#families.of(routeId)) {
      const wider = sums.get(routeKey(serviceId, family));
      if (wider === undefined || failingShare(wider) < leastKept * failingShare(widest)) break;
      widest = wider;
    }
    return {
      failedHere: widest.failed,
      okHere: widest.ok,
      failedElsewhere: widest.serviceFailed - widest.failed,
      okElsewhere: widest.serviceOk - widest.ok,
      okAround: widest.okAround,
      okNear,
    };
  }

  /** Successes within the bucket, where the route is still answered in the next one; the service may stand still in it. */
  #okNear(serviceId: number, routeId: number): number {
    const next = this.#windows.at(this.#bucket + 1);
    const okNext = next?.routes.get(serviceId)?.get(routeId)?.ok ?? 0;
    const stops = okNext === 0 && (next?.services.get(serviceId)?.ok ?? 0) > 0;
    return stops ? 0 : (this.#windows.at(this.#bucket)?.routes.get(serviceId)?.get(routeId)?.ok ?? 0);
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

  /** How often a route was asked for, and how long it took at most, about now and before. */
  pace(serviceId: number, routeId: number): PaceContext {
    const key = routeKey(serviceId, routeId);
    let found = this.#paces.get(key);
    if (found === undefined) {
      found = this.#paceOf(serviceId, routeId);
      this.#paces.set(key, found);
    }
    return found;
  }

  #paceOf(serviceId: number, routeId: number): PaceContext {
    const bucket = this.#bucket;
    const at = (index: number) => this.#windows.at(index)?.routes.get(serviceId)?.get(routeId);
    const requests = (index: number) => (at(index)?.ok ?? 0) + (at(index)?.failed ?? 0);
    const first = Math.max(bucket - bucketsBefore, this.#windows.begun);
    const buckets = bucket - 1 - first;
    const slowest: number[] = [];
    let before = 0;
    for (let index = first; index < bucket - 1; index++) {
      before += requests(index);
      const counts = at(index);
      if (counts !== undefined && counts.ok > 0) slowest.push(counts.slowestOk);
    }
    return {
      now: (requests(bucket - 1) + requests(bucket) + requests(bucket + 1)) / 3,
      before: buckets > 0 ? before / buckets : 0,
      // The quieter quarter: a crowd that goes on for minutes is most of what lies before.
      usualSlowest: slowest.sort((a, b) => a - b)[slowest.length >> 2],
    };
  }

  /** How the answers of a route in the context name their peers. */
  naming(serviceId: number, routeId: number): NamingContext {
    const bucket = this.#bucket;
    const key = routeKey(serviceId, routeId);
    let found = this.#naming.get(key);
    if (found === undefined) {
      const sum = { named: 0, unnamed: 0 };
      for (let index = bucket - bucketsBefore; index <= bucket + bucketsAfter; index++) {
        const counts = this.#windows.at(index)?.routes.get(serviceId)?.get(routeId);
        if (counts === undefined) continue;
        sum.named += counts.okNamed;
        sum.unnamed += counts.ok - counts.okNamed;
      }
      found = sum;
      this.#naming.set(key, found);
    }
    return found;
  }
}

interface RouteSum {
  failed: number;
  ok: number;
  serviceFailed: number;
  serviceOk: number;
  okAround: number;
}

/** Routes and families have ids below 4,096. */
function routeKey(serviceId: number, routeId: number): number {
  return serviceId * 4_096 + routeId;
}

function failingShare({ failed, ok }: RouteSum): number {
  return failed + ok === 0 ? 0 : failed / (failed + ok);
}

interface Counts {
  ok: number;
  failed: number;
  timedOut: number;
}

/** Which of the failures are counted. */
type Failing = (counts: Counts) => number;

function addRoutes(
  sums: Map<number, RouteSum>,
  digest: Digest,
  sign: 1 | -1,
  families: RouteFamilies,
  fails: Failing,
): void {
  digest.routes.forEach((routes, serviceId) => {
    const service = digest.services.get(serviceId);
    const inFamily = new Map<number, Counts>();
    routes.forEach((counts, routeId) => {
      addRoute(sums, routeKey(serviceId, routeId), counts, service, sign, fails);
      for (const family of families.of(routeId)) {
        const sum = inFamily.get(family);
        if (sum === undefined)
          inFamily.set(family, { ok: counts.ok, failed: counts.failed, timedOut: counts.timedOut });
        else {
          sum.ok += counts.ok;
          sum.failed += counts.failed;
          sum.timedOut += counts.timedOut;
        }
      }
    });
    inFamily.forEach((counts, family) => {
      addRoute(sums, routeKey(serviceId, family), counts, service, sign, fails);
    });
  });
}

function addRoute(
  sums: Map<number, RouteSum>,
  key: number,
  counts: Counts,
  service: Counts | undefined,
  sign: 1 | -1,
  fails: Failing,
): void {
  const { ok } = counts;
  const failed = fails(counts);
  let sum = sums.get(key);
  if (sum === undefined) {
    sum = { failed: 0, ok: 0, serviceFailed: 0, serviceOk: 0, okAround: 0 };
    sums.set(key, sum);
  }
  sum.okAround += sign * ok;
  if (failed === 0) return;
  sum.failed += sign * failed;
  sum.ok += sign * ok;
  sum.serviceFailed += sign * (service === undefined ? 0 : fails(service));
  sum.serviceOk += sign * (service?.ok ?? 0);
}
