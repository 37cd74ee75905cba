import type { RowRef } from '@why502/model';
import { type Failure, hostOf } from '../failure.ts';
import type { Standings } from '../weigh/standings.ts';

/**
 * nginx puts a failed peer aside for fail_timeout, 10 s unless configured (ngx_http_upstream_module); a little more for
 * stamps of a second.
 */
const failTimeoutMs = 12_000;

/** A longer fail_timeout is looked for only when nothing is nearer. */
const longestFailTimeoutMs = 65_000;

/** The latest failures say it all: in a storm there are thousands alike. */
const mostAsked = 64;

/**
 * Without an attempt there is no peer to put aside, and what only a status tells is no reason to assume that one was.
 */
const putsNoPeerAside: ReadonlySet<string> = new Set(['answering', 'none', 'unpicked', 'left', 'unknown']);

/** A failure that may have made the proxy put a peer aside, and what it was found to be. */
export interface Primary {
  readonly id: string;
  readonly time: number;
  readonly row: RowRef | undefined;
  readonly standings: Standings;
}

/** Settled failures after which the proxy may have put peers aside. */
export class Primaries {
  readonly #broken = new Ledger();
  readonly #answered = new Ledger();

  add(failure: Failure, standings: Standings): void {
    if (putsNoPeerAside.has(failure.phase)) return;
    // An answer counts as a failure of the peer only with `proxy_next_upstream http_500` and its like: then it is repeated.
    const answered = failure.phase === 'relayed';
    if (answered && (failure.request?.attempts.length ?? 0) < 2) return;
    (answered ? this.#answered : this.#broken).add(failure, {
      id: failure.id,
      time: failure.time,
      row: failure.request?.row ?? failure.errors[0]?.row,
      standings,
    });
  }

  /**
   * The failures that made the proxy put the peers aside, the most recent first. Empty when the log shows none: then
   * the peers were never there, or the failures before it are not in the log.
   *
   * @param answeredAround the route is answered at other times: where it never is, answers did not put its peers aside
   */
  of(failure: Failure, answeredAround: boolean): readonly Primary[] {
    const broken = this.#broken.before(failure);
    const near = broken.filter((one) => failure.time - one.time <= failTimeoutMs);
    if (broken.length > 0) return near.length > 0 ? near : broken;
    if (!answeredAround) return [];
    return this.#answered.before(failure).filter((one) => failure.time - one.time <= failTimeoutMs);
  }

  forgetBefore(time: number): void {
    this.#broken.forgetBefore(time);
    this.#answered.forgetBefore(time);
  }
}

/** Settled failures by service and by host, each in order of time. */
class Ledger {
  readonly #byService = new Map<number, Primary[]>();
  readonly #byHost = new Map<string, Primary[]>();

  add(failure: Failure, primary: Primary): void {
    push(this.#byService, failure.serviceId, primary);
    const host = hostOf(failure);
    if (host !== undefined) push(this.#byHost, host, primary);
  }

  /** The latest before the failure, the most recent first. */
  before(failure: Failure): readonly Primary[] {
    const host = hostOf(failure);
    const known =
      this.#byService.get(failure.serviceId) ?? (host === undefined ? undefined : this.#byHost.get(host));
    const latest: Primary[] = [];
    for (let index = (known?.length ?? 0) - 1; index >= 0 && latest.length < mostAsked; index--) {
      const one = known![index]!;
      if (failure.time - one.time > longestFailTimeoutMs) break;
      if (one.time <= failure.time) latest.push(one);
    }
    return latest;
  }

  forgetBefore(time: number): void {
    for (const table of [this.#byService, this.#byHost]) {
      for (const list of table.values()) {
        const kept = list.findIndex((one) => one.time >= time - longestFailTimeoutMs);
        list.splice(0, kept < 0 ? list.length : kept);
      }
    }
  }
}

function push<K>(map: Map<K, Primary[]>, key: K, value: Primary): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
