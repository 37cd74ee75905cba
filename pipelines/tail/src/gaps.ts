import { Problem } from '@why502/model';

/**
 * Counts how often lines may have been lost to everybody, between the copy of a log and its truncation. Whether there were any
 * only the writer knows. A file is cut once, however often it is read again; that there may be gaps is said once of each log.
 */
export class Gaps {
  readonly #before: number;
  readonly #say: (problem: Problem) => void;
  readonly #generations = new Set<string>();
  readonly #names = new Set<string>();

  /** @param before of earlier runs */
  constructor(before: number, say: (problem: Problem) => void) {
    this.#before = before;
    this.#say = say;
  }

  get count(): number {
    return this.#before + this.#generations.size;
  }

  add(generation: string, name: string): void {
    this.#generations.add(generation);
    if (this.#names.has(name)) return;
    this.#names.add(name);
    this.#say(new Problem('W502_POSSIBLE_GAP', { where: name }));
  }
}
