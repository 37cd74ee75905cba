import type { LookName } from './looks.ts';

/** What a status means where nothing else is known, and what would say more. */
export interface StatusWords {
  readonly means: string;
  readonly looks: readonly LookName[];
}

/** https://nginx.org/en/docs/http/ngx_http_upstream_module.html, and what ngx_http_upstream_next answers for whom. */
const table: Readonly<Record<number, StatusWords>> = {
  400: {
    means:
      'The request itself was not valid, or was for TLS on a plain port. The upstream was mostly not asked.',
    looks: [],
  },
  408: { means: 'The client did not send its request in time.', looks: [] },
  413: {
    means: 'The body of the request is larger than client_max_body_size. The upstream was not asked.',
    looks: [],
  },
  444: { means: 'nginx was told to close the connection without an answer (return 444).', looks: [] },
  499: {
    means:
      'The client went away before it had its answer; nginx writes 499 into its log and sends nothing. Look at how long it had waited: a round number is a timer of the caller.',
    looks: ['clients', 'direct'],
  },
  500: {
    means:
      'Either the application answered so itself, or nginx came to the end of its own means: no connections or files left, an address that is not valid, a circle of redirects, a login service that fails.',
    looks: ['errorLog', 'limits'],
  },
  502: {
    means:
      'nginx asked a peer and got no valid answer: the connection was refused, broken off or could not be made, or what came back was no good. Which of these, stands in its error log. A gateway behind nginx may also have answered 502 itself; then the error log is silent.',
    looks: ['errorLog', 'service', 'direct'],
  },
  503: {
    means:
      'Either the application, or a gateway behind nginx, answered so itself; or a rule of yours turned the request away (limit_req, limit_conn, return 503). nginx does not answer 503 because a peer is down: that is 502.',
    looks: ['errorLog', 'zones'],
  },
  504: {
    means:
      'nginx waited for a peer until a timer ended it: for the connection (proxy_connect_timeout), or for the answer (proxy_read_timeout), each 60 s unless configured.',
    looks: ['errorLog', 'timers', 'direct'],
  },
};

const madeElsewhere: StatusWords = {
  means: 'nginx does not make this status by itself: who stands behind or before it did.',
  looks: ['errorLog'],
};

export function statusWords(status: number): StatusWords {
  return table[status] ?? madeElsewhere;
}
