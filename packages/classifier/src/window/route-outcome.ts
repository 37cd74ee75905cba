/** What became of a request, as the routes and places of a bucket are counted. */
export const answered = 0;
export const failed = 1;
/** The client left first. */
export const left = 2;
/** Failed since no peer was free: an effect of other failures. */
export const unpicked = 3;
/** Failed by a timer of the proxy. */
export const timedOut = 4;

/**
 * Whether a timer of the hop ended the wait for a peer: 504 of gateways; Cloudflare's 522 for a connection and 524 for
 * an answer (Cloudflare docs, 5xx errors).
 */
export function endsByTimer(status: number): boolean {
  return status === 504 || status === 522 || status === 524;
}
