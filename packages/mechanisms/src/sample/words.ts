// What nginx says most often, as message and action of `error(...)`.
import type { ErrorSample } from './lines.ts';

type Words = Pick<ErrorSample, 'message' | 'action'>;

const connecting = 'connecting to upstream';
const readingHeader = 'reading response header from upstream';

export const refused: Words = { message: 'connect() failed (111: Connection refused)', action: connecting };

export const connectTimedOut: Words = {
  message: 'upstream timed out (110: Connection timed out)',
  action: connecting,
};

export const headerTimedOut: Words = {
  message: 'upstream timed out (110: Connection timed out)',
  action: readingHeader,
};

export const reset: Words = {
  message: 'recv() failed (104: Connection reset by peer)',
  action: readingHeader,
};

export const closed: Words = { message: 'upstream prematurely closed connection', action: readingHeader };

export const noLivePeer: Words = { message: 'no live upstreams', action: connecting };

export const handshakeTimedOut: Words = {
  message: 'upstream timed out (110: Connection timed out)',
  action: 'SSL handshaking to upstream',
};
