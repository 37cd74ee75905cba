import { type RedactedText, truncateAddress } from '@why502/model';
import type { OpenIncident } from '../memory.ts';

/** Different clients are counted exactly up to this many. */
const exactUpTo = 1_000;

/** From so large a share on, an incident is above all a matter of one client. */
const mainShare = 0.5;

/** Of fewer requests, half are no sign of anything. */
const fewestOfMain = 5;

/** The clients of an incident: how many there are, and whether most requests are of one. In bounded memory. */
export class Clients {
  readonly #different = new Set<string>();
  /** Of the most frequent clients, at most a thousandth of all requests too few (Misra and Gries, 1982). */
  readonly #frequent = new Map<string, number>();
  #requests = 0;

  constructor(known?: OpenIncident['clients']) {
    for (const client of known?.different ?? []) this.#different.add(client);
    for (const [client, requests] of known?.frequent ?? []) this.#frequent.set(client, requests);
    this.#requests = known?.requests ?? 0;
  }

  remember(): OpenIncident['clients'] {
    return { requests: this.#requests, different: [...this.#different], frequent: [...this.#frequent] };
  }

  add(client: string): void {
    this.#requests++;
    if (this.#different.size < exactUpTo) this.#different.add(client);
    const known = this.#frequent.get(client);
    if (known !== undefined) this.#frequent.set(client, known + 1);
    else if (this.#frequent.size < exactUpTo) this.#frequent.set(client, 1);
    else this.#decay();
  }

  get different(): number {
    return this.#different.size;
  }

  /** The network of the client that sent most of the requests, and how many; undefined where none did. */
  get main(): { readonly network: RedactedText; readonly requests: number } | undefined {
    let main: readonly [string, number] | undefined;
    for (const one of this.#frequent) if (main === undefined || one[1] > main[1]) main = one;
    if (main === undefined || main[1] < fewestOfMain || main[1] < mainShare * this.#requests)
      return undefined;
    return { network: truncateAddress(main[0]), requests: main[1] };
  }

  #decay(): void {
    for (const [client, requests] of this.#frequent) {
      if (requests === 1) this.#frequent.delete(client);
      else this.#frequent.set(client, requests - 1);
    }
  }
}
