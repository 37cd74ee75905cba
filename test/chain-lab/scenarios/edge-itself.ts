import { Tunnel } from '../parties/origin.ts';
import type { Scenario } from '../scenario.ts';
import { boutique, crawlers, fleet, gazette, programs, wards } from '../sites.ts';
import { putUp } from '../topology.ts';
import { asksFor, isFrom } from '../troubles/choices.ts';
import { coloFails, edgeAnswers, looksUp, refusesToFetchAhead } from '../troubles/hops.ts';
import { isCutOff } from '../troubles/paths.ts';
import * as processes from '../troubles/processes.ts';
import { because } from '../world/why.ts';

/** Cloudflare itself: its faults, scripts, rules, tunnels and pools; only its log is there. */
export const edgeItself: readonly Scenario[] = [
  {
    name: 'cf-edge-fault-scripts-and-look-ups',
    description:
      'One colo fails by itself. A script throws on one path and passes on what the origin does not answer on another. A rate rule answers 503. The edge writes lines about its own look-ups.',
    topology: 'visitors → Cloudflare (5 colos; scripts on two paths) → 1 process',
    started: '2026-10-23T13:40:00Z',
    minutes: 5,
    codes: true,
    build(play) {
      const product = { weight: 1, route: 'product', path: '/p/{id}' };
      const { edge, apps } = putUp(play, {
        site: boutique,
        rate: 10,
        edge: { log: { timestamps: 'unix', fields: 'full', codes: true } },
        apps: { count: 1, net: '192.0.2', port: 443 },
        streams: [
          { rate: 0.3, source: 'earlyHintsCache', kinds: [product] },
          { rate: 0.2, source: 'edgeWorkerCacheAPI', kinds: [product] },
          { from: 215, to: 250, rate: 4, clients: ['198.18.77.3', '198.18.77.4'], agents: programs },
        ],
      });
      looksUp(play, edge);
      coloFails(play, edge, [50, 85], 'WAW', 0.5);
      edge.script = ({ ask }) => (ask.route === 'basket' ? 'fetches' : undefined);
      const thrown = { status: 500, bytes: 4800, takes: 12, worker: 'exception', code: '1101' };
      const throws = 'a release of the script throws on searches';
      edgeAnswers(play, edge, [120, 150], throws, 'function_error', asksFor('search'), thrown);
      processes.isStopped(play, apps[0]!, [175, 190]);
      const limit = { status: 503, bytes: 800, pathing: ['user', 'ban', 'ratelimit'] as const };
      const chance = play.world.chance.of('limit');
      const many = isFrom('198.18.77.', () => chance.happens(0.75));
      edgeAnswers(play, edge, [215, 250], 'a rate rule answers 503', 'rate_limited', many, limit);
    },
  },
  {
    name: 'cf-tunnel-without-connector',
    description:
      'The connector of a tunnel is gone for a while. Later the service behind the connector is stopped, and then works at requests for longer than the edge waits.',
    topology: 'visitors → Cloudflare (5 colos) → tunnel → 1 process',
    started: '2026-09-11T23:18:00Z',
    minutes: 5,
    codes: true,
    build(play) {
      const tunnel = new Tunnel(play.world, '10.9.8.12:3000');
      const { apps } = putUp(play, {
        site: wards,
        rate: 8,
        edge: { log: { timestamps: 'unixnano', fields: 'full', codes: true }, origin: { at: tunnel } },
        apps: { count: 1, net: '10.9.8', port: 3000, workers: 6 },
      });
      play.during(60, 84, 'no connector is there', 'tunnel_down', () => {
        tunnel.down = because('tunnel_down');
        return () => {
          tunnel.down = undefined;
        };
      });
      processes.isStopped(play, apps[0]!, [130, 142]);
      processes.workersWait(play, apps, [170, 283]);
    },
  },
  {
    name: 'cf-pool-without-servers-and-queues',
    description:
      'All servers of a pool are unhealthy and the last resort is off. Later the edge queues requests for the origin. A script calls itself in circles. A server of the pool is down, and the other answers in its place.',
    topology: 'visitors → Cloudflare (5 colos, load balancing with failover) → 2 processes',
    started: '2026-10-05T04:33:00Z',
    minutes: 5,
    codes: true,
    build(play) {
      const { edge, apps } = putUp(play, {
        site: fleet,
        rate: 9,
        edge: {
          log: { timestamps: 'rfc3339', fields: 'full', codes: true, seconds: 30 },
          origin: { at: ['198.51.100.12', '198.51.100.21'], failover: true },
        },
        apps: { count: 2, net: '198.51.100', port: 443 },
      });
      const chance = play.world.chance.of('queue');
      const all = () => true;
      const none = { status: 530, bytes: 5100, takes: 2, code: '1016' };
      edgeAnswers(play, edge, [45, 64], 'the pool is critical', 'no_targets', all, none);
      const queued = { status: 503, bytes: 5100, takes: 900, code: '1200' };
      const some = () => chance.happens(0.5);
      edgeAnswers(play, edge, [110, 135], 'requests queue for the origin', 'connection_limit', some, queued);
      const looped = { status: 530, bytes: 5100, takes: 30, code: '1019', worker: 'loopDetected' };
      edgeAnswers(play, edge, [160, 205], 'a script calls itself', 'routing_loop', asksFor('trips'), looped);
      processes.isStopped(play, apps[0]!, [225, 250]);
      isCutOff(play, [270, 282], '198.51.100', 'refuses', 'access_blocked', 'a firewall rejects the edge');
    },
  },
  {
    name: 'cf-healthy-spike-bots-and-prefetch',
    description:
      'No fault: a spike is served, bots ask for what is not there, browsers that fetch ahead are refused politely, and visitors leave now and then.',
    topology: 'visitors → Cloudflare (5 colos, Full) → 2 processes',
    started: '2026-11-03T14:00:00Z',
    minutes: 5,
    build(play) {
      const old = { weight: 2, route: 'article', path: '/2026/11/old-{id}.html' };
      const { edge, apps } = putUp(play, {
        site: gazette,
        rate: 8,
        edge: { log: { timestamps: 'unixnano', fields: 'timed', purposes: true } },
        apps: { count: 2, net: '203.0.113', port: 443 },
        streams: [
          { from: 120, to: 140, rate: 40 },
          { rate: 0.7, agents: crawlers, kinds: [old] },
          { rate: 0.2, source: 'earlyHintsCache' },
          {
            rate: 0.2,
            purpose: 'prefetch',
            kinds: [{ weight: 1, route: 'front', path: '/2026/11/{word}-{id}.html' }],
          },
        ],
      });
      looksUp(play, edge);
      refusesToFetchAhead(edge);
      processes.differently(
        apps,
        ({ ask }) => ask.path.includes('old-'),
        () => ({ takes: 5, status: 404, bytes: 700 }),
      );
    },
  },
];
