// What a scanning thread runs: it opens the logs that it is handed, and finds out their formats as the other thread did.
import { type MessagePort, parentPort } from 'node:worker_threads';
import { fileSource, serveScan } from '@why502/flow';
import { createNames, unpack } from '@why502/formats';
import { FormatChoice, type FormatHint } from './format-choice.ts';
import { findLog } from './log.ts';

/** A log to be scanned, and the port to answer on. */
export interface ScanOrder {
  readonly path: string;
  readonly name: string;
  readonly known: FormatHint;
  readonly port: MessagePort;
}

parentPort?.on('message', (order: ScanOrder) => void scan(order));

async function scan({ path, name, known, port }: ScanOrder): Promise<void> {
  const source = fileSource(path, name);
  const found = await findLog(source, new FormatChoice(known));
  if (found.kind !== 'log') {
    // The file is not what it was a moment ago.
    const { code, details } = found.problem;
    const nothing = { lines: 0, setAside: 0, faults: { count: 0, samples: [] }, read: 0, unpacked: 0 };
    port.postMessage({ kind: 'end', counts: nothing, problem: { code, details, cause: undefined } });
    return;
  }
  const names = createNames();
  const progress = { read: 0, unpacked: 0 };
  async function* packed(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source.chunks()) {
      progress.read += chunk.length;
      yield chunk;
    }
  }
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for await (const chunk of unpack(packed(), name)) {
      progress.unpacked += chunk.length;
      yield chunk;
    }
  }
  serveScan(port, { decoder: found.log.format.decoder(name, names), names, chunks, progress });
}
