import type { Counts, Input } from '@why502/flow';
import { unpack } from '@why502/formats';
import type { Names, Source } from '@why502/model';
import type { Log } from './log.ts';
import type { AnalyzeRequest } from './request.ts';
import { ScanThreads } from './scan-threads.ts';

/** Opens logs, here or in other threads, and tells how far the reading has come. */
export class Intake {
  readonly #progress: AnalyzeRequest['progress'];
  readonly #pause: () => Promise<void>;
  readonly #failures: () => number;
  readonly #threads: ScanThreads | undefined;
  /** Bytes of all sources as they lie there; undefined where one does not tell. */
  readonly #total: number | undefined;
  #read = 0;
  #unpacked = 0;

  /**
   * @param pause waited for before more is read
   * @param failures found so far
   */
  constructor(
    request: AnalyzeRequest,
    logs: readonly Log[],
    pause: () => Promise<void>,
    failures: () => number,
  ) {
    this.#progress = request.progress;
    this.#pause = pause;
    this.#failures = failures;
    this.#threads = ScanThreads.for(logs, request.jobs ?? 1, request);
    this.#total = totalSize(logs.map(({ source }) => source));
  }

  /** What an input needs to be read. */
  open(log: Log, names: Names): Pick<Input, 'decoder' | 'scan' | 'chunks'> {
    const { source, format } = log;
    const decoder = format.decoder(source.name, names);
    const chunks = () => this.#chunks(source);
    const last = { read: 0, unpacked: 0 };
    const scan = this.#threads?.scan(log, names, ({ read, unpacked }: Counts) => {
      const [more, moreText] = [read - last.read, unpacked - last.unpacked];
      [last.read, last.unpacked] = [read, unpacked];
      return this.#note(more, moreText);
    });
    return scan === undefined ? { decoder, chunks } : { decoder: scan.decoder(decoder), scan, chunks };
  }

  async close(): Promise<void> {
    await this.#threads?.close();
  }

  async *#chunks(source: Source): AsyncGenerator<Uint8Array> {
    let packed = 0;
    async function* counted(): AsyncGenerator<Uint8Array> {
      for await (const chunk of source.chunks()) {
        packed += chunk.length;
        yield chunk;
      }
    }
    for await (const chunk of unpack(counted(), source.name)) {
      const read = packed;
      packed = 0;
      yield chunk;
      await this.#note(read, chunk.length);
    }
  }

  async #note(read: number, unpacked: number): Promise<void> {
    this.#read += read;
    this.#unpacked += unpacked;
    this.#progress?.({
      read: this.#read,
      total: this.#total,
      unpacked: this.#unpacked,
      failures: this.#failures(),
    });
    await this.#pause();
  }
}

function totalSize(sources: readonly Source[]): number | undefined {
  let total = 0;
  for (const { size } of sources) {
    if (size === undefined) return undefined;
    total += size;
  }
  return total;
}
