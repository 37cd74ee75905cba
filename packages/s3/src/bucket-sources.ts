import { Problem, type Source } from '@why502/model';
import { bucketAddress } from './address.ts';
import { type BucketOptions, openBucket, type StoredObject } from './bucket.ts';
import { ReadAhead } from './read-ahead.ts';

/**
 * The objects that `s3://bucket/prefix` means, as sources; a folder of them is one that may hold more than logs. What cannot be
 * reached becomes a source that says so when it is read, so that others go on.
 */
export async function bucketSources(
  address: string,
  options: BucketOptions = {},
): Promise<readonly Source[]> {
  try {
    const { bucket: name, prefix } = bucketAddress(address);
    const bucket = await openBucket(name, options);
    const objects: StoredObject[] = [];
    for await (const object of bucket.list(prefix)) objects.push(object);
    const reading = new ReadAhead(bucket, objects);
    const sources = objects.map(
      ({ key, size }, at): Source => ({
        name: `s3://${name}/${key}`,
        ...(key === prefix ? {} : { folder: address }),
        size,
        chunks: () => reading.chunks(at),
      }),
    );
    return sources.length > 0 ? sources : [failing(address, new Problem('W502_NO_LOGS', { where: address }))];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return [failing(address, error)];
  }
}

function failing(name: string, problem: Problem): Source {
  return {
    name,
    chunks: () => {
      throw problem;
    },
  };
}
