import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { Inbox } from '@why502/flow';
import { Problem } from '@why502/model';
import { isOwnServer } from '@why502/pipeline-analyze';
import { type Bucket, bucketAddress, openBucket, RecentKeys, type StoredObject } from '@why502/s3';
import type { Checkpoint } from './checkpoint.ts';
import { FetchedObjects } from './fetched-objects.ts';
import { sweep } from './sweep.ts';

export interface FetchOptions {
  /** `s3://bucket/prefix`, each. */
  readonly addresses: readonly string[];
  /** What is fetched waits here until it was read; to be followed like any other. */
  readonly folder: string;
  /** `start`: all that is there; `end`: what comes from now on; `checkpoint`: what was not fetched, or as `end` the first time. */
  readonly from: 'start' | 'end' | 'checkpoint';
  /** Told once, until the bucket answers again. */
  readonly trouble: (problem: Problem) => void;
  readonly stop: AbortSignal;
  /** Ms between two looks. Default: half a minute. */
  readonly every?: number;
  /** Bytes that may wait. Default: 1 GiB. */
  readonly most?: number;
}

export interface Fetching {
  /** Takes away what was read, by a checkpoint that is kept. */
  sweep(checkpoint: Pick<Checkpoint, 'following'>): void;
  /** Resolves when nothing is being fetched any more; to be called when `stop` has been. */
  close(): Promise<void>;
}

interface Place {
  readonly address: string;
  readonly bucket: Bucket;
  readonly recent: RecentKeys;
}

const defaultEvery = 30_000;
const defaultMost = 1 << 30;

/** The beginnings of files that are packed: gzip (RFC 1952), zstd (RFC 8878). */
const packed = [Buffer.from([0x1f, 0x8b]), Buffer.from([0x28, 0xb5, 0x2f, 0xfd])];

/**
 * Objects that appear in buckets become files of a folder, each once. What is fetched is on the disk before it is noted, and
 * noted before the next is fetched.
 *
 * @throws Problem W502_USAGE, W502_NO_AWS_SDK
 */
export async function fetchObjects(options: FetchOptions): Promise<Fetching> {
  const { addresses, folder, from, trouble, stop, every = defaultEvery, most = defaultMost } = options;
  const places: Place[] = [];
  for (const address of addresses) {
    const { bucket: name, prefix } = bucketAddress(address);
    const bucket = await openBucket(name, { pathStyle: isOwnServer(process.env) });
    places.push({ address, bucket, recent: new RecentKeys(bucket, prefix) });
  }
  const inbox = new Inbox(folder, { most });
  const file = `${folder}.keys`;
  if (from !== 'checkpoint') FetchedObjects.remove(file);
  let fetched = FetchedObjects.open(file);
  let told: string | undefined;

  /** @throws Problem */
  async function look(): Promise<void> {
    const listed = new Map<string, { readonly object: StoredObject; readonly bucket: Bucket }>();
    for (const { bucket, recent } of places)
      for await (const object of recent.list(Date.now()))
        listed.set(keyOf(bucket, object), { object, bucket });
    const keys = new Set(listed.keys());
    fetched ??= FetchedObjects.create(file, from === 'start' ? [] : keys);
    const isNew = [...listed].filter(([key]) => !fetched!.has(key));
    // The order in which they were written is that of their times, nearly.
    isNew.sort(
      ([, a], [, b]) => a.object.modified - b.object.modified || (a.object.key < b.object.key ? -1 : 1),
    );
    for (const [key, { bucket, object }] of isNew) {
      if (stop.aborted) return;
      if (object.size > most)
        trouble(
          new Problem('W502_READ_FAILED', {
            where: `s3://${bucket.name}/${object.key}`,
            excerpt: `larger than the room for what is fetched, ${most} bytes`,
          }),
        );
      // The rest comes when what lies there has been read.
      else if (!inbox.hasRoom(object.size)) return;
      else if (object.size > 0) await inbox.put(...(await fetch(bucket, object)));
      fetched.add(key);
    }
    fetched.keep(keys);
  }

  const over = (async () => {
    while (!stop.aborted) {
      try {
        await look();
        told = undefined;
      } catch (error) {
        const problem = problemOf(error, addresses[0]!);
        if (told !== problem.code && !stop.aborted) trouble(problem);
        told = problem.code;
      }
      await pause(every, undefined, { signal: stop }).catch(() => undefined);
    }
    for (const { bucket } of places) bucket.close();
  })();

  return { sweep: (checkpoint) => sweep(inbox, checkpoint), close: () => over };
}

async function fetch(bucket: Bucket, object: StoredObject): Promise<[Uint8Array, string]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bucket.read(object)) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const name = basename(object.key)
    .replace(/[^\w.@+-]/g, '_')
    .slice(-150);
  return packed.some((magic) => bytes.subarray(0, magic.length).equals(magic))
    ? [bytes, name]
    : [gzipSync(bytes), `${name}.gz`];
}

function keyOf(bucket: Bucket, { key, etag }: StoredObject): string {
  return JSON.stringify([bucket.name, key, etag]);
}

/** Of the bucket, or of the disk. */
function problemOf(error: unknown, where: string): Problem {
  return error instanceof Problem ? error : new Problem('W502_READ_FAILED', { where }, { cause: error });
}
