import type { LineFormat } from '../lines.ts';
import { type Entry, neighbourFormat, type Told } from '../neighbour-log.ts';
import { entryLines } from './entries.ts';
import type { Layout } from './layout.ts';

/**
 * Attempts of clients to connect, by which requests are explained that never came. None of them made a 502.
 * @param layout undefined for objects of JSON
 */
export function connectionFormat(layout: Layout | undefined): LineFormat {
  return neighbourFormat('ALB connection log', 'alb_connection', entryLines(layout), told);
}

function told(entry: Entry): Told | undefined {
  const client = entry.get('client_ip');
  if (client === undefined) return undefined;
  const id = entry.get('conn_trace_id');
  // Without TLS there is nothing to verify.
  const verified = entry.get('tls_verify_status') ?? 'Success';
  const failed = /^Failed:?(.*)$/i.exec(verified)?.[1];
  return {
    level: failed === undefined ? 'info' : 'error',
    symptom: failed === undefined ? 'other' : 'client_invalid',
    message:
      failed === undefined
        ? 'connection accepted'
        : `connection refused: ${failed === '' ? 'no code' : failed}`,
    client,
    ...(id === undefined ? {} : { ids: [{ kind: 'connection', value: id }] }),
  };
}
