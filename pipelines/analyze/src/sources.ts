import { expand } from '@why502/flow';
import type { Source } from '@why502/model';
import { bucketSources, isBucketAddress } from '@why502/s3';

/** What the arguments of a command mean: files, folders, patterns, and objects of buckets. */
export async function sourcesOf(paths: readonly string[]): Promise<readonly Source[]> {
  const files = await expand(paths.filter((path) => !isBucketAddress(path)));
  const sources = [...files];
  for (const address of paths.filter(isBucketAddress))
    sources.push(...(await bucketSources(address, { pathStyle: isOwnServer(process.env) })));
  return sources;
}

/** A server that is named by the variables of the AWS SDK has one host for all buckets, as a rule. */
export function isOwnServer(environment: Readonly<Record<string, string | undefined>>): boolean {
  return (environment.AWS_ENDPOINT_URL_S3 ?? environment.AWS_ENDPOINT_URL) !== undefined;
}
