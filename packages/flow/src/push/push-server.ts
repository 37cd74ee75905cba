import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { Problem } from '@why502/model';
import type { Inbox } from './inbox.ts';
import { inflatedHead } from './inflated-head.ts';

export interface PushOptions {
  readonly host: string;
  /** 0 for one that is free. */
  readonly port: number;
  /** Whoever pushes shows it, as `Authorization: Bearer …` or `X-Why502-Secret: …`. */
  readonly secret: string;
  readonly inbox: Inbox;
  /** Whether an object that begins so is a log; others, such as a test of the connection, are confirmed and not kept. */
  readonly isLog: (head: Buffer) => boolean;
}

export interface PushServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Bytes of an object as it comes, and unpacked: of one request, so that no request can fill the memory or the disk. */
const mostPacked = 32 * 1024 * 1024;
const mostUnpacked = 256 * 1024 * 1024;

/** Requests that are taken at once; each may hold a whole object. */
const mostAtOnce = 4;

/** For a request as a whole, ms: who sends more slowly is cut off. */
const longestRequest = 60_000;

/** When somebody who was told to come later may come, s. */
const retryAfter = 10;

/**
 * Takes objects that are pushed, as Logpush delivers to an HTTP destination: 200 when an object is on the disk, 401 without the secret,
 * 413 where it is too large, 429 where there is no room, so that it comes again.
 *
 * @throws Problem W502_LISTEN
 */
export function servePush({ host, port, secret, inbox, isLog }: PushOptions): Promise<PushServer> {
  let atOnce = 0;
  const server = createServer((request, response) => {
    if (!isLetIn(request, secret)) return answer(request, response, 401, 'without the secret');
    if (request.method !== 'POST' && request.method !== 'PUT')
      return answer(request, response, 405, 'POST what is to be kept');
    const announced = Number(request.headers['content-length'] ?? 0);
    if (announced > mostPacked) return answer(request, response, 413, 'at most 32 MiB');
    if (atOnce >= mostAtOnce || !inbox.hasRoom(announced))
      return answer(request, response, 429, 'no room now');
    atOnce++;
    void take(request, inbox, isLog)
      .then(
        ([status, words]) => answer(request, response, status, words),
        // The disk is full or broken: whoever pushes keeps it and comes again.
        () => answer(request, response, 429, 'could not be kept'),
      )
      .finally(() => {
        atOnce--;
      });
  });
  server.requestTimeout = longestRequest;
  server.headersTimeout = 10_000;
  server.maxConnections = 64;
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(new Problem('W502_LISTEN', { where: `${host}:${port}` }, { cause })),
    );
    server.listen(port, host, () => {
      const address = server.address();
      resolve({
        port: typeof address === 'object' && address !== null ? address.port : port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}

async function take(
  request: IncomingMessage,
  inbox: Inbox,
  isLog: (head: Buffer) => boolean,
): Promise<readonly [number, string]> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostPacked) return [413, 'at most 32 MiB'];
    chunks.push(chunk);
  }
  const object = Buffer.concat(chunks);
  if (object.length === 0) return [200, 'empty'];
  const head = await inflatedHead(object, mostUnpacked);
  if (head === 'too_large') return [413, 'at most 256 MiB unpacked'];
  if (head === 'damaged') return [400, 'not whole'];
  if (!isLog(head)) return [200, 'no log, not kept'];
  // Packed it is known to be whole: nothing will be written to it any more.
  const packed = head === object ? gzipSync(object, { level: 1 }) : object;
  if (!inbox.hasRoom(packed.length)) return [429, 'no room now'];
  return [200, (await inbox.put(packed)) ? 'kept' : 'kept before'];
}

function isLetIn({ headers }: IncomingMessage, secret: string): boolean {
  const bearer = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
  const given = bearer ?? String(headers['x-why502-secret'] ?? '');
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(secret));
}

function answer(request: IncomingMessage, response: ServerResponse, status: number, words: string): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, {
    'Content-Type': 'text/plain',
    ...(status === 429 ? { 'Retry-After': String(retryAfter) } : {}),
    ...(status === 405 ? { Allow: 'POST, PUT' } : {}),
    // What is still on its way is not wanted.
    ...(status === 200 ? {} : { Connection: 'close' }),
  });
  response.end(`${words}\n`);
  if (status !== 200) request.unpipe();
}
