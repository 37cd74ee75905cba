import type { LogRecord } from '@why502/model';

/** What two readers of a line can agree on, as text; a key that one of them lacks is not compared. */
export type Values = Readonly<Record<string, string>>;

/** A record in that form. */
export function valuesOf(record: LogRecord): Values {
  const { client, host } = record;
  if (record.kind === 'error_line') {
    const { level, pid, connection, server, requestLine, wall } = record;
    const [method, target] = requestLine?.split(' ') ?? [];
    return present({ client, host, level, pid, connection, server, requestLine, method, target, time: wall });
  }
  const { status, method, target, userAgent, requestId, responseBytes, duration, service, end } = record;
  const [first] = record.attempts;
  return present({
    ...{ client, host, method, target, userAgent, requestId, service, time: end },
    status: String(status).padStart(3, '0'),
    bytes: responseBytes,
    duration,
    peer: first?.peer,
    peerStatus: first?.status,
    peerTime: first?.response,
  });
}

export function present(values: Readonly<Record<string, string | number | undefined>>): Values {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      value === undefined || value === '' || value === '-' ? [] : [[key, String(value)]],
    ),
  );
}
