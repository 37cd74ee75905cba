import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { type Columns, columns, type Decoder, type Names, Problem } from '@why502/model';
import type { Scan } from '../scan.ts';
import { NameListener } from './new-names.ts';
import { opened, type Parcel } from './parcel.ts';
import type { Counts, Reply, Request } from './protocol.ts';

const noRows: Columns = columns(0);
const noBytes: Buffer = Buffer.alloc(0);

const named = [
  ['hosts', 'host'],
  ['services', 'service'],
  ['peers', 'peer'],
  ['routes', 'route'],
  ['places', 'place'],
] as const;

/** Rows that another thread scans, in the order and with the numbers that they would have if they were scanned here. */
export class RemoteScan implements Scan {
  rows: Columns = noRows;
  bytes: Buffer = noBytes;
  readonly #port: MessagePort;
  readonly #names: NameListener;
  /** Called with what the other thread has come to, and waited for before more is handed on. */
  readonly #tell: (counts: Counts) => Promise<void>;
  readonly #replies: Reply[] = [];
  #granted: Extract<Reply, { kind: 'rows' }> | undefined;
  #parcel: Parcel | undefined;
  #counts: Counts = { lines: 0, setAside: 0, faults: { count: 0, samples: [] }, read: 0, unpacked: 0 };
  #begun = false;
  #gone = false;
  #wake: () => void = () => {};

  constructor(port: MessagePort, names: Names, tell: (counts: Counts) => Promise<void>) {
    this.#port = port;
    this.#names = new NameListener(names);
    this.#tell = tell;
    port.on('message', (reply: Reply) => {
      this.#replies.push(reply);
      this.#wake();
    });
    port.on('close', () => {
      this.#gone = true;
      this.#wake();
    });
  }

  /** Once for each time that more was waited for, so that whoever reads lets others have their turn. */
  next(): boolean {
    this.#giveBack();
    const reply = this.#granted;
    this.#granted = undefined;
    if (reply === undefined) return false;
    this.#names.hear(reply.names);
    this.#parcel = reply.parcel;
    ({ rows: this.rows, bytes: this.bytes } = opened(reply.parcel));
    for (const [table, column] of named) this.#names.translate(table, this.rows[column]);
    return true;
  }

  async more(): Promise<boolean> {
    if (!this.#begun) {
      this.#begun = true;
      this.#ask({ kind: 'begin' });
    }
    const reply = await this.#reply();
    this.#counts = reply.counts;
    await this.#tell(reply.counts);
    if (reply.kind === 'rows') {
      this.#granted = reply;
      return true;
    }
    if (reply.problem === undefined) return false;
    const { code, details, cause } = reply.problem;
    throw new Problem(code, details, { cause });
  }

  /** The decoder of this thread, which reads single lines, with the counts of the other one, which scans. */
  decoder(reading: Decoder): Decoder {
    const counts = () => this.#counts;
    return {
      scan: () => {
        throw new Error('another thread scans this log');
      },
      read: (bytes, from, to, line) => reading.read(bytes, from, to, line),
      get faults() {
        return counts().faults;
      },
      get lines() {
        return counts().lines;
      },
      get setAside() {
        return counts().setAside;
      },
    };
  }

  async #reply(): Promise<Reply> {
    for (;;) {
      const reply: Reply | undefined = this.#replies.shift() ?? receiveMessageOnPort(this.#port)?.message;
      if (reply !== undefined) return reply;
      if (this.#gone) throw new Error('the thread that scans has ended before its log');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #giveBack(): void {
    const parcel = this.#parcel;
    this.#parcel = undefined;
    this.rows = noRows;
    this.bytes = noBytes;
    if (parcel !== undefined) this.#ask({ kind: 'used', memory: parcel.memory }, parcel.memory);
  }

  #ask(request: Request, memory?: ArrayBuffer): void {
    this.#port.postMessage(request, memory === undefined ? [] : [memory]);
  }
}
