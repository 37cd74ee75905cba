import { type HttpStatus, instant, millis, type RequestRecord } from '@why502/model';

/** A request of which nothing is known but the status that somebody saw. */
export function bareStatus(status: HttpStatus, file: string, line: number): RequestRecord {
  return {
    kind: 'request',
    row: { source: 'nginx', file, line },
    lineHash: `status ${status}`,
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
    ownPage: undefined,
    service: undefined,
    attempts: [],
    said: undefined,
    place: undefined,
    asker: 'visitor',
    cached: false,
    trail: { ids: [], forwardedFor: undefined, egress: undefined },
    logged: new Set(),
  };
}
