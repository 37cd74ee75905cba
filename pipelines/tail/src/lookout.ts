import { FirstLook, type FirstLookOptions } from '@why502/classifier';
import { type Place, QueueScan } from '@why502/flow';
import { createNames } from '@why502/formats';
import { type Decoder, ofInterest, type Verdict } from '@why502/model';
import { isBesideRequests, type Log } from '@why502/pipeline-analyze';

/** Revisions of so many failures are remembered until their final verdicts come. */
const mostSaid = 200_000;

interface Watched {
  readonly log: Log;
  readonly decoder: Decoder;
  readonly scan: QueueScan;
}

/**
 * Reads logs as they are written, ahead of the one who judges, and says at once what failures show of themselves. Lines
 * of error logs are looked at before the requests that came with them: the proxy has written them before.
 */
export class Lookout {
  readonly #names = createNames();
  readonly #look: FirstLook;
  readonly #watched = new Map<string, Watched>();
  /** The last revision that was said, by the id of the failure. */
  readonly #said = new Map<string, number>();

  /** @param emit takes verdicts that are not final, each within the call that brought its line */
  constructor(options: Omit<FirstLookOptions, 'names' | 'emit'>, emit: (verdict: Verdict) => void) {
    this.#look = new FirstLook({
      ...options,
      names: this.#names,
      emit: (verdict) => {
        this.#note(verdict);
        emit(verdict);
      },
    });
  }

  open(generation: string, log: Log, place: Place): void {
    const decoder = log.format.decoder(log.source.name, this.#names);
    this.#watched.set(generation, { log, decoder, scan: new QueueScan(decoder, place) });
  }

  push(generation: string, chunk: Uint8Array): void {
    this.#watched.get(generation)?.scan.push(chunk);
  }

  /** No bytes follow: what stands behind the last line break is a line, too. */
  end(generation: string): void {
    this.#watched.get(generation)?.scan.end();
  }

  /** Looks at all that was pushed. `settled`: nothing came for a while, so that records which might go on are whole. */
  turn(settled = false): void {
    for (const beside of [true, false])
      for (const [generation, watched] of this.#watched) {
        if (isBesideRequests(watched.log) !== beside) continue;
        if (settled) watched.scan.settle();
        while (watched.scan.next()) this.#takeRows(watched);
        if (watched.scan.exhausted) this.#watched.delete(generation);
      }
    this.#look.reconsider();
  }

  /** The revision that the final verdict of a failure is, whose number is forgotten with that; undefined where nothing was said. */
  finalRevision(id: string): number | undefined {
    const said = this.#said.get(id);
    this.#said.delete(id);
    return said === undefined ? undefined : said + 1;
  }

  #takeRows({ decoder, scan: { rows, bytes } }: Watched): void {
    for (let row = 0; row < rows.count; row++) {
      if ((rows.flags[row]! & ofInterest) === 0) continue;
      const record = decoder.read(bytes, rows.from[row]!, rows.to[row]!, rows.line[row]!);
      if ('kind' in record) this.#look.take(record);
    }
  }

  #note({ id, revision }: Verdict): void {
    this.#said.delete(id);
    this.#said.set(id, revision);
    if (this.#said.size <= mostSaid) return;
    const [oldest] = this.#said.keys();
    this.#said.delete(oldest!);
  }
}
