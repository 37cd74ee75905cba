import type { Place } from '@why502/flow';
import type { FollowEvent, Following } from '@why502/pipeline-tail';

interface MadeUpFile {
  readonly generation: string;
  name: string;
  bytes: Buffer;
  /** Nobody writes to it any more. */
  closed: boolean;
}

/** Files in memory that grow and are rotated, and followers of them. What is written later is told later. */
export class MadeUpFiles {
  readonly #files: MadeUpFile[] = [];
  readonly #waiting = new Set<() => void>();
  #over = false;
  /** Bytes per event at most. */
  chunkSize = 64 * 1024;

  write(name: string, text: string | Buffer): void {
    const file = this.#current(name);
    file.bytes = Buffer.concat([file.bytes, Buffer.from(text)]);
    this.#wake();
  }

  /** As `mv access.log access.log.1` and the signal to reopen. */
  rotate(name: string): void {
    const file = this.#current(name);
    file.closed = true;
    file.name = `${name}.1`;
    this.#current(name);
    this.#wake();
  }

  /** No file will be written to any more. */
  end(): void {
    this.#over = true;
    for (const file of this.#files) file.closed = true;
    this.#wake();
  }

  /** @param from the state of an earlier follower, or where to begin without one */
  follow(from: unknown): Following {
    const positions = new Map<string, { at: number; ended: boolean }>();
    const places = new Map((Array.isArray(from) ? from : []) as [string, Place][]);
    const initial = new Set(this.#files.map(({ generation }) => generation));
    const open = (file: MadeUpFile): FollowEvent => {
      const place =
        places.get(file.generation) ?? placeOf(file, from === 'end' && initial.has(file.generation));
      positions.set(file.generation, { at: place.offset, ended: false });
      return { kind: 'opened', generation: file.generation, name: file.name.replace(/\.1$/, ''), place };
    };
    const news = (held: ReadonlySet<string>): FollowEvent[] => {
      const events: FollowEvent[] = [];
      for (const file of this.#files) {
        if (!positions.has(file.generation)) events.push(open(file));
        const position = positions.get(file.generation)!;
        if (!held.has(file.generation) && position.at < file.bytes.length) {
          const chunk = Buffer.from(file.bytes.subarray(position.at, position.at + this.chunkSize));
          position.at += chunk.length;
          events.push({ kind: 'bytes', generation: file.generation, chunk });
        } else if (file.closed && !position.ended && position.at === file.bytes.length) {
          position.ended = true;
          events.push({ kind: 'ended', generation: file.generation, reason: 'rotated' });
        }
      }
      return events;
    };
    let isClosed = false;
    return {
      next: async (held) => {
        for (;;) {
          const events = news(held);
          if (events.length > 0) return events;
          if (isClosed || (this.#over && held.size === 0)) return undefined;
          await new Promise<void>((resolve) => this.#waiting.add(resolve));
        }
      },
      state: (to) => [...to],
      close: async () => {
        isClosed = true;
        this.#wake();
      },
    };
  }

  #current(name: string): MadeUpFile {
    let file = this.#files.find((one) => one.name === name && !one.closed);
    if (file === undefined) {
      file = { generation: `${name}#${this.#files.length}`, name, bytes: Buffer.alloc(0), closed: false };
      this.#files.push(file);
    }
    return file;
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}

function placeOf({ bytes }: MadeUpFile, atEnd: boolean): Place {
  if (!atEnd) return { offset: 0, line: 0 };
  let line = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) line++;
  return { offset: bytes.length, line };
}
