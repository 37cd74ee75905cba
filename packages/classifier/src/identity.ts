import {
  type RequestRecord,
  redactId,
  redactTarget,
  redactText,
  type TraceContext,
  type Verdict,
} from '@why502/model';
import { type Failure, outcomeOf } from './failure.ts';
import { remembered } from './remembered.ts';
import { shownName } from './shown-name.ts';

/** What a verdict says of the request itself, as the outermost of its rows does. */
export type Identity = Pick<
  Verdict,
  | 'id'
  | 'time'
  | 'rows'
  | 'requestId'
  | 'trace'
  | 'status'
  | 'method'
  | 'host'
  | 'path'
  | 'duration'
  | 'outcome'
>;

const shownTarget = remembered(redactTarget, 1_000);
const shownMethod = remembered(redactText, 100);

/** Of a failure that one hop tells of. */
export function identityOf(failure: Failure): Identity {
  const { id, time, request, errors } = failure;
  return {
    id,
    time,
    rows: [...(request === undefined ? [] : [request.row]), ...errors.map((line) => line.row)],
    ...shownOf(request),
    trace: request?.trail.trace,
    host: shownName(request?.host ?? errors[0]?.host ?? errors[0]?.server),
    path: shownPath(request?.target ?? errors[0]?.requestLine?.split(' ')[1]),
    outcome: outcomeOf(failure),
  };
}

/** Of a request that several hops tell of, by its outermost row. */
export function identityOfRequest(
  request: RequestRecord,
  rest: Pick<Identity, 'id' | 'rows' | 'trace' | 'outcome'>,
): Identity {
  return {
    ...rest,
    time: request.end,
    ...shownOf(request),
    host: shownName(request.host),
    path: shownPath(request.target),
  };
}

/** The trace of a request that several hops tell of, the outermost first; one whose span is known before one without. */
export function traceOf(requests: readonly RequestRecord[]): TraceContext | undefined {
  const traces = requests.flatMap(({ trail: { trace } }) => trace ?? []);
  return traces.find(({ spanId }) => spanId !== undefined) ?? traces[0];
}

function shownOf(request: RequestRecord | undefined) {
  return {
    requestId: request?.requestId === undefined ? undefined : redactId(request.requestId),
    status: request?.status,
    method: request?.method === undefined ? undefined : shownMethod(request.method),
    duration: request?.duration,
  };
}

function shownPath(target: string | undefined) {
  return target === undefined ? undefined : shownTarget(target);
}
