import type { HopSource, RequestRecord } from '@why502/model';
import { hopOf } from '@why502/model';
import { longestUnlogged } from '../join/same-request.ts';
import { bucketOf } from '../window/windows.ts';

/**
 * How far from the visitor a hop stands: an edge, a program at the edge that asks further for its visitor, a load balancer, a server
 * before the application. A request is seen from the outside in, at each depth once or not at all.
 */
export type Depth = (typeof depths)[number];
export const depths = ['edge', 'program', 'balancer', 'server'] as const;

/** Between which instants a request began and ended, by the clock of the hop that logged it. */
export interface Span {
  readonly startFrom: number;
  readonly startTo: number;
  readonly endFrom: number;
  readonly endTo: number;
  /** The hop says when it began, by its time or by its duration. */
  readonly begun: boolean;
}

/** A request on its way through one hop, and what it was found to be at the hops before and behind. */
export interface Passage {
  readonly request: RequestRecord;
  readonly hop: HopSource;
  readonly depth: Depth;
  /** Whose clock stamped it: servers have one each, an edge or a load balancer keeps to one. */
  readonly clock: string;
  readonly span: Span;
  readonly bucket: number;
  /** Of the failure that its line shows; undefined where it shows none. */
  readonly failure: string | undefined;
  /** The same request at the nearest hop outside, and at the nearest inside. */
  outer: Passage | undefined;
  inner: Passage | undefined;
  /** Rows of the hop inside that look alike, so that none of them was chosen. */
  doubted: boolean;
  /** Other requests that a program at the edge made for this one. */
  readonly asides: Passage[];
}

/** Files of one log that was rotated have one clock: `access.log`, `access.log.1`, `access.log-20261123.gz`. */
const rotation = /([.-]\d[\d.-]*)?(\.(gz|zst|zstd))?$/;

export function passage(request: RequestRecord, failure: string | undefined): Passage {
  const hop = hopOf(request.row.source);
  return {
    request,
    hop,
    depth: hop === 'nginx' ? 'server' : hop === 'alb' ? 'balancer' : depthAtEdge(request),
    clock: hop === 'nginx' ? request.row.file.replace(rotation, '') : hop,
    span: spanOf(request),
    bucket: bucketOf(request.end),
    failure,
    outer: undefined,
    inner: undefined,
    doubted: false,
    asides: [],
  };
}

function depthAtEdge({ asker }: RequestRecord): Depth {
  return asker === 'subrequest' ? 'program' : 'edge';
}

function spanOf({ end, resolution, duration, start }: RequestRecord): Span {
  const endTo = end + resolution;
  if (start !== undefined)
    return { startFrom: start, startTo: start + resolution, endFrom: end, endTo, begun: true };
  if (duration !== undefined)
    return { startFrom: end - duration, startTo: endTo - duration, endFrom: end, endTo, begun: true };
  return { startFrom: end - longestUnlogged, startTo: endTo, endFrom: end, endTo, begun: false };
}

/** Whether the hop asked somebody behind it; what came out of a store may have been asked for in vain before. */
export function asksFurther({ request: { attempts, cached, logged } }: Passage): boolean {
  if (attempts.some(({ status }) => status !== undefined)) return true;
  return !cached && (!logged.has('attempts') || attempts.some(({ peer }) => peer !== undefined));
}

/** The outermost row of the same request. */
export function outermostOf(one: Passage): Passage {
  let root = one;
  while (root.outer !== undefined) root = root.outer;
  return root;
}

/** The innermost row of the same request, by way of the request that its program made first of all that failed. */
export function innermostOf(one: Passage): Passage {
  let end = one;
  while (end.inner !== undefined) end = end.inner;
  return end;
}

/** Whether the one depth is nearer to the visitor than the other. */
export function isOutside(a: Depth, b: Depth): boolean {
  return depths.indexOf(a) < depths.indexOf(b);
}

/** A target without its query. */
export function pathOf(target: string): string {
  const query = target.indexOf('?');
  return query < 0 ? target : target.slice(0, query);
}
