import type { FileIdentity, FollowerState, Inbox } from '@why502/flow';
import type { Checkpoint } from './checkpoint.ts';

/** Takes away what was read, by a checkpoint that is kept: no restart will want it again. */
export function sweep(inbox: Inbox, { following }: Pick<Checkpoint, 'following'>): void {
  const { positions = [], settled = [] } = following as Partial<FollowerState>;
  const wanted = new Set(positions.map(({ device, inode }) => `${device}:${inode}`));
  // What came since the checkpoint may have the inode of what was taken away before.
  const done = new Set(settled.map(keyOf));
  inbox.sweep((file) => done.has(keyOf(file)) && !wanted.has(`${file.device}:${file.inode}`));
}

function keyOf({ device, inode, birth }: FileIdentity): string {
  return `${device}:${inode}:${birth}`;
}
