import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { type Decoder, type Names, Problem } from '@why502/model';
import { ChunkScan } from '../scan.ts';
import { NameTeller } from './new-names.ts';
import { pack } from './parcel.ts';
import type { Counts, Reply, Request } from './protocol.ts';

/** Parcels that may be on their way to the thread that asked. */
const ahead = 3;

/** What a thread scans: the bytes of one log, and what it has come to with them. */
export interface Job {
  readonly decoder: Decoder;
  /** Those that the decoder gives numbers to. */
  readonly names: Names;
  chunks(): AsyncIterable<Uint8Array>;
  /** Bytes read as they lie there, and what came out of them. */
  readonly progress: Pick<Counts, 'read' | 'unpacked'>;
}

/** Scans one log for another thread, which takes the rows from a `RemoteScan` at the other end of the port. */
export function serveScan(port: MessagePort, job: Job): void {
  const scan = new ChunkScan(job.decoder, () => job.chunks());
  const teller = new NameTeller(job.names);
  const spare: ArrayBuffer[] = [];
  let credit = 0;
  let running = false;

  function hear(request: Request): void {
    credit += request.kind === 'begin' ? ahead : 1;
    if (request.kind === 'used') spare.push(request.memory);
  }

  async function run(): Promise<void> {
    if (running) return;
    running = true;
    while (credit > 0) {
      if (scan.next()) {
        credit--;
        const parcel = pack(scan.rows, scan.bytes, spare.pop());
        send({ kind: 'rows', parcel, names: teller.tell(), counts: counts() }, parcel.memory);
      } else if (!(await scan.more())) return end(undefined);
      // Messages come between turns of the event loop, and here there may be none for a long time.
      for (let more = receiveMessageOnPort(port); more !== undefined; more = receiveMessageOnPort(port)) {
        hear(more.message);
      }
    }
    running = false;
  }

  function counts(): Counts {
    const { lines, setAside, faults } = job.decoder;
    const { read, unpacked } = job.progress;
    return { lines, setAside, faults: { count: faults.count, samples: [...faults.samples] }, read, unpacked };
  }

  function end(problem: Problem | undefined): void {
    const sent = problem && { code: problem.code, details: problem.details, cause: problem.cause };
    send({ kind: 'end', counts: counts(), problem: sent });
    port.close();
  }

  function send(reply: Reply, memory?: ArrayBuffer): void {
    port.postMessage(reply, memory === undefined ? [] : [memory]);
  }

  port.on('message', (request: Request) => {
    hear(request);
    run().catch((error: unknown) => {
      if (!(error instanceof Problem)) throw error;
      end(error);
    });
  });
}
