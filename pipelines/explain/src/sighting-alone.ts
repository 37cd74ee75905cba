import type { PastedPart } from '@why502/formats';
import { type ErrorRecord, instant } from '@why502/model';

/** A line of another program in the place of one of the proxy. */
export function asErrorLine(
  { first, last, text }: Pick<PastedPart, 'first' | 'last' | 'text'>,
  file: string,
): Extract<PastedPart, { kind: 'error_line' }> {
  const record: ErrorRecord = {
    kind: 'error_line',
    row: { source: 'nginx_error', file, line: first },
    lineHash: `line ${first} ${text}`,
    wall: instant(0),
    zoneOffsetMin: undefined,
    level: '',
    pid: undefined,
    connection: undefined,
    symptom: 'other',
    message: text.trim(),
    action: undefined,
    client: undefined,
    server: undefined,
    requestLine: undefined,
    subrequest: undefined,
    scheme: undefined,
    peer: undefined,
    host: undefined,
    truncated: false,
  };
  return { kind: 'error_line', first, last, text, record, dated: false, assumedAction: undefined };
}
