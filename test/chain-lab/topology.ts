import { BalancerLog, type BalancerLogSettings } from './logs/balancer-log.ts';
import { EdgeLog, type EdgeLogSettings } from './logs/edge-log.ts';
import { NginxLog, type NginxLogSettings } from './logs/nginx-log.ts';
import { App, type AppSettings } from './parties/app.ts';
import { Balancer, type BalancerSettings } from './parties/balancer.ts';
import { type Colo, Edge, type EdgeSettings } from './parties/edge.ts';
import { Name } from './parties/names.ts';
import { Nginx } from './parties/nginx.ts';
import type { Origin } from './parties/origin.ts';
import { type GroupSettings, TargetGroup } from './parties/target-group.ts';
import { Upstream, type UpstreamOptions } from './parties/upstream.ts';
import type { Stream } from './parties/visitors.ts';
import type { Play } from './play.ts';
import { type Site, usualWork } from './sites.ts';
import type { Trip } from './world/trip.ts';

/** Any part of the chain: visitors, network of nginxes, load balancer, nginx, processes. */
export interface Topology {
  readonly site: Site;
  readonly edge?: Partial<Omit<EdgeSettings, 'log' | 'origin'>> & {
    readonly log?: Partial<EdgeLogSettings>;
    readonly origin?: Partial<Origin>;
    /** For requests that go elsewhere. */
    readonly otherwise?: (trip: Trip, usual: Origin) => Origin | undefined;
  };
  readonly balancer?: Partial<Omit<BalancerSettings, 'log' | 'nodes'>> & {
    readonly log?: Partial<BalancerLogSettings>;
    readonly nodes?: number;
    readonly group?: Partial<GroupSettings>;
  };
  readonly nginxes?: {
    readonly count: number;
    readonly log?: Partial<NginxLogSettings>;
    readonly group?: Partial<UpstreamOptions>;
    readonly idle?: number;
    /** Nobody has its logs. */
    readonly silent?: boolean;
    /** Seconds that each host's clock is ahead. */
    readonly ahead?: readonly number[];
  };
  /** The processes, and the first three parts of their addresses; none where a function answers. */
  readonly apps?: Partial<AppSettings> & {
    readonly count: number;
    readonly net: string;
    readonly port: number;
  };
  /** Visitors per second. */
  readonly rate: number;
  /** Who comes besides. */
  readonly streams?: readonly Partial<Stream>[];
}

/** The parties that a topology puts up. Those that it has not throw when they are asked for. */
export interface Cast {
  readonly edge: Edge;
  readonly edgeLog: EdgeLog;
  readonly name: Name;
  readonly balancer: Balancer;
  readonly balancerLog: BalancerLog;
  readonly group: TargetGroup;
  readonly nginxes: readonly Nginx[];
  readonly upstreams: readonly Upstream[];
  readonly nginxLogs: readonly NginxLog[];
  readonly apps: readonly App[];
}

const places: readonly (readonly [string, number, number, string])[] = [
  ['WAW', 3, 24, '172.70.12'],
  ['DUB', 2, 31, '162.158.37'],
  ['ORD', 3, 96, '172.68.70'],
  ['SIN', 1, 168, '162.158.160'],
  ['EZE', 1, 210, '172.69.138'],
];

const colos: readonly Colo[] = places.map(([code, weight, distance, net], index) => {
  return { code, weight, distance, net, number: 30 + index };
});

/** Puts up all hops, innermost first, and lets visitors come to the outermost. */
export function putUp(play: Play, topology: Topology): Cast {
  const { world } = play;
  const { site, apps: plan, nginxes: nginxPlan, balancer: balancerPlan, edge: edgePlan } = topology;
  const work = usualWork(world, site);
  const apps = Array.from({ length: plan?.count ?? 0 }, (_, index) => {
    const address = `${plan!.net}.${12 + 9 * index}:${plan!.port}`;
    return new App(world, { workers: 40, work, ...plan, address });
  });
  const inner = apps.map(({ address }) => address);
  const front = putUpNginxes(play, topology, inner);
  const behind = nginxPlan === undefined ? inner : front.addresses;
  const balancer = balancerPlan === undefined ? undefined : putUpBalancer(play, topology, behind);
  const edge = edgePlan === undefined ? undefined : putUpEdge(play, topology, balancer?.outside ?? behind);
  const [firstNginx] = front.nginxes;
  const enter = edge?.edge ?? balancer?.balancer ?? firstNginx!;
  const everyday: Stream = { rate: topology.rate, kinds: site.kinds, host: site.host };
  const besides = (topology.streams ?? []).map((stream) => ({
    kinds: site.kinds,
    host: site.host,
    ...stream,
  }));
  play.visitors((trip, gone) => enter.visit(trip, gone), everyday, ...besides);
  return { ...front, ...balancer, ...edge, apps } as unknown as Cast;
}

function putUpNginxes(
  { world, logs, formats }: Play,
  { site, nginxes: plan, edge, balancer }: Topology,
  peers: readonly string[],
) {
  const nginxes: Nginx[] = [];
  const upstreams: Upstream[] = [];
  const nginxLogs: NginxLog[] = [];
  const addresses: string[] = [];
  for (let index = 0; index < (plan?.count ?? 0); index += 1) {
    const host = plan!.count === 1 ? 'edge-a' : `web${index + 1}`;
    const address =
      balancer === undefined && edge !== undefined
        ? `198.51.100.${60 + index}:443`
        : `10.40.${index}.15:8080`;
    const settings = {
      host,
      format: 'why502',
      level: 'error',
      ahead: plan!.ahead?.[index] ?? 0,
      ...plan!.log,
    } as const;
    const log = new NginxLog(world, settings);
    const options: UpstreamOptions = { name: 'backend', peers, keeps: 60_000, ...plan!.group };
    const group = new Upstream(world, address.replace(/:\d+$/, ''), options);
    const idle = plan!.idle === undefined ? {} : { idle: plan!.idle };
    nginxes.push(
      new Nginx(world, { host, listens: address, serverName: site.host, log, route: () => group, ...idle }),
    );
    upstreams.push(group);
    nginxLogs.push(log);
    addresses.push(address);
    if (plan!.silent) continue;
    logs.push(log);
    formats.nginx = {
      format: settings.format,
      error_log_level: settings.level,
      utc_offset_minutes: plan!.log?.zone ?? 0,
      clock_ahead_s: plan!.ahead ?? [0],
    };
  }
  return { nginxes, upstreams, nginxLogs, addresses };
}

function putUpBalancer(
  { world, logs, formats }: Play,
  { site, balancer: plan, edge }: Topology,
  targets: readonly string[],
) {
  const { log: logPlan, nodes: count = 2, group: groupPlan, ...settings } = plan!;
  const name = site.host.split('.').at(-2)!;
  const group = new TargetGroup(world, { name: `tg-${name}`, ...groupPlan }, ...targets);
  const logSettings: BalancerLogSettings = {
    name,
    fields: 30,
    region: 'eu-north-1',
    host: site.host,
    ...logPlan,
  };
  const log = new BalancerLog(world, logSettings);
  const nodes = Array.from({ length: count }, (_, index) => {
    const inside = `10.40.${index + 8}.${41 + 17 * index}`;
    return { outside: edge === undefined ? inside : `203.0.113.${80 + 11 * index}`, inside };
  });
  const balancer = new Balancer(world, { name, log, route: () => group, ...settings, nodes });
  logs.push(log);
  const { fields, loss = 0.01 } = logSettings;
  formats.alb = { fields, best_effort_loss: loss, idle_timeout_s: (plan!.idleTimeout ?? 60_000) / 1000 };
  return { balancer, balancerLog: log, group, outside: nodes.map(({ outside }) => `${outside}:443`) };
}

function putUpEdge(
  { world, logs, formats }: Play,
  { site, edge: plan }: Topology,
  behind: readonly string[],
) {
  const { log: logPlan, origin: originPlan, otherwise, ...settings } = plan!;
  const zone = site.host.split('.').slice(-2).join('.');
  const logSettings: EdgeLogSettings = {
    timestamps: 'rfc3339',
    fields: 'full',
    seconds: 60,
    zone,
    ...logPlan,
  };
  const edgeLog = new EdgeLog(world, logSettings);
  const addresses = behind.map((address) => address.replace(/:\d+$/, ''));
  const name = new Name(world, `origin.${zone}`, 30, ...addresses);
  const port = Number(behind[0]!.replace(/.*:/, ''));
  const origin: Origin = { at: name, port, mode: 'full', ...originPlan };
  const edge = new Edge(world, {
    colos,
    log: edgeLog,
    origin: (trip) => otherwise?.(trip, origin) ?? origin,
    zone,
    keeps: (path) => path.startsWith('/static/'),
    ...settings,
  });
  logs.push(edgeLog);
  const { timestamps, fields, sample = 1, seconds } = logSettings;
  formats.cloudflare = { timestamps, fields, sample_rate: sample, batch_seconds: seconds };
  return { edge, edgeLog, name };
}
