import { statusGetsVerdict } from '@why502/model';
import { type CellTable, durationBins } from './cell-table.ts';
import { answered, endsByTimer, failed, timedOut } from './route-outcome.ts';

/** What one closed bucket says about a peer. */
export interface PeerCounts {
  ok: number;
  failed: number;
  /** Successes whose connect took as long as a repeated SYN. */
  slowConnects: number;
  /** A bit per half second of the bucket in which the peer answered; stamps of whole seconds set both. */
  okSlots: number;
}

/** What became of the requests of a service at one of its peers. */
export interface ShareCounts {
  ok: number;
  failed: number;
}

/** What one closed bucket says about a service. */
export interface ServiceCounts {
  requests: number;
  ok: number;
  /** Without those that only found no peer free. */
  failed: number;
  /** Of the failed, those that ended in a timeout. */
  timedOut: number;
  /** Sum of all durations, ms: over the bucket's length it is the mean number of requests in flight. */
  busyMs: number;
  /** Durations of successes by histogram bin. */
  readonly okDurations: Uint32Array;
  /** Its peers by id; groups and what was answered without a peer left out. */
  readonly peers: Map<number, ShareCounts>;
}

/** What one closed bucket says about a route of a service. */
export interface RouteCounts {
  ok: number;
  failed: number;
  /** Of the failed, those that a timer ended. */
  timedOut: number;
  /** Slowest success, ms. */
  slowestOk: number;
  /** Of the successes, those whose line names the peer that answered. */
  okNamed: number;
}

export interface Digest {
  readonly peers: ReadonlyMap<number, PeerCounts>;
  readonly services: ReadonlyMap<number, ServiceCounts>;
  /** Service id → route id → counts. */
  readonly routes: ReadonlyMap<number, ReadonlyMap<number, RouteCounts>>;
  /** Service id → place id → counts. */
  readonly places: ReadonlyMap<number, ReadonlyMap<number, ShareCounts>>;
}

/** The cells of one bucket; for their keys see `Bucket` in windows.ts. */
interface Cells {
  readonly flows: CellTable;
  readonly routes: CellTable;
  readonly places: CellTable;
}

/** Sums a bucket's cells by peer, service, route and place. */
export function digest(
  { flows, routes, places }: Cells,
  statusMask: number,
  isGroup: (peerId: number) => boolean,
): Digest {
  const peers = new Map<number, PeerCounts>();
  const services = new Map<number, ServiceCounts>();
  for (let cell = 0; cell < flows.size; cell++) {
    const requests = flows.requests[cell]!;
    const status = flows.key(cell, 3) & statusMask;
    const ok = !statusGetsVerdict(status);
    const isFailure = status >= 500;
    const service = entry(services, flows.key(cell, 1), () => ({
      requests: 0,
      ok: 0,
      failed: 0,
      timedOut: 0,
      busyMs: 0,
      okDurations: new Uint32Array(durationBins),
      peers: new Map(),
    }));
    service.requests += requests;
    service.busyMs += flows.durationSum[cell]!;
    if (ok) {
      service.ok += requests;
      for (let bin = 0; bin < durationBins; bin++) {
        service.okDurations[bin]! += flows.durations[cell * durationBins + bin]!;
      }
    } else if (isFailure && !isGroup(flows.key(cell, 2))) service.failed += requests;
    if (endsByTimer(status)) service.timedOut += requests;
    const peerId = flows.key(cell, 2);
    if (peerId === 0) continue;
    const peer = entry(peers, peerId, () => ({ ok: 0, failed: 0, slowConnects: 0, okSlots: 0 }));
    if ((ok || isFailure) && !isGroup(peerId)) {
      const share = entry(service.peers, peerId, () => ({ ok: 0, failed: 0 }));
      if (ok) share.ok += requests;
      else share.failed += requests;
    }
    if (ok) {
      peer.ok += requests;
      peer.slowConnects += flows.slowConnects[cell]!;
      peer.okSlots |= flows.slots[cell]!;
    } else if (isFailure) peer.failed += requests;
  }
  return { peers, services, routes: routesOf(routes), places: placesOf(places) };
}

function routesOf(cells: CellTable): Map<number, Map<number, RouteCounts>> {
  const services = new Map<number, Map<number, RouteCounts>>();
  for (let cell = 0; cell < cells.size; cell++) {
    const routes = entry(services, cells.key(cell, 0), () => new Map<number, RouteCounts>());
    const counts = entry(routes, cells.key(cell, 1), noRoute);
    const outcome = cells.key(cell, 2);
    if (outcome === answered) {
      counts.ok += cells.requests[cell]!;
      if (cells.key(cell, 3) !== 0) counts.okNamed += cells.requests[cell]!;
      counts.slowestOk = Math.max(counts.slowestOk, cells.durationMax[cell]!);
    } else if (outcome === failed || outcome === timedOut) {
      counts.failed += cells.requests[cell]!;
      if (outcome === timedOut) counts.timedOut += cells.requests[cell]!;
    }
  }
  return services;
}

function noRoute(): RouteCounts {
  return { ok: 0, failed: 0, timedOut: 0, slowestOk: 0, okNamed: 0 };
}

function placesOf(cells: CellTable): Map<number, Map<number, ShareCounts>> {
  const services = new Map<number, Map<number, ShareCounts>>();
  for (let cell = 0; cell < cells.size; cell++) {
    const outcome = cells.key(cell, 2);
    const isFailure = outcome === failed || outcome === timedOut;
    if (outcome !== answered && !isFailure) continue;
    const places = entry(services, cells.key(cell, 0), () => new Map<number, ShareCounts>());
    const counts = entry(places, cells.key(cell, 1), () => ({ ok: 0, failed: 0 }));
    if (isFailure) counts.failed += cells.requests[cell]!;
    else counts.ok += cells.requests[cell]!;
  }
  return services;
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

/** Adds counts to a peer's sum, or with -1 takes them away. */
export function addShare(
  sums: Map<number, ShareCounts>,
  id: number,
  { ok, failed }: ShareCounts,
  sign: 1 | -1,
): void {
  const sum = sums.get(id);
  if (sum === undefined) sums.set(id, { ok, failed });
  else {
    sum.ok += sign * ok;
    sum.failed += sign * failed;
  }
}
