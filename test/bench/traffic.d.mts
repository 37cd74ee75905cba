export interface TrafficOptions {
  readonly lines: number;
  readonly hours: number;
  /** Share of requests with a status of 5xx. */
  readonly failing: number;
  /** Of the access log; default nginx with upstream variables. */
  readonly layout?: 'nginx' | 'combined' | 'alb' | 'cloudflare';
}

/** Whole lines of an access log and of its error log, in order of time; the same bytes in every run. */
export function traffic(
  options: TrafficOptions,
): Generator<{ readonly access: string; readonly error: string }>;
