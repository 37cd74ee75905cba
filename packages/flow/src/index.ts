export { batchOf } from './delivery/batch.ts';
export { type Patience, patient } from './delivery/patient.ts';
export { sparing } from './delivery/sparing.ts';
export { diskTree } from './disk-tree.ts';
export { expand } from './expand.ts';
export { fileSource } from './file-source.ts';
export type { Consumer, Input, Reading } from './input.ts';
export { type LiveClock, type LiveConsumer, LivePump, type LivePumpOptions } from './live/live-pump.ts';
export type { LiveInput, LiveReading } from './live/live-reading.ts';
export { type Place, QueueScan } from './live/queue-scan.ts';
export { pump } from './pump.ts';
export { Repeats } from './repeats.ts';
export { ChunkScan, type Scan } from './scan.ts';
export { streamSource } from './stream-source.ts';
export { type CheckpointFile, checkpointFile } from './tail/checkpoint-file.ts';
export { diskFiles, type FileLayer, type FileStat, type OpenFile } from './tail/file-layer.ts';
export {
  type EndReason,
  type FollowEvent,
  Follower,
  type FollowerClock,
  type FollowerOptions,
} from './tail/follower.ts';
export type { Unpack } from './tail/generation.ts';
export type { FollowerState, Position, Settled } from './tail/position.ts';
export type { Counts } from './threads/protocol.ts';
export { RemoteScan } from './threads/remote-scan.ts';
export { type Job, serveScan } from './threads/serve-scan.ts';
