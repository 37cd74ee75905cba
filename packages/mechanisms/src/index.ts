import type { Mechanism } from '@why502/model';
import { accessBlocked } from './access-blocked.ts';
import { applicationError } from './application-error.ts';
import { authDependency } from './auth-dependency.ts';
import { badClientRequest } from './bad-client-request.ts';
import { certificateInvalid } from './certificate-invalid.ts';
import { clientAbort } from './client-abort.ts';
import { connectTimeout } from './connect-timeout.ts';
import { connectionLimit } from './connection-limit.ts';
import { connectionQueueFull } from './connection-queue-full.ts';
import { crashMidResponse } from './crash-mid-response.ts';
import { deployDrain } from './deploy-drain.ts';
import { fixedResponse } from './fixed-response.ts';
import { functionError } from './function-error.ts';
import { headerTooBig } from './header-too-big.ts';
import { hostUnreachable } from './host-unreachable.ts';
import { inconsistentAnswers } from './inconsistent-answers.ts';
import { invalidUpstream } from './invalid-upstream.ts';
import { keepaliveMismatch } from './keepalive-mismatch.ts';
import { malformedResponse } from './malformed-response.ts';
import { nameNotFound } from './name-not-found.ts';
import { noTargets } from './no-targets.ts';
import { outOfMemory } from './out-of-memory.ts';
import { processDown } from './process-down.ts';
import { protocolMismatch } from './protocol-mismatch.ts';
import { providerFault } from './provider-fault.ts';
import { proxyConnectionLimit } from './proxy-connection-limit.ts';
import { rateLimited } from './rate-limited.ts';
import { relayedGatewayError } from './relayed-gateway-error.ts';
import { resetInTransit } from './reset-in-transit.ts';
import { resolverFailure } from './resolver-failure.ts';
import { resolverMissing } from './resolver-missing.ts';
import { routeBug } from './route-bug.ts';
import { routingLoop } from './routing-loop.ts';
import { socketMissing } from './socket-missing.ts';
import { socketPermission } from './socket-permission.ts';
import { staleAddress } from './stale-address.ts';
import { timeoutTooShort } from './timeout-too-short.ts';
import { timeoutUnderLoad } from './timeout-under-load.ts';
import { tlsHandshake } from './tls-handshake.ts';
import { tunnelDown } from './tunnel-down.ts';
import { workerExhaustion } from './worker-exhaustion.ts';
import { wrongAddress } from './wrong-address.ts';

/** Every mechanism that why502 knows, by id. */
export const mechanisms: readonly Mechanism[] = [
  accessBlocked,
  applicationError,
  authDependency,
  badClientRequest,
  certificateInvalid,
  clientAbort,
  connectTimeout,
  connectionLimit,
  connectionQueueFull,
  crashMidResponse,
  deployDrain,
  fixedResponse,
  functionError,
  headerTooBig,
  hostUnreachable,
  inconsistentAnswers,
  invalidUpstream,
  keepaliveMismatch,
  malformedResponse,
  nameNotFound,
  noTargets,
  outOfMemory,
  processDown,
  protocolMismatch,
  providerFault,
  proxyConnectionLimit,
  rateLimited,
  relayedGatewayError,
  resetInTransit,
  resolverFailure,
  resolverMissing,
  routeBug,
  routingLoop,
  socketMissing,
  socketPermission,
  staleAddress,
  timeoutTooShort,
  timeoutUnderLoad,
  tlsHandshake,
  tunnelDown,
  workerExhaustion,
  wrongAddress,
];
