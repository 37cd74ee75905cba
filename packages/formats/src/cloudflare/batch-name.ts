import { type Instant, instant } from '@why502/model';

/** No name of an object in a bucket is longer. */
const longestName = 1_024;

/**
 * `20261012T205000Z_20261012T205200Z_bb097e58.log.gz`: when the batch of a job of Logpush began and ended
 * (developers.cloudflare.com/logs/logpush, "log file name"). Undefined for another name.
 */
export function batchStart(name: string): Instant | undefined {
  const found = /(?:^|[/_])(\d{8}T\d{6}Z)_\d{8}T\d{6}Z_[^/]*$/.exec(name.slice(-longestName))?.[1];
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(found ?? '')?.slice(1);
  if (parts === undefined) return undefined;
  const [year, month, day, hour, minute, second] = parts;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(at) ? undefined : instant(at);
}
