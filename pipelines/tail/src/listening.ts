import type { FollowEvent } from '@why502/flow';
import type { Following } from './following.ts';

/** What woke a listener up; `events` undefined: all inputs have come to their ends. */
export type Heard =
  | { readonly kind: 'told'; readonly events: readonly FollowEvent[] | undefined }
  | { readonly kind: 'silence' }
  | { readonly kind: 'stopped' };

/** Node's timers take no longer spans, ms. */
const longestTimer = 2 ** 31 - 1;

/** Asks a follower for news, no longer than one is willing to wait at a time. */
export class Listening {
  readonly #following: Following;
  readonly #stop: AbortSignal;
  /** What was asked and has not been answered yet. */
  #asked: Promise<Heard> | undefined;

  constructor(following: Following, stop: AbortSignal) {
    this.#following = following;
    this.#stop = stop;
  }

  /** @param patience ms */
  async next(held: ReadonlySet<string>, patience: number): Promise<Heard> {
    if (this.#stop.aborted) return { kind: 'stopped' };
    this.#asked ??= this.#following.next(held).then((events) => ({ kind: 'told', events }));
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stopped: (() => void) | undefined;
    const others = new Promise<Heard>((resolve) => {
      if (Number.isFinite(patience))
        timer = setTimeout(() => resolve({ kind: 'silence' }), Math.min(patience, longestTimer));
      stopped = () => resolve({ kind: 'stopped' });
      this.#stop.addEventListener('abort', stopped, { once: true });
    });
    try {
      const heard = await Promise.race([this.#asked, others]);
      if (heard.kind === 'told') this.#asked = undefined;
      return heard;
    } finally {
      clearTimeout(timer);
      this.#stop.removeEventListener('abort', stopped!);
    }
  }
}
