import type { RequestIdentity } from '@why502/model';
import { type Depth, type Passage, pathOf } from './passage.ts';
import { Rarity } from './rarity.ts';

/** Rows that look alike are kept by the second in which they ended, ms. */
const slotMs = 1_000;

/** Outside its own hop nobody knows such an id. */
const ofOneHop: ReadonlySet<RequestIdentity['kind']> = new Set(['connection', 'parent_ray']);

/** Where one request may be found again: by its ids, and by what it asked for and when. */
export class Passages {
  readonly #byIdentity = new Map<string, Set<Passage>>();
  readonly #bySlot = new Map<string, Passage[]>();
  readonly #byBucket = new Map<number, Passage[]>();
  /** How common what a row says is among the rows of its depth. */
  readonly rarity = new Rarity();
  /** Rows that show no failure. */
  ordinary = 0;

  /** False for a line that was delivered twice. */
  add(one: Passage): boolean {
    const { ids } = one.request.trail;
    for (const { kind, value } of ids) {
      const known = this.#byIdentity.get(identityKey(one.depth, kind, value));
      if (known === undefined || known.size > mostAlike) continue;
      for (const other of known) if (isSameLine(one, other)) return false;
    }
    for (const { kind, value } of ids) {
      if (kind !== 'connection') put(this.#byIdentity, identityKey(one.depth, kind, value), one);
    }
    const slot = slotKeyOf(one);
    if (slot !== undefined) push(this.#bySlot, slot, one);
    push(this.#byBucket, one.bucket, one);
    this.rarity.add(one, 1);
    if (one.failure === undefined) this.ordinary++;
    return true;
  }

  /** The rows of a depth that name the id; none for an id so common that it tells nothing. */
  named(depth: Depth, kind: RequestIdentity['kind'], value: string): readonly Passage[] {
    const known = this.#byIdentity.get(identityKey(depth, kind, value));
    return known === undefined || known.size > mostAlike ? [] : [...known];
  }

  /** The one row of a depth that shares an id with this one, which nothing else near it does. */
  sameId(one: Passage, depth: Depth, isNear: (other: Passage) => boolean): Passage | undefined {
    for (const { kind, value } of one.request.trail.ids) {
      if (ofOneHop.has(kind)) continue;
      const found = this.named(depth, kind, value).filter(isNear);
      if (found.length === 1) return found[0];
    }
    return undefined;
  }

  /** Rows of a depth that asked for the same and ended between the two instants; undefined where they are too many to compare. */
  alike(one: Passage, depth: Depth, from: number, to: number): readonly Passage[] | undefined {
    const found: Passage[] = [];
    const asked = askedKey(one);
    if (asked === undefined) return found;
    const last = Math.min(Math.floor(to / slotMs), Math.floor(from / slotMs) + mostSlots);
    for (let slot = Math.floor(from / slotMs); slot <= last; slot++) {
      const some = this.#bySlot.get(`${depth}\0${slot}\0${asked}`);
      if (some === undefined) continue;
      if (found.length + some.length > mostCompared) return undefined;
      for (const other of some) found.push(other);
    }
    return found;
  }

  /** The rows of one bucket and depth, in an order that does not depend on that of the files. */
  of(bucket: number, depth: Depth): readonly Passage[] {
    const rows = (this.#byBucket.get(bucket) ?? []).filter((one) => one.depth === depth);
    return rows.sort(
      (a, b) => a.request.end - b.request.end || (a.request.lineHash < b.request.lineHash ? -1 : 1),
    );
  }

  /** Buckets that hold rows, in order. */
  get buckets(): readonly number[] {
    return [...this.#byBucket.keys()].sort((a, b) => a - b);
  }

  forgetBefore(bucket: number): void {
    for (const [index, rows] of this.#byBucket) {
      if (index >= bucket) continue;
      this.#byBucket.delete(index);
      for (const one of rows) this.#forget(one);
    }
  }

  #forget(one: Passage): void {
    this.rarity.add(one, -1);
    if (one.failure === undefined) this.ordinary--;
    const slot = slotKeyOf(one);
    if (slot !== undefined) this.#bySlot.delete(slot);
    for (const { kind, value } of one.request.trail.ids) {
      const key = identityKey(one.depth, kind, value);
      const known = this.#byIdentity.get(key);
      known?.delete(one);
      if (known?.size === 0) this.#byIdentity.delete(key);
    }
  }
}

/** An id of more rows than this within ten minutes is none of one request. */
const mostAlike = 32;

/** Rows beyond this are too many to tell one from the other. */
const mostCompared = 200;

/** A request that took longer is looked for in so many seconds of it. */
const mostSlots = 300;

/** Method and last segment of the path: what is left of a target that a hop has rewritten. */
function askedKey({ request: { method, target } }: Passage): string | undefined {
  if (method === undefined || target === undefined) return undefined;
  const path = pathOf(target);
  return `${method} ${path.slice(path.lastIndexOf('/') + 1)}`;
}

function slotKeyOf(one: Passage): string | undefined {
  const asked = askedKey(one);
  return asked === undefined ? undefined : `${one.depth}\0${Math.floor(one.request.end / slotMs)}\0${asked}`;
}

function identityKey(depth: Depth, kind: string, value: string): string {
  return `${depth}\0${kind}\0${value}`;
}

function isSameLine(a: Passage, b: Passage): boolean {
  return a.request.lineHash === b.request.lineHash && a.request.end === b.request.end;
}

function put<K>(map: Map<K, Set<Passage>>, key: K, value: Passage): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, new Set([value]));
  else known.add(value);
}

function push<K>(map: Map<K, Passage[]>, key: K, value: Passage): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
