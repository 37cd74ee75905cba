import { fieldAt } from './fields.ts';
import { countOf, hasText, type Values } from './values.ts';

// V8 looks what is imported up each time, so that fields of every line have names of this module.
const statusField = fieldAt.OriginResponseStatus;
const addressField = fieldAt.OriginIP;
const tcpField = fieldAt.OriginTCPHandshakeDurationMs;
const tlsField = fieldAt.OriginTLSHandshakeDurationMs;

/**
 * Whether the edge went to an origin for this request. The log has 0 for the status of an origin that did not answer, and
 * of one that was not asked, since the answer came out of a cache or of a Worker. 530 is written for a try that got no
 * further than the name of the origin, or its tunnel.
 */
export function wasAsked(values: Values, status: number): boolean {
  const answer = countOf(values, statusField);
  if (answer > 0 || (status >= 520 && status <= 526) || status === 530) return true;
  const isServed = status >= 200 && status < 499;
  return hasText(values, addressField) && !(answer === 0 && isServed);
}

/**
 * Until the connection to the origin was up, TLS included, ms; 0 for one that was used before. -1 where none came up, which
 * is 0 in the log as well, so that the status must tell: 521, 522 and 523 failed to connect, 525 and 526 to agree on TLS
 * (developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors). A 522 also comes of a
 * connection that was up, when the origin did not acknowledge the request.
 */
export function connectOf(values: Values, status: number): number {
  const tcp = countOf(values, tcpField);
  if (tcp < 0 || status === 521 || status === 523 || status >= 525) return -1;
  const shaken = tcp + Math.max(countOf(values, tlsField), 0);
  return status === 522 && shaken === 0 ? -1 : shaken;
}
