/** The clock of the machine, and waiting by it. Log time never comes from it. */
export interface FollowerClock {
  /** ms since some moment. */
  monotonic(): number;
  /** ms since the epoch, for the age of files. */
  wall(): number;
  /** `done` resolves after so many ms, or when `wake` is called. */
  sleep(ms: number): { readonly done: Promise<void>; wake(): void };
}

export const machineClock: FollowerClock = {
  monotonic: () => performance.now(),
  wall: () => Date.now(),
  sleep(ms) {
    let wake = () => {};
    const done = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    return { done, wake };
  },
};
