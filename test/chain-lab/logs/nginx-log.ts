import type { Passing } from '../parties/nginx-pass.ts';
import type { Chance } from '../world/chance.ts';
import type { Row, Trip } from '../world/trip.ts';
import type { World } from '../world/world.ts';
import { type AccessFormat, accessLine } from './access-formats.ts';
import type { Line, LogFile } from './log-files.ts';
import { unzoned } from './times.ts';

export interface NginxLogSettings {
  /** Name of the host, which the files are named after; `access.log` and `error.log` if empty. */
  readonly host: string;
  readonly format: AccessFormat;
  readonly level: 'error' | 'warn' | 'info';
  /** Minutes east of UTC of the host's clock. */
  readonly zone?: number;
  /** Seconds that the host's clock is ahead. */
  readonly ahead?: number;
}

export interface NginxLine extends Passing {
  readonly id: string;
  readonly caller: string;
  readonly began: number;
  readonly ended: number;
  readonly connection: number;
  /** Which request of its connection it is. */
  readonly turn: number;
  readonly serverName: string;
}

interface Entry extends Line {
  readonly at: number;
}

const levels = ['info', 'warn', 'error', 'crit', 'alert'];

/** The access log and the error log of an nginx. */
export class NginxLog {
  /** Whether lines hold all attempts. */
  readonly lists: boolean;
  readonly #world: World;
  readonly #settings: NginxLogSettings;
  readonly #chance: Chance;
  readonly #process: number;
  readonly #access: Entry[] = [];
  readonly #error: Entry[] = [];

  constructor(world: World, settings: NginxLogSettings) {
    this.#world = world;
    this.#settings = settings;
    this.lists = settings.format !== 'combined' && settings.format !== 'main';
    this.#chance = world.chance.of(`proxy log ${settings.host}`);
    this.#process = this.#chance.whole(600, 30_000);
  }

  write(row: Row, trip: Trip, line: NginxLine): void {
    const { format, zone = 0 } = this.#settings;
    const process = this.#process + (line.connection % 2);
    const moment = { date: this.#date(line.ended), zone, process };
    this.#access.push({ text: accessLine(format, moment, trip, line), row, at: line.ended });
    for (const said of line.said) {
      if (levels.indexOf(said.level) < levels.indexOf(this.#settings.level)) continue;
      const error: Row = { source: 'nginx', kind: 'error', status: row.status, made: undefined };
      trip.rows.push(error);
      const head = `${unzoned(this.#date(said.at), zone)} [${said.level}] ${process}#${process}: *${line.connection}`;
      this.#error.push({
        text: `${head} ${said.text}, ${context(trip, line, said.peer)}`,
        row: error,
        at: said.at,
      });
    }
  }

  /** A line that belongs to no request. */
  note(level: string, text: string): void {
    const at = this.#world.clock.now;
    const process = this.#process - 1;
    const head = `${unzoned(this.#date(at), this.#settings.zone ?? 0)} [${level}] ${process}#${process}:`;
    this.#error.push({ text: `${head} ${text}`, at });
  }

  files(): readonly LogFile[] {
    const { host } = this.#settings;
    const name = host === '' ? 'nginx/' : `nginx/${host}-`;
    return [
      { name: `${name}access.log`, lines: inOrder(this.#access) },
      { name: `${name}error.log`, lines: inOrder(this.#error) },
    ].filter(({ lines }) => lines.length > 0);
  }

  #date(time: number): number {
    return this.#world.date(time) + (this.#settings.ahead ?? 0) * 1000;
  }
}

function inOrder(entries: readonly Entry[]): readonly Entry[] {
  return [...entries].sort((a, b) => a.at - b.at);
}

function context(
  { ask }: Trip,
  { caller, serverName, scheme = 'http' }: NginxLine,
  peer: string | undefined,
): string {
  const parts = [
    `client: ${caller}`,
    `server: ${serverName}`,
    `request: "${ask.method} ${ask.path} HTTP/1.1"`,
  ];
  if (peer !== undefined) parts.push(`upstream: "${scheme}://${peer}${ask.path}"`);
  parts.push(`host: "${ask.host}"`);
  if (ask.referrer !== '') parts.push(`referrer: "${ask.referrer}"`);
  return parts.join(', ');
}
