import type { LiveClock } from '@why502/flow';

/** The clocks of this machine. */
export const machineClock: LiveClock = {
  monotonic: () => performance.now(),
  wall: () => Date.now(),
};
