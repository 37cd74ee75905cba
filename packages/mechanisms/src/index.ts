import type { Mechanism } from '@why502/model';
import { applicationError } from './application-error.ts';
import { certificateInvalid } from './certificate-invalid.ts';
import { clientAbort } from './client-abort.ts';
import { connectTimeout } from './connect-timeout.ts';
import { connectionQueueFull } from './connection-queue-full.ts';
import { headerTooBig } from './header-too-big.ts';
import { keepaliveMismatch } from './keepalive-mismatch.ts';
import { malformedResponse } from './malformed-response.ts';
import { nameNotFound } from './name-not-found.ts';
import { processDown } from './process-down.ts';
import { protocolMismatch } from './protocol-mismatch.ts';
import { rateLimited } from './rate-limited.ts';
import { resolverFailure } from './resolver-failure.ts';
import { resolverMissing } from './resolver-missing.ts';
import { routeBug } from './route-bug.ts';
import { socketMissing } from './socket-missing.ts';
import { socketPermission } from './socket-permission.ts';
import { tlsHandshake } from './tls-handshake.ts';
import { workerExhaustion } from './worker-exhaustion.ts';

/** Every mechanism that why502 knows, by id. */
export const mechanisms: readonly Mechanism[] = [
  applicationError,
  certificateInvalid,
  clientAbort,
  connectTimeout,
  connectionQueueFull,
  headerTooBig,
  keepaliveMismatch,
  malformedResponse,
  nameNotFound,
  processDown,
  protocolMismatch,
  rateLimited,
  resolverFailure,
  resolverMissing,
  routeBug,
  socketMissing,
  socketPermission,
  tlsHandshake,
  workerExhaustion,
];
