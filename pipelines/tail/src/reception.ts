import type { FollowEvent, Place } from '@why502/flow';
import type { Problem } from '@why502/model';
import type { Log } from '@why502/pipeline-analyze';
import type { KnownLogs } from './known-logs.ts';

/** Takes the bytes of logs whose format is known. */
export interface LogReader {
  /** False where it does not take the log. */
  open(generation: string, log: Log, place: Place): boolean;
  push(generation: string, chunk: Uint8Array): void;
  end(generation: string): void;
}

/** Told what is amiss with the files. */
export interface Complaints {
  trouble(problem: Problem): void;
  /** Lines of a log may have been lost to everybody. */
  gap(generation: string, name: string): void;
}

/** A file whose first lines have not come yet, or do not tell what it is. */
interface Unknown {
  readonly name: string;
  readonly place: Place;
  head: Buffer;
  /** Length at which it was looked at last. */
  lookedAt: number;
}

const lineBreak = 0x0a;

/** Hands a reader the bytes of files that are logs, and keeps those of others until it is known what they are. */
export class Reception {
  readonly #logs: KnownLogs;
  readonly #reader: LogReader;
  readonly #complaints: Complaints;
  readonly #unknown = new Map<string, Unknown>();
  /** Logs that the reader does not take. */
  readonly #refused: { readonly generation: string; readonly place: Place }[] = [];
  /** Generations of which no byte is wanted. */
  readonly #ignored = new Set<string>();

  constructor(logs: KnownLogs, reader: LogReader, complaints: Complaints) {
    this.#logs = logs;
    this.#reader = reader;
    this.#complaints = complaints;
  }

  /** Files whose bytes no reader has got. */
  get unread(): readonly { readonly generation: string; readonly place: Place }[] {
    const unknown = [...this.#unknown].map(([generation, { place }]) => ({ generation, place }));
    return [...unknown, ...this.#refused];
  }

  async take(event: FollowEvent): Promise<void> {
    switch (event.kind) {
      case 'opened':
        return this.#open(event.generation, event.name, event.place);
      case 'bytes':
        return this.#push(event.generation, event.chunk);
      case 'ended':
        return this.#end(event.generation);
      case 'trouble':
        return this.#complaints.trouble(event.problem);
      case 'gap':
        if (!this.#ignored.has(event.generation)) this.#complaints.gap(event.generation, event.name);
        return;
      default:
        return event satisfies never;
    }
  }

  #open(generation: string, name: string, place: Place): void {
    const log = this.#logs.of(name);
    if (this.#logs.isLeftOut(name)) this.#ignored.add(generation);
    else if (log !== undefined) this.#openLog(generation, log, place);
    else this.#unknown.set(generation, { name, place, head: Buffer.alloc(0), lookedAt: 0 });
  }

  async #push(generation: string, chunk: Uint8Array): Promise<void> {
    const unknown = this.#unknown.get(generation);
    if (unknown === undefined) {
      if (!this.#ignored.has(generation)) this.#reader.push(generation, chunk);
      return;
    }
    unknown.head = Buffer.concat([unknown.head, chunk]);
    // Twice as much may tell more; a little more would not.
    if (unknown.head.length < 2 * unknown.lookedAt || !unknown.head.includes(lineBreak)) return;
    await this.#look(generation, unknown, false);
  }

  /** Looks at what an unknown file is by the bytes that came so far; `whole`: no more will come. */
  async #look(generation: string, unknown: Unknown, whole: boolean): Promise<void> {
    const { name, place, head } = unknown;
    unknown.lookedAt = head.length;
    const found = await this.#logs.recognise(name, head, whole);
    if (found.kind === 'later') return;
    this.#unknown.delete(generation);
    if (found.kind === 'no_log') {
      this.#ignored.add(generation);
      this.#complaints.trouble(found.problem);
      return;
    }
    if (this.#openLog(generation, found.log, place)) this.#reader.push(generation, head);
  }

  #openLog(generation: string, log: Log, place: Place): boolean {
    if (this.#reader.open(generation, log, place)) return true;
    this.#ignored.add(generation);
    this.#refused.push({ generation, place });
    return false;
  }

  async #end(generation: string): Promise<void> {
    const unknown = this.#unknown.get(generation);
    if (unknown !== undefined && unknown.head.length > 0) await this.#look(generation, unknown, true);
    this.#unknown.delete(generation);
    if (!this.#ignored.delete(generation)) this.#reader.end(generation);
  }
}
