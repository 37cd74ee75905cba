import { MessageChannel, Worker } from 'node:worker_threads';
import { type Counts, RemoteScan } from '@why502/flow';
import type { Names } from '@why502/model';
import type { FormatHint } from './format-choice.ts';
import type { Log } from './log.ts';
import type { ScanOrder } from './scan-thread.ts';

/** Below this a thread takes longer to start than it saves, in bytes as they lie there. */
const worthwhile = { plain: 64 * 1024 * 1024, packed: 8 * 1024 * 1024 } as const;

/** More would mostly wait for the one thread that judges. */
const mostThreads = 8;

/** Threads that scan logs for this one, which merges and judges. */
export class ScanThreads {
  readonly #known: FormatHint;
  readonly #threads: Worker[];
  #next = 0;
  #failure: unknown;

  private constructor(known: FormatHint, count: number) {
    this.#known = known;
    this.#threads = Array.from({ length: count }, () => this.#start());
  }

  /** Undefined where this thread is as fast alone. */
  static for(
    logs: readonly Log[],
    jobs: number,
    { nginxConf, logFormat }: FormatHint,
  ): ScanThreads | undefined {
    // Run from its sources, as by the tests, there is no file that a thread could begin with.
    if (!import.meta.url.endsWith('.js')) return undefined;
    const count = Math.min(jobs - 1, mostThreads, logs.filter(isWorthwhile).length);
    // No more of it than another thread can be sent.
    const known: FormatHint = {
      ...(nginxConf === undefined ? {} : { nginxConf: nginxConf.map(({ logFormats }) => ({ logFormats })) }),
      ...(logFormat === undefined ? {} : { logFormat }),
    };
    return count > 0 ? new ScanThreads(known, count) : undefined;
  }

  /** The rows of the log out of another thread; undefined where it is better scanned here. */
  scan(log: Log, names: Names, tell: (counts: Counts) => Promise<void>): RemoteScan | undefined {
    const { path, name } = log.source;
    if (path === undefined || !isWorthwhile(log)) return undefined;
    const { port1, port2 } = new MessageChannel();
    const order: ScanOrder = { path, name, known: this.#known, port: port2 };
    this.#threads[this.#next++ % this.#threads.length]!.postMessage(order, [port2]);
    return new RemoteScan(port1, names, tell);
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
    if (this.#failure !== undefined) throw this.#failure;
  }

  #start(): Worker {
    const thread = new Worker(new URL('./scan-thread.js', import.meta.url), { execArgv: [] });
    thread.on('error', (error) => {
      this.#failure ??= error;
    });
    return thread;
  }
}

function isWorthwhile({ source }: Log): boolean {
  const { path, size } = source;
  if (path === undefined || size === undefined) return false;
  return size >= (/\.(gz|zst|zstd)$/.test(path) ? worthwhile.packed : worthwhile.plain);
}
