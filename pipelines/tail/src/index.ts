export { expand, streamSource } from '@why502/flow';
export { type Checkpoint, isCheckpoint, type Progress } from './checkpoint.ts';
export type { FollowEvent, Following, Resting } from './following.ts';
export type { TailRequest } from './request.ts';
export { tail } from './tail.ts';
