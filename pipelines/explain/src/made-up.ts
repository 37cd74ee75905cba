import {
  type Attempt,
  type HttpStatus,
  instant,
  type LoggedField,
  type Millis,
  millis,
  type RequestRecord,
  type SourceKind,
  type Statement,
} from '@why502/model';

/** What somebody saw of a failure without any log: its status, at which hop, and what that said. */
export interface Seen {
  readonly status: HttpStatus;
  readonly source: SourceKind;
  readonly said: Statement | undefined;
  /** The page is the one that the hop makes by itself; undefined where no page was seen. */
  readonly ownPage: boolean | undefined;
  /** The hop handed on what came from behind it. */
  readonly relayed: boolean;
  /** How far the hop came with whom it asked; absent where nothing tells. */
  readonly attempt?: { readonly connect: Millis | undefined; readonly response: Millis | undefined };
}

const ofAnswer: readonly LoggedField[] = ['attempts', 'attempt_status', 'attempt_header'];
const ofTimes: readonly LoggedField[] = ['attempt_connect', 'attempt_response'];

/** A request of which nothing more is known than what was seen. */
export function madeUp(seen: Seen, file: string, line: number): RequestRecord {
  const { status, source, said, ownPage, relayed, attempt } = seen;
  return {
    kind: 'request',
    row: { source, file, line },
    lineHash: `${source} ${status} ${said?.code ?? ''}`,
    end: instant(0),
    resolution: millis(1_000),
    zoneOffsetMin: undefined,
    duration: undefined,
    start: undefined,
    status,
    method: undefined,
    target: undefined,
    requestLine: undefined,
    route: undefined,
    host: undefined,
    client: undefined,
    userAgent: undefined,
    requestId: undefined,
    connection: undefined,
    responseBytes: undefined,
    ownPage,
    service: undefined,
    attempts: relayed ? [answered(status)] : attempt === undefined ? [] : [failed(attempt)],
    said,
    place: undefined,
    asker: 'visitor',
    cached: false,
    trail: { ids: [], forwardedFor: undefined, egress: undefined },
    logged: new Set<LoggedField>(relayed ? ofAnswer : attempt === undefined ? [] : [...ofAnswer, ...ofTimes]),
  };
}

const unknownAttempt: Attempt = {
  pass: 0,
  peer: undefined,
  status: undefined,
  connect: undefined,
  header: undefined,
  response: undefined,
  bytesReceived: undefined,
  bytesSent: undefined,
};

/** An attempt whose peer answered: that it has a time says so, the time itself is not known. */
function answered(status: HttpStatus): Attempt {
  return { ...unknownAttempt, status, header: millis(0) };
}

/** An attempt that ended without an answer. A target without any address would be a function. */
function failed({ connect, response }: NonNullable<Seen['attempt']>): Attempt {
  return { ...unknownAttempt, peer: 'target:-', connect, response };
}
