import type { Reply } from '../world/network.ts';
import type { Ending } from './exchange.ts';

interface Words {
  readonly level: string;
  readonly text: string;
}

const timedOut = 'upstream timed out (110: Connection timed out) while';
const waiting = 'while reading response header from upstream';
const shaking = 'while SSL handshaking to upstream';

/** What nginx says of an attempt that brought no answer (src/http/ngx_http_upstream.c). */
export function aboutEnding(end: Exclude<Ending, { how: 'answer' | 'gone' }>, verifies: boolean): Words {
  switch (end.how) {
    case 'refused':
      return error('connect() failed (111: Connection refused) while connecting to upstream');
    case 'prohibited':
    case 'unreachable':
      return error('connect() failed (113: No route to host) while connecting to upstream');
    case 'unconnected':
      return error(`${timedOut} connecting to upstream`);
    case 'handshake':
      return error(
        `SSL_do_handshake() failed (SSL: error:0A000410:SSL routines::ssl/tls alert handshake failure:SSL alert number 40) ${shaking}`,
      );
    case 'handshake_late':
      return error(`${timedOut} SSL handshaking to upstream`);
    case 'certificate':
      return error(
        `upstream SSL certificate verify error: (${verifies ? '10:certificate has expired' : '18:self-signed certificate'}) ${shaking}`,
      );
    case 'closed':
      return error(
        end.reset
          ? `recv() failed (104: Connection reset by peer) ${waiting}`
          : `upstream prematurely closed connection ${waiting}`,
      );
    case 'late':
      return error(`${timedOut} reading response header from upstream`);
  }
}

/** What nginx says of a header that it does not take. */
export function aboutAnswer(reply: Reply & { is: 'answer' }): Words {
  if (reply.malformed !== undefined)
    return error(`upstream sent invalid header: "X-Tr\\x20ace..." ${waiting}`);
  return error(`upstream sent too big header ${waiting}`);
}

function error(text: string): Words {
  return { level: 'error', text };
}
