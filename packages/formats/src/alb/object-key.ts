import { type Instant, instant } from '@why502/model';

/** What the name of a log file in a bucket tells. */
export interface ObjectKey {
  /** Address of the node that wrote the file. */
  readonly node: string;
  /** Beginning and end of the five minutes whose lines the file holds. */
  readonly from: Instant;
  readonly to: Instant;
}

const intervalMs = 300_000;

/**
 * `ACCOUNT_elasticloadbalancing_REGION_app.NAME.ID_20261006T0915Z_10.0.0.31_RANDOM.log.gz` (user guide of Application Load
 * Balancers, "Access log files": the time is the end of the interval), also without what stands in front of the time.
 */
const pattern =
  /(?:^|[_/])(?<to>\d{8}T\d{4}Z)_(?<node>\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:]+)_[^/]*$/i;

/** No name of an object in a bucket is longer. */
const longestName = 1_024;

/** What the name of a file tells; undefined for a name that is no such key. */
export function objectKey(name: string): ObjectKey | undefined {
  const { to, node } = pattern.exec(name.slice(-longestName))?.groups ?? {};
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)Z$/i
    .exec(to ?? '')
    ?.slice(1)
    .map(Number);
  if (node === undefined || parts === undefined) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = parts;
  const end = Date.UTC(year, month - 1, day, hour, minute);
  return { node, from: instant(end - intervalMs), to: instant(end) };
}
