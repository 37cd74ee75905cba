import { hash } from 'node:crypto';
import type { SourceKind } from '@why502/model';

/** A verdict's id: which line it was, whatever file, offset or archive it came from. */
export function verdictId(source: SourceKind, lineHash: string, ordinal: number): string {
  return shortHash(`${source}\0${lineHash}\0${ordinal}`);
}

export function incidentId(mechanism: string, scope: string, firstVerdict: string): string {
  return shortHash(`${mechanism}\0${scope}\0${firstVerdict}`);
}

function shortHash(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 16);
}

/** Lines that are remembered at most, 100 bytes each: of a storm, those of its last seconds. */
const mostLines = 200_000;

/** Numbers identical lines of one second, so that each gets its own id. Interchangeable lines need no order. */
export class Ordinals {
  readonly #seconds = new Map<number, Map<string, number>>();
  #size = 0;

  next(source: SourceKind, lineHash: string, second: number): number {
    let lines = this.#seconds.get(second);
    if (lines === undefined) {
      lines = new Map();
      this.#seconds.set(second, lines);
    }
    const key = source + lineHash;
    const ordinal = lines.get(key) ?? 0;
    lines.set(key, ordinal + 1);
    if (ordinal === 0 && ++this.#size > mostLines) this.#forget(Math.min(...this.#seconds.keys()));
    return ordinal;
  }

  forgetBefore(second: number): void {
    for (const key of this.#seconds.keys()) if (key < second) this.#forget(key);
  }

  #forget(second: number): void {
    this.#size -= this.#seconds.get(second)?.size ?? 0;
    this.#seconds.delete(second);
  }
}
