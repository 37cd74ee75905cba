import { Problem } from '@why502/model';

/** Objects of a bucket whose keys begin alike. */
export interface BucketAddress {
  readonly bucket: string;
  /** Empty for all. */
  readonly prefix: string;
}

/** Whether an argument means objects rather than files. */
export function isBucketAddress(text: string): boolean {
  return /^s3:\/\//i.test(text);
}

/** What `s3://bucket/prefix` means. @throws Problem W502_USAGE */
export function bucketAddress(text: string): BucketAddress {
  // Names of buckets (Amazon S3 User Guide, "General purpose bucket naming rules"), and of access points.
  const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/is.exec(text) ?? [];
  if (bucket === undefined)
    throw new Problem('W502_USAGE', {
      where: text,
      expected:
        'a bucket and the beginning of its keys: s3://my-logs/AWSLogs/123456789012/elasticloadbalancing/',
    });
  return { bucket, prefix };
}
