export { bucketAddress, isBucketAddress } from './address.ts';
export { type Bucket, type BucketOptions, openBucket, type StoredObject } from './bucket.ts';
export { bucketSources } from './bucket-sources.ts';
export { RecentKeys } from './recent-keys.ts';
