import type { ExplainedFailure, HopSource, Symptom } from '@why502/model';
import type { LookName } from './looks.ts';
import { statusWords } from './status-words.ts';
import type { SymptomWords } from './symptom-words.ts';

/** What a code means at the hop that says it. Codes of Cloudflare: as in formats/src/cloudflare/said.ts. */
const byCode: Readonly<Record<string, SymptomWords>> = {
  520: {
    means:
      'Cloudflare reached the origin, and what came back was no answer: empty, broken off, not valid HTTP, or with a header that is too large. Most often it is cookies.',
    looks: ['originDirect', 'service', 'edgeLog'],
  },
  521: {
    means:
      "The origin's host answered at once and refused the connection: nothing listens on the port that the SSL mode asks for (443 for Full, 80 for Flexible), or a firewall there rejects Cloudflare's addresses.",
    looks: ['originDirect', 'listening', 'edgeRanges'],
  },
  522: {
    means:
      "Nobody answered at the origin's address: no SYN+ACK within 19 s, or the request was not acknowledged within 90 s. Mostly a firewall drops Cloudflare's addresses without a word; else the record points to a host that is gone, or the host is overrun.",
    looks: ['originDirect', 'edgeRanges', 'queue'],
  },
  523: {
    means:
      "No way leads to the origin's address. Mostly the DNS record at Cloudflare is wrong, or the host lost its address.",
    looks: ['originDirect', 'dns'],
  },
  524: {
    means:
      'The origin took the request and did not begin to answer within the time that Cloudflare waits, 100 to 120 s unless an Enterprise plan raises it. Mostly the work is long by design.',
    looks: ['originDirect', 'workers', 'edgeLog'],
  },
  525: {
    means:
      'The TLS handshake with the origin failed: no common version or cipher, no certificate at all, no certificate for that name, or something that speaks plain HTTP on the port.',
    looks: ['originTls'],
  },
  526: {
    means:
      "The origin's certificate is not valid for Full (strict): expired, self-signed, for another name, or its chain is not complete.",
    looks: ['originTls'],
  },
  530: {
    means:
      'Cloudflare found no way to the origin. The number of four digits on the page tells which: 1016, its host name does not resolve; 1033, the tunnel to it has no connection.',
    looks: ['dns', 'tunnelLog'],
  },
  1000: {
    means:
      'The DNS record of the site points to an address of Cloudflare itself, or to one that it does not go to.',
    looks: ['dns'],
  },
  1016: {
    means:
      'The host name that the record of the site points to does not resolve: a CNAME to a name that is gone, or a load balancer without a pool that works.',
    looks: ['dns'],
  },
  1033: {
    means: 'No cloudflared is connected for this tunnel. The service behind it may be in good health.',
    looks: ['tunnelLog', 'service'],
  },
  1101: { means: 'The Worker of the site threw an exception that nobody caught.', looks: ['workerTail'] },
  1102: {
    means: 'The Worker of the site used up the time or the memory that it may have.',
    looks: ['workerTail'],
  },
  1200: {
    means: 'Too many requests wait at the edge for this origin: it answers more slowly than they come.',
    looks: ['originDirect', 'workers'],
  },
  460: {
    means:
      'The client closed the connection before the load balancer had an answer for it, and before its idle timeout. A round number of seconds is a timer of the caller.',
    looks: ['albLog', 'clients'],
  },
  463: {
    means:
      'X-Forwarded-For came with more than 30 addresses: proxies that send requests to each other in a circle, or a client that made them up.',
    looks: ['albLog'],
  },
  464: {
    means:
      "The client's version of HTTP does not fit the target group: HTTP/1.1 to a group of version HTTP/2 or gRPC, or a request that is no gRPC.",
    looks: ['targetGroup'],
  },
  561: {
    means: 'The login service that the rule of the load balancer asks returned an error.',
    looks: ['albLog'],
  },
};

const balancer: Readonly<Record<number, SymptomWords>> = {
  500: {
    means:
      'The load balancer made it itself: a login service or the firewall that it asks failed, or the application answered so. Its log tells by error_reason and target_status_code.',
    looks: ['albLog'],
  },
  502: {
    means:
      'The load balancer asked a target, and got no valid answer. Mostly the target closed an idle connection just as it was used again, or a function gave an answer of another form; else it refused, crashed, or the handshake failed. The three times in the access log tell which.',
    looks: ['albLog', 'idleTimeouts', 'targetHealth'],
  },
  503: {
    means: 'The target group has no target registered that could be asked, or a function was not let run.',
    looks: ['targetHealth', 'albLog'],
  },
  504: {
    means:
      'The connection to the target was not up within 10 s, or no answer came within the idle timeout (60 s unless set). Ten seconds and three times -1 in the log are the first, the idle timeout is the second.',
    looks: ['albLog', 'securityGroups', 'idleTimeouts'],
  },
};

const edge: Readonly<Record<number, SymptomWords>> = {
  502: {
    means:
      'Either the origin answered so and Cloudflare passed it on, or Cloudflare failed by itself. OriginResponseStatus in the log tells: 0 is Cloudflare.',
    looks: ['edgeLog', 'originDirect'],
  },
  503: { means: 'The origin answered so, or a rule or limit of Cloudflare.', looks: ['edgeLog'] },
  504: {
    means:
      'Either the origin answered so and Cloudflare passed it on, or Cloudflare failed by itself. OriginResponseStatus in the log tells: 0 is Cloudflare.',
    looks: ['edgeLog', 'originDirect'],
  },
};

const passedOn: SymptomWords = {
  means:
    'Who stands behind this hop answered so itself, and the answer was passed on. The reason is to be found there: in the log of the next proxy, or of the application.',
  looks: ['service', 'direct'],
};

/** What symptoms mean at a hop that is not nginx. */
const bySymptom: Partial<Readonly<Record<Symptom, SymptomWords>>> = {
  connect_refused: {
    means:
      'The host at the other end answered at once, and said that nothing listens on the port: the program is down or still starting, or it listens on another port or address.',
    looks: ['listening', 'service', 'container'],
  },
  connect_timed_out: {
    means:
      'Nobody answered to the attempt to connect: a filter drops it, the host is gone, or it takes no more connections.',
    looks: ['reach', 'filter', 'queue'],
  },
  connect_no_route: {
    means: 'No way to the host was found: it is gone, or a filter says so.',
    looks: ['reach', 'filter'],
  },
  closed_before_header: {
    means:
      'The server took the connection and closed it without an answer: its process died or ran into a timer of its own, or an idle connection was closed just as it was used again.',
    looks: ['service', 'kernel', 'direct'],
  },
  reset_before_header: {
    means:
      'The server took the connection and broke it off before it had answered: its process died, or it had closed an idle connection that was used once more.',
    looks: ['service', 'kernel', 'direct'],
  },
  header_timed_out: {
    means: 'The server has the request, and did not begin to answer within the time that is allowed.',
    looks: ['workers', 'direct'],
  },
  header_malformed: { means: 'What the server answered breaks the rules of HTTP.', looks: ['direct'] },
  answer_unusable: {
    means: 'The answer of the server was empty, broken off or not valid.',
    looks: ['service', 'direct'],
  },
  no_live_peer: {
    means: 'No server was there to be asked: all are down, or failed their checks of health.',
    looks: ['service', 'reach'],
  },
  name_not_found: { means: 'The name of the server does not resolve.', looks: ['dns'] },
  tls_refused: { means: 'The TLS handshake with the server failed.', looks: ['tls'] },
  tls_peer_speaks_plain: { means: 'TLS was spoken with a port that answers in plain text.', looks: ['tls'] },
  tls_certificate_unverified: {
    means:
      'The certificate of the server could not be verified: expired, self-signed, or its chain is not complete.',
    looks: ['tls'],
  },
  tls_certificate_name: { means: 'The certificate of the server is for another name.', looks: ['tls'] },
  requests_queued: {
    means: 'As many requests as are allowed at once are waiting for the server already.',
    looks: ['workers', 'queue'],
  },
  stream_refused: {
    means: 'The server refused the HTTP/2 stream, as one does that drains.',
    looks: ['service'],
  },
};

/** What a failure at that hop means, by its code, what it says, or its status; undefined where nginx's words are to be used. */
export function hopWords(
  { request, verdict, errors }: ExplainedFailure,
  hop: HopSource,
): SymptomWords | undefined {
  if (hop === 'nginx') return undefined;
  const line = errors.findLast(({ symptom }) => bySymptom[symptom] !== undefined);
  if (line !== undefined) return bySymptom[line.symptom];
  if (request === undefined) return undefined;
  if (verdict.generator === 'upstream') return passedOn;
  const { said, status } = request;
  if (said !== undefined) return byCode[said.code] ?? bySymptom[said.symptom];
  if (hop === 'alb') return balancer[status];
  if (hop === 'cloudflare') return edge[status];
  return { means: elsewhere(status), looks: ['service', 'direct'] satisfies LookName[] };
}

/** Of a hop that is not known, only what the status itself means (RFC 9110, 15.6). */
function elsewhere(status: number): string {
  switch (status) {
    case 502:
      return 'A gateway got no valid answer from the server behind it.';
    case 503:
      return 'Whoever made it can take no requests for now, or has nobody to hand them to.';
    case 504:
      return 'A gateway waited for the server behind it until a timer ended that.';
    default:
      return statusWords(status).means;
  }
}
