import type { Scenario } from '../scenario.ts';
import { boutique, crawlers, fleet, gazette, wards } from '../sites.ts';
import { putUp } from '../topology.ts';
import type { Choice } from '../troubles/choices.ts';
import { balancerAnswers, watches } from '../troubles/hops.ts';
import { resets } from '../troubles/paths.ts';
import * as processes from '../troubles/processes.ts';
import { because } from '../world/why.ts';

/** A load balancer in front of processes that go wrong; only its log is there. */
export const balancerProcesses: readonly Scenario[] = [
  {
    name: 'alb-memory-and-a-small-backlog',
    description:
      'One of three targets is killed for want of memory, and health checks take it out after a while. A campaign then overflows the accept queues of all.',
    topology: 'clients → ALB (2 nodes) → 3 processes with a backlog of 5',
    started: '2026-09-08T09:41:00Z',
    minutes: 4,
    build(play) {
      const campaign = { weight: 1, route: 'search', path: '/find?text={word}&campaign=1' };
      const { apps, group, balancerLog } = putUp(play, {
        site: boutique,
        rate: 11,
        balancer: { log: { fields: 30, loss: 0.02 } },
        apps: { count: 3, net: '10.40.31', port: 3000, workers: 2, backlog: 5 },
        streams: [{ from: 140, to: 158, rate: 55, kinds: [campaign] }],
      });
      watches(play, group, 5, balancerLog);
      processes.runsOutOfMemory(play, apps[1]!, [58, 79]);
      for (const app of apps) app.crowded = because('connection_queue_full');
      play.during(140, 164, 'a campaign: six times the usual requests', 'connection_queue_full', () => {});
    },
  },
  {
    name: 'alb-reports-and-stuck-workers',
    description:
      'Reports take longer than the idle timeout of 30 s by design. Later the workers of one target hang, while callers with a timer of their own leave after 10 s.',
    topology: 'clients → ALB (2 nodes, idle timeout 30 s) → 2 processes with 10 workers each',
    started: '2026-10-12T07:00:00Z',
    minutes: 5,
    build(play) {
      const ward = { weight: 1, route: 'ward', path: '/wards/{id}' };
      const { apps, balancer } = putUp(play, {
        site: wards,
        rate: 7,
        balancer: { log: { fields: 29, waited: true }, idleTimeout: 30_000 },
        apps: { count: 2, net: '172.20.4', port: 8000, workers: 10 },
        streams: [{ rate: 2, agents: ['ward-display/2.2'], kinds: [ward], timer: 10 }],
      });
      processes.takesLong(play, apps, 'report', [2, 55], 'reports take 2–55 s by design');
      processes.workersWait(play, apps.slice(0, 1), [150, 195]);
      const chance = play.world.chance.of('goodbye');
      const some: Choice = ({ ask }) => ask.protocol === 'HTTP/2' && chance.happens(0.04);
      const goodbye = { status: 0, actions: '-', rule: '-', sent: 0 };
      balancerAnswers(
        play,
        balancer,
        [60, 100],
        'connections end with GOAWAY',
        'client_abort',
        some,
        goodbye,
      );
    },
  },
  {
    name: 'alb-posts-meet-two-seconds-keepalive',
    description:
      'Servers close idle connections after two seconds; sensors report in bursts a little more than two seconds apart. Later a middlebox between balancer and one target resets connections.',
    topology: 'sensors → ALB (2 nodes) → 3 processes with a keep-alive of 2 s',
    started: '2026-10-29T03:05:00Z',
    minutes: 4,
    build(play) {
      const { group, balancerLog } = putUp(play, {
        site: fleet,
        rate: 2,
        balancer: { log: { fields: 30, loss: 0.015 } },
        apps: { count: 3, net: '10.40.90', port: 8000, idle: 2000 },
        streams: [0, 1, 2].map((number) => ({
          every: 2.02 + number * 0.003,
          burst: 6,
          clients: [`198.19.4.${number + 10}`],
          agents: ['sensor-gateway/1.9'],
          kinds: [{ weight: 1, route: 'position', path: '/v2/positions', method: 'POST', body: 200 }],
        })),
      });
      watches(play, group, 10, balancerLog);
      resets(play, [170, 215], '10.40.90.21', 0.1, 'a middlebox resets connections to 10.40.90.21');
    },
  },
  {
    name: 'alb-odd-headers-large-headers-dying-route',
    description:
      'A release writes a header with a space in its name on one route. Single sign-on gives some people more than 32 KB of headers. Baskets end their connection, and one process crashes.',
    topology: 'clients → ALB (2 nodes) → 2 processes',
    started: '2026-09-17T14:35:00Z',
    minutes: 5,
    build(play) {
      const { apps } = putUp(play, {
        site: boutique,
        rate: 10,
        balancer: { log: { fields: 29 } },
        apps: { count: 2, net: '172.31.9', port: 8080 },
      });
      const odd = 'a space in the name of a header on searches';
      processes.routeFails(
        play,
        apps,
        [40, 75],
        'search',
        { answer: 'malformed' },
        'malformed_response',
        odd,
      );
      processes.headersGrow(play, apps, [100, 160], 'account', 33_500, 2);
      const closes = { instead: 'closes', takes: 300 } as const;
      processes.routeFails(
        play,
        apps,
        [185, 215],
        'basket',
        closes,
        'route_bug',
        'baskets end their connection',
      );
      processes.differently(
        apps,
        ({ ask }) => ask.route === 'product',
        (usual) => ({ ...usual, takes: usual.takes * 8 }),
      );
      processes.crashes(play, apps[1]!, [245, 256]);
    },
  },
  {
    name: 'alb-load-and-impatient-apps',
    description:
      'A sale brings more visitors than the machines can work at; apps leave after five seconds of waiting, others wait for the balancer. Errors of the application come all along.',
    topology: 'clients → ALB (2 nodes, idle timeout 20 s) → 2 processes',
    started: '2026-11-20T19:00:00Z',
    minutes: 4,
    build(play) {
      const sale = { weight: 1, route: 'search', path: '/find?text={word}&sale=1' };
      const { apps } = putUp(play, {
        site: boutique,
        rate: 9,
        balancer: { log: { fields: 30 }, idleTimeout: 20_000 },
        apps: { count: 2, net: '10.33.0', port: 8080, workers: 500, capacity: 5 },
        streams: [
          { from: 90, to: 112, rate: 16, kinds: [sale] },
          { rate: 2, agents: ['BoutiqueApp/7.1 (iOS 18.6)'], timer: 5 },
        ],
      });
      processes.errsNowAndThen(play, apps, 0.006);
      play.during(90, 130, 'a sale: more searches than the machines can work at', 'timeout_under_load', () =>
        processes.differently(
          apps,
          ({ ask }) => ask.path.endsWith('sale=1'),
          (usual) => ({ ...usual, takes: usual.takes * 8 }),
        ),
      );
    },
  },
  {
    name: 'alb-healthy-drain-and-a-spike',
    description:
      'No fault: pods are replaced one after the other and drained first, a spike is served, bots ask for what is not there.',
    topology: 'clients → ALB (3 nodes) → 3 pods',
    started: '2026-11-12T08:15:00Z',
    minutes: 5,
    build(play) {
      const old = { weight: 1, route: 'article', path: '/2026/11/old-{id}.html' };
      const { apps, group } = putUp(play, {
        site: gazette,
        rate: 9,
        balancer: { nodes: 3, log: { fields: 34, region: 'ap-southeast-2' } },
        apps: { count: 6, net: '10.22.5', port: 8080 },
        streams: [
          { from: 150, to: 170, rate: 40 },
          { rate: 1, agents: crawlers, kinds: [old] },
        ],
      });
      const addresses = apps.map(({ address }) => address);
      for (const address of addresses.slice(3)) group.deregister(address);
      addresses.slice(0, 3).forEach((address, index) => {
        play.at(60 + index * 25, () => {
          group.register(addresses[index + 3]!);
          group.deregister(address);
        });
      });
      processes.differently(
        apps,
        ({ ask }) => ask.path.includes('old-'),
        () => ({ takes: 5, status: 404, bytes: 700 }),
      );
    },
  },
];
