import { fieldAt } from './fields.ts';
import { Stamp } from './stamp.ts';
import { countOf, type Values } from './values.ts';

/** When a request was and how long it took, of the line that was read last. */
export class Timing {
  /** Ms since the epoch. */
  end = 0;
  /** NaN where the line does not tell. */
  start = 0;
  /** How coarse `end` is, ms. */
  resolution = 1;
  /** Ms; -1 where the line does not tell. */
  duration = -1;
  readonly #end = new Stamp();
  readonly #start = new Stamp();

  /** False without a time. Of a line that holds only when the request came, that is taken for its end. */
  read(values: Values): boolean {
    const hasEnd = readStamp(this.#end, values, fieldAt.EdgeEndTimestamp);
    const hasStart = readStamp(this.#start, values, fieldAt.EdgeStartTimestamp);
    const { at, isWholeSecond } = hasEnd ? this.#end : this.#start;
    this.end = at;
    this.start = hasStart ? this.#start.at : Number.NaN;
    this.resolution = isWholeSecond ? 1_000 : 1;
    this.duration = -1;
    if (!hasEnd || !hasStart) return hasEnd || hasStart;
    const between = this.#end.at - this.#start.at;
    // The first byte mostly comes with the last; it is counted in ms where the stamps may be no finer than a second.
    const toFirstByte = isWholeSecond ? countOf(values, fieldAt.EdgeTimeToFirstByteMs) : -1;
    const agrees = toFirstByte >= 0 && Math.abs(toFirstByte - between) <= this.resolution;
    this.duration = agrees ? toFirstByte : between >= 0 ? between : -1;
    return true;
  }
}

function readStamp(stamp: Stamp, { bytes, spans }: Values, field: number): boolean {
  return stamp.read(bytes, spans[2 * field]!, spans[2 * field + 1]!);
}

/**
 * Until the connection to the origin was up, TLS included, ms. 0 is a connection that was used before; -1 none at all,
 * which 0 would be in the log as well, so that the status must tell: 521, 522 and 523 failed to connect, and 525 and 526
 * to agree on TLS (developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors). A 522 comes
 * of a connection that was up, too, when the origin did not acknowledge the request.
 */
export function connectOf(values: Values, status: number): number {
  const tcp = countOf(values, fieldAt.OriginTCPHandshakeDurationMs);
  const tls = countOf(values, fieldAt.OriginTLSHandshakeDurationMs);
  if (tcp < 0 || status === 521 || status === 523 || status === 525 || status === 526) return -1;
  const shaken = tcp + Math.max(tls, 0);
  return status === 522 && shaken === 0 ? -1 : shaken;
}
