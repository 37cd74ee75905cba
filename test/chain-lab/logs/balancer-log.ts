import type { Node } from '../parties/balancer.ts';
import type { BalancerFacts } from '../parties/balancer-facts.ts';
import type { TargetGroup } from '../parties/target-group.ts';
import type { Chance } from '../world/chance.ts';
import type { Row, Trip } from '../world/trip.ts';
import type { Wire } from '../world/wire.ts';
import type { World } from '../world/world.ts';
import type { Line, LogFile } from './log-files.ts';
import { compact, micros } from './times.ts';

export interface BalancerLogSettings {
  readonly name: string;
  /** How many fields a line has: the format grew over the years. */
  readonly fields: 25 | 29 | 30 | 33 | 34 | 36;
  readonly region: string;
  readonly host: string;
  /** The share of lines that is never delivered. */
  readonly loss?: number;
  /** Files stand in folders as the bucket has them. */
  readonly folders?: boolean;
  /** Lines about callers that left tell how long the target had been waited for. */
  readonly waited?: boolean;
}

export interface BalancerLine extends BalancerFacts {
  readonly wire: Wire;
  readonly node: Node;
  readonly began: number;
  readonly ended: number;
}

/** How a health check went; no reason where it passed. */
export interface Check {
  readonly takes: number;
  readonly reason: string | undefined;
}

interface Entry extends Line {
  readonly node: Node;
  readonly ended: number;
  /** Where it comes among the lines of its node. */
  readonly order: number;
}

const interval = 300_000;

/** Access logs of an Application Load Balancer: one file for each node and five minutes, most lines delivered. */
export class BalancerLog {
  lost = 0;
  readonly waited: boolean;
  readonly #settings: BalancerLogSettings;
  readonly #world: World;
  readonly #chance: Chance;
  readonly #entries: Entry[] = [];
  readonly #checks: { readonly at: number; readonly text: string }[] = [];
  readonly #account: string;
  readonly #id: string;
  readonly #certificate: string;

  constructor(world: World, settings: BalancerLogSettings) {
    this.#world = world;
    this.#settings = settings;
    this.#chance = world.chance.of(`balancer log ${settings.name}`);
    this.waited = settings.waited ?? false;
    this.#account = `1112${this.#chance.whole(10_000_000, 99_999_999)}`;
    this.#id = this.#chance.hex(16);
    const arn = this.#chance.hex(32).replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
    this.#certificate = `arn:aws:acm:${settings.region}:${this.#account}:certificate/${arn}`;
  }

  write(row: Row, trip: Trip, line: BalancerLine): void {
    const text = this.#text(trip, line);
    const order = line.ended + this.#chance.between(0, 1500);
    if (this.#chance.happens(this.#settings.loss ?? 0.01)) this.lost += 1;
    else this.#entries.push({ text, row, node: line.node, ended: line.ended, order });
  }

  /** A line of the log of health checks; it belongs to no request. */
  check(at: number, address: string, group: TargetGroup, { takes, reason }: Check): void {
    const type = group.settings.secure ? 'https' : 'http';
    const latency = (takes / 1000).toFixed(9);
    const found = reason === undefined ? 'PASS 200 -' : `FAIL - ${reason}`;
    const line = [type, micros(this.#world.date(at)), latency, address, group.settings.name, found];
    this.#checks.push({ at, text: line.join(' ') });
  }

  files(): readonly LogFile[] {
    return [...this.#accessFiles(), ...this.#checkFiles()];
  }

  #checkFiles(): readonly LogFile[] {
    const groups = new Map<number, Line[]>();
    for (const { at, text } of this.#checks) {
      const end = this.#endOf(at);
      groups.set(end, [...(groups.get(end) ?? []), { text }]);
    }
    return [...groups].map(([end, lines]) => ({ name: this.#file(end, undefined), lines }));
  }

  #endOf(time: number): number {
    return (Math.floor(this.#world.date(time) / interval) + 1) * interval;
  }

  #accessFiles(): readonly LogFile[] {
    const groups = new Map<string, Entry[]>();
    for (const entry of [...this.#entries].sort((a, b) => a.order - b.order)) {
      const key = `${this.#endOf(entry.ended)} ${entry.node.outside}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [entry]);
      else group.push(entry);
    }
    return [...groups].map(([key, lines]) => {
      const [end, address] = key.split(' ');
      return { name: this.#file(Number(end), address!), lines };
    });
  }

  /** Without an address it is the log of health checks. */
  #file(end: number, address: string | undefined): string {
    const { name, region, folders } = this.#settings;
    const minute = `${compact(end).slice(0, 13)}Z`;
    const kind = address === undefined ? 'health_check_log_' : '';
    const place = address === undefined ? '' : `${address}_`;
    const file = `${kind}${this.#account}_elasticloadbalancing_${region}_app.${name}.${this.#id}_${minute}_${place}${this.#chance.hex(8)}.log`;
    const day = new Date(end).toISOString().slice(0, 10).replaceAll('-', '/');
    return folders
      ? `alb/AWSLogs/${this.#account}/elasticloadbalancing/${region}/${day}/${file}`
      : `alb/${file}`;
  }

  #text({ ask, headers }: Trip, line: BalancerLine): string {
    const { name, region, host, fields } = this.#settings;
    const type = ask.protocol === 'HTTP/1.1' || line.wire.from !== ask.client ? 'https' : 'h2';
    const protocol = type === 'h2' ? 'HTTP/2.0' : 'HTTP/1.1';
    const group =
      line.group === undefined
        ? '-'
        : `arn:aws:elasticloadbalancing:${region}:${this.#account}:targetgroup/${line.group.settings.name}/${line.group.id}`;
    const { from, port, number } = line.wire;
    const caller = from.includes(':') ? `[${from}]` : from;
    const address = line.address ?? '-';
    const targetStatus = line.targetStatus ?? '-';
    const all = [
      type,
      micros(this.#world.date(line.ended)),
      `app/${name}/${this.#id}`,
      `${caller}:${port}`,
      address,
      seconds(line.request),
      seconds(line.target),
      seconds(line.response),
      line.status === 0 ? '000' : line.status,
      targetStatus,
      ask.bytes,
      line.sent,
      `"${ask.method} https://${ask.host}:443${ask.path} ${protocol}"`,
      `"${ask.agent || '-'}"`,
      'TLS_AES_128_GCM_SHA256',
      'TLSv1.3',
      group,
      `"${headers.get('x-amzn-trace-id')}"`,
      `"${host}"`,
      `"${this.#certificate}"`,
      line.rule,
      micros(this.#world.date(line.began)),
      `"${line.actions}"`,
      `"${line.redirect || '-'}"`,
      `"${line.reason || '-'}"`,
      `"${address}"`,
      `"${targetStatus}"`,
      `"${line.classification || '-'}"`,
      `"${line.classificationReason || '-'}"`,
      `TID_${this.#chance.of(`${number}`).hex(32)}`,
      '"-"',
      '"-"',
      `"${line.transformStatus || '-'}"`,
      line.node.inside,
      '-',
      '-',
    ];
    return all.slice(0, fields).join(' ');
  }
}

function seconds(milliseconds: number | undefined): string {
  return milliseconds === undefined ? '-1' : (milliseconds / 1000).toFixed(3);
}
