export { createLiveReport, type LiveReport } from '@why502/report';
export { type Checkpoint, isCheckpoint, type Progress } from './checkpoint.ts';
export type { FollowEvent, Following } from './following.ts';
export type { TailRequest } from './request.ts';
export { tail } from './tail.ts';
