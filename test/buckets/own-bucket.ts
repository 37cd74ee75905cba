import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import S3rver from 's3rver';

/** A server on loopback that speaks the protocol of S3, with one bucket, `logs`. Variables of this process lead to it. */
export interface OwnBucket {
  put(key: string, body: Uint8Array | string): Promise<void>;
  close(): Promise<void>;
}

const variables = [
  'AWS_ENDPOINT_URL_S3',
  'AWS_REGION',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  // The SDK announces when it will want the next version of Node.js; tests run on the one before.
  'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED',
] as const;

export async function openOwnBucket(): Promise<OwnBucket> {
  const directory = mkdtempSync(join(tmpdir(), 'why502-bucket-'));
  mkdirSync(join(directory, 'logs'));
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory,
    configureBuckets: [{ name: 'logs' }],
  });
  const { port } = await server.run();
  const values = [`http://127.0.0.1:${port}`, 'eu-central-1', 'S3RVER', 'S3RVER', 'true'];
  for (const [at, name] of variables.entries()) process.env[name] = values[at]!;
  const client = new S3Client({ forcePathStyle: true });
  return {
    async put(key, body) {
      await client.send(new PutObjectCommand({ Bucket: 'logs', Key: key, Body: body }));
    },
    async close() {
      client.destroy();
      for (const name of variables) delete process.env[name];
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
