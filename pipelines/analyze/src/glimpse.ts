import { type Consumer, type Input, pump } from '@why502/flow';
import { createNames, unpack } from '@why502/formats';
import { type Columns, millis, ofErrorLog, ofInterest, type RequestRecord, type Source } from '@why502/model';
import type { Log } from './log.ts';
import { sampleOf } from './sample.ts';

/** Requests that went well and are looked at. */
const mostOrdinary = 50_000;

/** The requests that ended in a stretch of time, ms since the epoch, as far as `mostBytes` of the logs tell. */
export async function glimpse(
  logs: readonly Log[],
  window: { readonly from: number; readonly to: number },
  mostBytes: number,
  see: (request: RequestRecord) => void,
): Promise<void> {
  let ordinary = 0;
  let bytes = 0;
  let isPast = false;
  const names = createNames();
  async function* until(source: Source): AsyncGenerator<Uint8Array> {
    for await (const chunk of beginningOf(source, mostBytes)) {
      bytes += chunk.length;
      if (isPast || bytes > mostBytes) return;
      yield chunk;
    }
  }
  const inputs = logs.map(
    ({ source, format, first }): Input => ({
      decoder: format.decoder(source.name, names),
      start: first,
      disorder: millis(60_000),
      shift: millis(0),
      chunks: () => until(source),
    }),
  );
  const consumer: Consumer<Input> = {
    rows({ decoder }: Input, rows: Columns, first: number, last: number, chunk: Buffer) {
      for (let row = first; row < last; row++) {
        const flags = rows.flags[row]!;
        if ((flags & ofErrorLog) !== 0 || rows.at[row]! < window.from || rows.at[row]! > window.to) continue;
        if ((flags & ofInterest) === 0 && ++ordinary > mostOrdinary) continue;
        const record = decoder.read(chunk, rows.from[row]!, rows.to[row]!, rows.line[row]!);
        if ('kind' in record && record.kind === 'request') see(record);
      }
    },
    advance(watermark) {
      isPast = watermark > window.to;
    },
    // What ends a log early is reported when the whole is read.
    ended: () => undefined,
  };
  await pump(inputs, consumer);
}

/** The first bytes of a source, unpacked; of one that can be read once those that can be asked for again. */
export async function* beginningOf(source: Source, most: number): AsyncGenerator<Uint8Array> {
  if (source.once) {
    yield await sampleOf(source);
    return;
  }
  let bytes = 0;
  for await (const chunk of unpack(source.chunks(), source.name)) {
    yield chunk;
    bytes += chunk.length;
    if (bytes >= most) return;
  }
}
