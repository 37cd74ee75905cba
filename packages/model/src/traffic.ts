import type { SourceKind } from './record.ts';
import type { HttpStatus, Instant } from './units.ts';

/** Length of a traffic bucket: 10 s. */
export const trafficBucketMs = 10_000;

/**
 * Upper bounds of the duration histogram in ms, the last bin being everything above: those of OpenTelemetry's
 * `http.server.request.duration` plus 15, 30, 60 and 120 s.
 */
export const durationBoundsMs = [
  5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000, 15_000, 30_000, 60_000, 120_000,
] as const;

/** What became of the tries of one hop at its peers, of requests that ended within one bucket. */
export interface AttemptCounts {
  readonly ok: number;
  readonly failed: number;
  /** The client left before there was an answer. */
  readonly left: number;
}

/** All requests of ten seconds that share source, host, service, peer and status. A bucket is replaced as a whole. */
export interface TrafficRow {
  readonly bucket: Instant;
  readonly source: SourceKind;
  readonly host: string | undefined;
  readonly upstream: string | undefined;
  readonly peer: string | undefined;
  readonly status: HttpStatus;
  readonly requests: number;
  /** One count per bound of `durationBoundsMs` and one above; their sum is less than `requests` where durations lack. */
  readonly durations: readonly number[];
}
