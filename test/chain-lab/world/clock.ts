interface Timer {
  readonly time: number;
  /** Timers of the same time go off in the order in which they were set. */
  readonly order: number;
  act(): void;
}

/** The time of a simulation, in milliseconds from its start. It stands still while anybody has something to do. */
export class Clock {
  now = 0;
  readonly #heap: Timer[] = [];
  #set = 0;

  at(time: number, act: () => void): void {
    this.#set += 1;
    const heap = this.#heap;
    const timer = { time: Math.max(time, this.now), order: this.#set, act };
    let place = heap.push(timer) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (!before(timer, heap[above]!)) break;
      heap[place] = heap[above]!;
      place = above;
    }
    heap[place] = timer;
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.at(this.now + milliseconds, resolve));
  }

  until(time: number): Promise<void> {
    return new Promise((resolve) => this.at(time, resolve));
  }

  /** Returns when no timer is left. Whoever acts all the time has to stop by himself. */
  async run(): Promise<void> {
    for (let next = this.#pop(); next !== undefined; next = this.#pop()) {
      this.now = next.time;
      next.act();
      await everybodyWaits();
    }
  }

  #pop(): Timer | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && before(heap[below + 1]!, heap[below]!)) below += 1;
      if (!before(heap[below]!, last)) break;
      heap[place] = heap[below]!;
      place = below;
    }
    heap[place] = last;
    return first;
  }
}

function before(a: Timer, b: Timer): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order);
}

/** All promises that can go on have gone on once the next turn of the event loop begins. */
function everybodyWaits(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Something that happens once, and that many may wait for. */
export class Moment<Value = void> {
  readonly came: Promise<Value>;
  happened = false;
  #resolve!: (value: Value) => void;

  constructor() {
    this.came = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  happen(value: Value): void {
    this.happened = true;
    this.#resolve(value);
  }
}
