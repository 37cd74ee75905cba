import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { testFolder } from '../corpus.ts';
import type { Nginx } from './nginx.ts';
import type { AppOptions, Player, WorkersOptions } from './players.ts';
import type { Phase } from './scenario.ts';

/** A machine of the play: a network namespace on the common bridge. */
export interface Host {
  readonly space: string;
  readonly address: string;
}

/** Where a scenario plays: hosts on one network, processes on them, and a clock. */
export class Stage {
  readonly folder: string;
  readonly proxy: Host;
  /** Set before a scenario prepares anything. */
  nginx!: Nginx;
  /** What a scenario prepares and uses later: options of TLS. */
  kit: Readonly<Record<string, unknown>> = {};
  /** What the backends did wrong on purpose, by the number of the request. */
  readonly did: Map<string, string[]> = new Map();
  readonly phases: { readonly phase: Phase; readonly time: Date }[] = [];
  /** Of all namespaces of this stage, so that several can play side by side. */
  readonly #prefix: string;
  readonly #network: string;
  readonly #hosts = new Map<string, Host>();
  readonly #named = new Map<string, Player>();
  /** What players print on their standard error. */
  readonly #complaints: number;
  readonly #children = new Set<ChildProcess>();
  #start = 0;
  #over = false;

  constructor(folder: string, prefix: string, network: string) {
    this.folder = folder;
    this.#prefix = prefix;
    this.#network = network;
    for (const name of ['run', 'log', 'www/html', 'tls']) mkdirSync(join(folder, name), { recursive: true });
    this.#complaints = openSync(join(folder, 'complaints'), 'a');
    this.proxy = this.#space('p', `${network}.1`);
    this.run(
      this.proxy,
      `ip link add br0 type bridge && ip addr add ${network}.1/24 dev br0 && ip link set br0 up`,
    );
  }

  /** The host with this last octet, made when first asked for. */
  host(octet: number): Host {
    const key = `${octet}`;
    const known = this.#hosts.get(key);
    if (known !== undefined) return known;
    const host = this.#space(`h${octet}`, `${this.#network}.${octet}`);
    this.run(
      this.proxy,
      `ip link add v${octet} type veth peer name eth0 netns ${host.space} && ip link set v${octet} master br0 up`,
    );
    this.run(
      host,
      `ip addr add ${host.address}/24 dev eth0 && ip link set eth0 up && ip route add default via ${this.#network}.1`,
    );
    this.#hosts.set(key, host);
    return host;
  }

  app(name: string, host: Host, options: AppOptions): Promise<Player> {
    const heap = options.heap === undefined ? [] : [`--max-old-space-size=${options.heap}`];
    return this.player(name, host, [
      process.execPath,
      ...heap,
      script('app.mjs'),
      this.#place(host, options),
    ]);
  }

  workers(name: string, host: Host, options: WorkersOptions): Promise<Player> {
    return this.player(name, host, ['python3', script('workers.py'), this.#place(host, options)]);
  }

  /** Another nginx, with this inside its `http { }`. */
  async gateway(name: string, host: Host, inside: string): Promise<Player> {
    const own = (suffix: string) => join(this.folder, `${name}.${suffix}`);
    const logs = `pid ${own('pid')};\nerror_log ${own('log')};\nevents {}\n`;
    const conf = this.write(`${name}.conf`, `${logs}http {\naccess_log off;\n${inside}\n}\n`);
    const command = `nginx -t -q -c ${conf} && echo ready && exec nginx -c ${conf} -g 'daemon off;'`;
    const player = await this.player(name, host, ['sh', '-c', command]);
    await sleep(300);
    return player;
  }

  names(host: Host, table: Readonly<Record<string, unknown>>): Promise<Player> {
    const options = JSON.stringify({ address: host.address, port: 53, table });
    return this.player('names', host, [process.execPath, script('names.mjs'), options]);
  }

  /** A player that was put up under this name. */
  the(name: string): Player {
    const player = this.#named.get(name);
    if (player === undefined) throw new Error(`nobody is called ${name}`);
    return player;
  }

  /** Starts a process on a host and waits until it prints `ready`. */
  async player(name: string, host: Host, command: readonly string[]): Promise<Player> {
    const child = this.spawn(host, command);
    await ready(child, name, (line) => this.#note(line));
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const player: Player = {
      tell: (what) => child.stdin?.write(`${JSON.stringify(what)}\n`),
      ended,
      stop: (signal = 'SIGKILL') => {
        child.kill(signal);
        return ended;
      },
    };
    this.#named.set(name, player);
    return player;
  }

  spawn(host: Host, command: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', host.space, ...command], {
      stdio: ['pipe', 'pipe', this.#complaints],
      env: { ...process.env, ...env },
    });
    child.stdin?.on('error', () => {});
    this.#children.add(child);
    child.once('exit', () => this.#children.delete(child));
    return child;
  }

  /** Runs a shell command on a host and returns what it printed. */
  run(host: Host, command: string): string {
    return execFileSync('ip', ['netns', 'exec', host.space, 'sh', '-c', command], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 20_000,
    });
  }

  write(path: string, text: string): string {
    const full = join(this.folder, path);
    writeFileSync(full, text);
    return full;
  }

  /** The traffic starts now. */
  begin(phase: Phase): void {
    this.#start = Date.now();
    this.phase(phase);
  }

  get started(): number {
    return this.#start;
  }

  phase(phase: Phase): void {
    this.phases.push({ phase, time: new Date() });
  }

  /** Waits until so many seconds of traffic have passed. */
  async at(second: number): Promise<void> {
    await sleep(Math.max(0, this.#start + second * 1000 - Date.now()));
  }

  /** Waits so many seconds; false if the play is over by then. */
  async rest(seconds: number): Promise<boolean> {
    await sleep(seconds * 1000);
    return !this.#over;
  }

  /** Ends every process and removes every namespace of this stage. */
  async clear(): Promise<void> {
    this.#over = true;
    const ended = [...this.#children].map((child) => new Promise((resolve) => child.once('exit', resolve)));
    const spaces = [...this.#hosts.values(), this.proxy].map(({ space }) => space);
    // All of them, since the workers of an nginx outlive its master.
    for (const space of spaces) {
      const pids = execFileSync('ip', ['netns', 'pids', space], { encoding: 'utf8' }).split('\n');
      for (const pid of pids.filter((one) => one !== '')) end(Number(pid));
    }
    await Promise.all(ended);
    for (const space of spaces) execFileSync('ip', ['netns', 'del', space]);
  }

  #space(suffix: string, address: string): Host {
    const space = `${this.#prefix}${suffix}`;
    execFileSync('ip', ['netns', 'add', space]);
    execFileSync('ip', ['-n', space, 'link', 'set', 'lo', 'up']);
    return { space, address };
  }

  /** Sockets under /run are in this stage's folder, which the proxy sees as /run. */
  #place({ address }: Host, options: AppOptions | WorkersOptions): string {
    const path = options.path?.replace(/^\/run\//, `${join(this.folder, 'run')}/`);
    return JSON.stringify({ address, ...options, ...(path === undefined ? {} : { path }) });
  }

  #note(line: string): void {
    const { n, did }: { n?: string; did: string } = JSON.parse(line);
    if (n === undefined) return;
    const known = this.did.get(n);
    if (known === undefined) this.did.set(n, [did]);
    else known.push(did);
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}

export function script(name: string): string {
  return join(testFolder, 'lab', 'players', name);
}

/** Reads what a process prints; ends at `ready`, hands on every later line. */
export function ready(child: ChildProcess, name: string, onLine: (line: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`${name} is not ready after 20 s`)), 20_000);
    child.once('exit', () => reject(new Error(`${name} ended before it was ready`)));
    createInterface({ input: child.stdout! }).on('line', (line) => {
      if (line !== 'ready') return onLine(line);
      clearTimeout(limit);
      resolve();
    });
  });
}
