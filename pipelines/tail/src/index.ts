export { batchOf, type DeliveryWatch, expand, type FollowEvent } from '@why502/flow';
export { discover, FormatChoice, problemText, readNginxConf, titles } from '@why502/pipeline-analyze';
export {
  countersLine,
  countersText,
  createLiveReport,
  type LiveReport,
  resultLine,
  summaryLine,
} from '@why502/report';
export { type Checkpoint, checkpoint, isCheckpoint, type Progress } from './checkpoint.ts';
export { type Dispatch, type DispatchOptions, openDispatch } from './dispatch.ts';
export { type Fetching, type FetchOptions, fetchObjects } from './fetch-objects.ts';
export { followFiles } from './follow-files.ts';
export { type FollowedSpool, type FollowSpooledOptions, followSpooled } from './follow-spooled.ts';
export { followStream } from './follow-stream.ts';
export type { Following } from './following.ts';
export { type Pushes, receivePushes } from './receive-pushes.ts';
export type { TailRequest } from './request.ts';
export { spoolRoom } from './spool-room.ts';
export { openState, readCounters, type StateFolder } from './state-folder.ts';
export { tail } from './tail.ts';
export { type Persistence, untilDone } from './until-done.ts';
