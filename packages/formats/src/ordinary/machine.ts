import type { Steps } from '../steps.ts';
import { program as compiled } from './program.ts';

/** As much of the global as is used; the types of Node.js leave it out. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** Exported numbers: how much there is room for, and addresses in the memory. */
type Numbers = Readonly<Record<string, { readonly value: number }>>;

type Scan = (start: number, stop: number, most: number) => number;

interface Program {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly read: { readonly value: number };
  readonly scanNginx: Scan;
  readonly scanAlb: Scan;
  readonly scanCloudflare: Scan;
  /** Where the key lies whose meaning is not known; 0 without one. */
  readonly strangeKey: { readonly value: number };
  readonly strangeKeyLength: { readonly value: number };
  learnKey(meaning: number): number;
}

/** The kinds of lines that the program reads. */
export type Kind = 'nginx' | 'alb' | 'cloudflare';

/** Three numbers a row: where the name begins in the memory, its length, its hash. */
export type NameSpans = Int32Array;

/**
 * The reader of ordinary lines, compiled of the sources in `assembly`, and its memory. One serves all logs, as it keeps
 * nothing of a log from one call to the next but the last time that it read.
 */
export class Machine {
  readonly #program: Program;
  readonly mostRows: number;
  readonly textRoom: number;
  readonly #literalRoom: number;
  /** All the memory. */
  readonly bytes: Buffer;
  readonly view: DataView;
  /** Where lines are put. */
  readonly text: number;
  /** Where what describes them is put. */
  readonly #literals: number;
  readonly #lead: number;
  readonly #table: Int32Array;
  readonly #literalFrom: Int32Array;
  readonly #plans: Readonly<Record<Kind, Int32Array>>;
  readonly #scans: Readonly<Record<Kind, Scan>>;
  /** What was read, a place per row. */
  readonly lineFrom: Int32Array;
  readonly lineTo: Int32Array;
  readonly at: Float64Array;
  readonly status: Uint16Array;
  readonly duration: Int32Array;
  readonly connect: Int32Array;
  readonly identity: Uint32Array;
  readonly hasFailed: Uint8Array;
  readonly hosts: NameSpans;
  readonly services: NameSpans;
  readonly peers: NameSpans;
  readonly places: NameSpans;
  readonly routes: NameSpans;

  constructor() {
    const module = new WebAssembly.Module(Buffer.from(compiled, 'base64'));
    const { exports } = new WebAssembly.Instance(module);
    const numbers = exports as Numbers;
    const program = exports as Program;
    const { buffer } = program.memory;
    this.#program = program;
    this.#scans = {
      nginx: program.scanNginx,
      alb: program.scanAlb,
      cloudflare: program.scanCloudflare,
    };
    const number = (name: string) => numbers[name]!.value;
    const integers = (name: string, length: number) => new Int32Array(buffer, number(name), length);
    const [rows, fields] = [number('mostRows'), number('mostFields')];
    this.mostRows = rows;
    this.textRoom = number('textRoom');
    this.#literalRoom = number('literalRoom');
    this.bytes = Buffer.from(buffer);
    this.view = new DataView(buffer);
    this.text = number('text');
    this.#literals = number('literals');
    this.#lead = number('lead');
    this.#table = integers('table', 6 * fields);
    this.#literalFrom = integers('literalFrom', fields + 1);
    this.#plans = {
      nginx: integers('nginxPlan', number('nginxPlanLength')),
      alb: integers('albPlan', number('albPlanLength')),
      cloudflare: new Int32Array(0),
    };
    this.lineFrom = integers('lineFrom', rows);
    this.lineTo = integers('lineTo', rows);
    this.at = new Float64Array(buffer, number('at'), rows);
    this.status = new Uint16Array(buffer, number('status'), rows);
    this.duration = integers('duration', rows);
    this.connect = integers('connect', rows);
    this.identity = new Uint32Array(buffer, number('identity'), rows);
    this.hasFailed = new Uint8Array(buffer, number('hasFailed'), rows);
    this.hosts = integers('hosts', 3 * rows);
    this.services = integers('services', 3 * rows);
    this.peers = integers('peers', 3 * rows);
    this.places = integers('places', 3 * rows);
    this.routes = integers('routes', 3 * rows);
  }

  hasRoomFor({ table, lead, literals }: Steps): boolean {
    return table.length <= this.#table.length && Math.max(lead.length, literals.length) <= this.#literalRoom;
  }

  /** Sets it up for lines of a layout. */
  lay(kind: Kind, steps: Steps | undefined, plan: readonly number[]): void {
    this.#plans[kind].set(plan);
    if (steps === undefined) return;
    this.bytes.set(steps.lead, this.#lead);
    this.bytes.set(steps.literals, this.#literals);
    this.#table.set(steps.table);
    this.#literalFrom.set(steps.literalFrom);
  }

  /** Reads up to `most` lines out of [start, stop) of the text; how many it could. */
  scan(kind: Kind, start: number, stop: number, most: number): number {
    return this.#scans[kind](start, stop, most);
  }

  /** Whether the last scan stopped at a key that it did not know, and knows now by what it means. */
  learns(meaningOf: (key: string) => number | undefined): boolean {
    const { strangeKey, strangeKeyLength } = this.#program;
    const at = strangeKey.value;
    if (at === 0) return false;
    const meaning = meaningOf(this.bytes.toString('latin1', at, at + strangeKeyLength.value));
    return meaning !== undefined && this.#program.learnKey(meaning) !== 0;
  }

  /** Where in the text the last scan came to. */
  get read(): number {
    return this.#program.read.value;
  }
}
