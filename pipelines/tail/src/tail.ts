import type { Summary } from '@why502/model';
import { FormatChoice, readInstead } from '@why502/pipeline-analyze';
import { KnownLogs } from './known-logs.ts';
import type { TailRequest } from './request.ts';
import { TailRun } from './tail-run.ts';

/**
 * Follows logs and says why requests fail: at once by a first look, and for good when the context of a failure has
 * closed, as `analyze` would say of the same lines. Resolves when all inputs have ended or the tail is stopped.
 * @throws Problem where the request itself is wrong, and what `onFinal` and `keep` throw
 */
export async function tail(request: TailRequest): Promise<Summary> {
  const choice = new FormatChoice(request);
  const logs = request.discovery?.logs ?? [];
  const left = new Set([...(await readInstead(logs)).keys()].map(({ source }) => source.name));
  return new TailRun(request, new KnownLogs(choice, logs, left)).toEnd();
}
