import type { GetObjectCommandOutput, ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import { Problem } from '@why502/model';
import { bucketProblem, mayPass } from './bucket-problem.ts';

/** An object as a listing tells of it. */
export interface StoredObject {
  readonly key: string;
  readonly size: number;
  /** Differs where the content does. */
  readonly etag: string;
  /** Ms since the epoch. */
  readonly modified: number;
}

export interface Bucket {
  readonly name: string;
  /**
   * Objects in the order of their keys, without folders.
   *
   * @param after keys up to this one are left out
   * @throws Problem W502_BUCKET_REFUSED, W502_BUCKET_UNREACHABLE, W502_NOT_FOUND, W502_READ_FAILED
   */
  list(prefix: string, after?: string): AsyncIterable<StoredObject>;
  /** Bytes of an object. A connection that breaks is opened again behind what has come. @throws as `list` */
  read(object: StoredObject): AsyncIterable<Uint8Array>;
  close(): void;
}

export interface BucketOptions {
  /** The bucket stands in the path and not in the host: of a server of one's own. Default false. */
  readonly pathStyle?: boolean;
}

/** Times that a broken connection is opened again. */
const mostResumptions = 5;

/**
 * Opens a bucket with the credentials, region and endpoint that the AWS SDK finds: variables, profile, or role of the machine.
 *
 * @throws Problem W502_NO_AWS_SDK where the SDK is not installed
 */
export async function openBucket(name: string, { pathStyle = false }: BucketOptions = {}): Promise<Bucket> {
  const { GetObjectCommand, ListObjectsV2Command, S3Client } = await import('@aws-sdk/client-s3').catch(
    (cause: unknown) => {
      throw new Problem('W502_NO_AWS_SDK', { where: `s3://${name}` }, { cause });
    },
  );
  // A region that is not the bucket's is found out by the first answer.
  const client = new S3Client({ followRegionRedirects: true, forcePathStyle: pathStyle });

  async function* list(prefix: string, after?: string): AsyncGenerator<StoredObject> {
    let next: string | undefined;
    do {
      const page: ListObjectsV2CommandOutput = await client
        .send(
          new ListObjectsV2Command({
            Bucket: name,
            Prefix: prefix,
            ...(after === undefined ? {} : { StartAfter: after }),
            ...(next === undefined ? {} : { ContinuationToken: next }),
          }),
        )
        .catch((error: unknown) => {
          throw bucketProblem(error, `s3://${name}/${prefix}`);
        });
      for (const { Key: key, Size: size = 0, ETag: etag = '', LastModified: modified } of page.Contents ?? [])
        if (key !== undefined && !key.endsWith('/'))
          yield { key, size, etag, modified: modified?.getTime() ?? 0 };
      next = page.NextContinuationToken;
    } while (next !== undefined);
  }

  async function* read({ key, etag }: StoredObject): AsyncGenerator<Uint8Array> {
    let at = 0;
    for (let attempt = 0; ; attempt++) {
      try {
        const answer: GetObjectCommandOutput = await client.send(
          new GetObjectCommand({
            Bucket: name,
            Key: key,
            // Only the rest of the same object fits to what has come.
            ...(at === 0 ? {} : { Range: `bytes=${at}-`, IfMatch: etag }),
          }),
        );
        for await (const chunk of answer.Body as AsyncIterable<Uint8Array>) {
          at += chunk.length;
          yield chunk;
        }
        return;
      } catch (error) {
        if (attempt < mostResumptions && mayPass(error)) continue;
        throw bucketProblem(error, `s3://${name}/${key}`);
      }
    }
  }

  return { name, list, read, close: () => client.destroy() };
}
