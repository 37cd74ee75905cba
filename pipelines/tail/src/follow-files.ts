import { Follower, type FollowerOptions, type FollowerState } from '@why502/flow';
import { unpack } from '@why502/formats';
import type { Following } from './following.ts';

/** Follows files, folders and patterns: where an earlier follower left off, or without one from where is said. */
export function followFiles(options: Pick<FollowerOptions, 'paths' | 'from' | 'whole' | 'rotateWaitMs'>) {
  return async (state?: unknown): Promise<Following> =>
    new Follower({ ...options, unpack, ...(isState(state) ? { state } : {}) });
}

function isState(state: unknown): state is FollowerState {
  return (
    typeof state === 'object' &&
    state !== null &&
    'positions' in state &&
    Array.isArray(state.positions) &&
    'settled' in state &&
    Array.isArray(state.settled)
  );
}
