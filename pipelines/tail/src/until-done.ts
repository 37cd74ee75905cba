import { Problem } from '@why502/model';

/** So long it waits before it tries again, ms. */
const pauseMs = 1_000;

export interface Persistence {
  /** Told why it does not succeed, once for each reason. */
  readonly trouble: (problem: Problem) => void;
  /** Ends the trying. */
  readonly stop: AbortSignal;
}

/**
 * Does what a full disk or the like may keep from being done, until it is done: whoever waits for it waits, and nothing is lost.
 *
 * @throws Problem the last one, where it is stopped; at once what is no problem
 */
export async function untilDone(work: () => void, { trouble, stop }: Persistence): Promise<void> {
  for (let said: string | undefined; ; ) {
    try {
      work();
      return;
    } catch (error) {
      if (!(error instanceof Problem) || stop.aborted) throw error;
      if (error.code !== said) trouble(error);
      said = error.code;
      await pause(stop);
    }
  }
}

function pause(stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      stop.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, pauseMs);
    stop.addEventListener('abort', done);
  });
}
