import { type Instant, instant } from '@why502/model';

/** What the name of a log file in a bucket tells. */
export interface ObjectKey {
  /** `app/name/id`, as in the lines. */
  readonly loadBalancer: string | undefined;
  /** Address of the node that wrote the file. */
  readonly node: string;
  /** End of the five minutes whose lines the file holds. */
  readonly end: Instant;
}

/**
 * `ACCOUNT_elasticloadbalancing_REGION_app.NAME.ID_20261006T0915Z_10.0.0.31_RANDOM.log.gz` (user guide of Application Load
 * Balancers, "Access log files"), also without what stands in front of the time.
 */
const pattern =
  /(?:_elasticloadbalancing_[a-z0-9-]+_(?<balancer>[a-z]+\.[^_/]+\.[0-9a-f]+)_|^|[/_])(?<end>\d{8}T\d{4}Z)_(?<node>\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:]+)_[^/]*$/i;

/** What the name of a file tells; undefined for a name that is no such key. */
export function objectKey(name: string): ObjectKey | undefined {
  const { balancer, end, node } = pattern.exec(name.slice(-1_024))?.groups ?? {};
  const time = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)Z$/i.exec(end ?? '');
  if (node === undefined || time === null) return undefined;
  const [year, month, day, hour, minute] = time.slice(1).map(Number);
  return {
    loadBalancer: balancer?.replace('.', '/').replace(/\.([0-9a-f]+)$/i, '/$1'),
    node,
    end: instant(Date.UTC(year!, month! - 1, day, hour, minute)),
  };
}
