import type { Scenario } from '../scenario.ts';
import { boutique, fleet, gazette, wards } from '../sites.ts';
import { putUp } from '../topology.ts';
import { nginxIsStopped, watches } from '../troubles/hops.ts';
import { isCutOff, resets } from '../troubles/paths.ts';
import * as processes from '../troubles/processes.ts';
import { because } from '../world/why.ts';

/** A load balancer, nginx and processes. */
export const balancersAndNginx: readonly Scenario[] = [
  {
    name: 'alb-nginx-crash-resets-and-cut-pages',
    description:
      'A process crashes while it works, and nginx repeats what it may. Another breaks off pages. A middlebox between balancer and one host resets connections.',
    topology: 'clients → ALB (2 nodes) → nginx on 2 hosts → 3 processes',
    started: '2026-09-25T10:50:00Z',
    minutes: 4,
    ids: 'none at nginx (combined)',
    build(play) {
      const { apps, group } = putUp(play, {
        site: gazette,
        rate: 9,
        balancer: { log: { fields: 30 } },
        nginxes: { count: 2, log: { format: 'combined', level: 'warn' }, ahead: [0.5, -0.1] },
        apps: { count: 3, net: '10.43.2', port: 8000 },
      });
      watches(play, group, 10);
      const slow = { takes: 700 };
      processes.routeFails(
        play,
        apps,
        [0, 240],
        'archive',
        slow,
        'crash_mid_response',
        'archives take 0.7 s',
      );
      for (const at of [50, 62]) processes.crashes(play, apps[2]!, [at, at + 6]);
      const breaks = { answer: 'breaks', bytes: 9000, body: 60, share: 0.4 } as const;
      const pages = 'one process breaks off pages';
      processes.routeFails(
        play,
        apps.slice(0, 1),
        [100, 140],
        'article',
        breaks,
        'crash_mid_response',
        pages,
      );
      resets(play, [175, 215], '10.40.0.15', 0.15, 'a middlebox resets connections to web1');
    },
  },
  {
    name: 'alb-nginx-pools-limits-and-a-filter',
    description:
      'Processes close idle connections after three seconds and pollers come a little later. max_conns is used up for a while. The firewall of the processes then drops one of two hosts.',
    topology: 'clients → ALB (2 nodes) → nginx on 2 hosts (keepalive, max_conns=6) → 2 processes',
    started: '2026-11-15T02:20:00Z',
    minutes: 5,
    ids: 'trace id logged at nginx',
    build(play) {
      const position = { weight: 1, route: 'position', path: '/v2/positions', method: 'POST', body: 200 };
      const { apps } = putUp(play, {
        site: fleet,
        rate: 3,
        balancer: { log: { fields: 33 } },
        nginxes: {
          count: 2,
          log: { format: 'why502', level: 'warn' },
          group: { most: 6, connect: 3000 },
          ahead: [0.1, 0.1],
        },
        apps: { count: 2, net: '10.43.4', port: 3000, idle: 3000 },
        streams: [0, 1].map((number) => ({
          to: 190,
          every: 3.02 + number * 0.004,
          burst: 6,
          clients: [`198.19.60.${number + 5}`],
          agents: ['sensor-gateway/1.9'],
          kinds: [position],
          traced: true,
        })),
      });
      play.during(
        200,
        222,
        'every answer takes 12 s; six connections to each are the limit',
        'connection_limit',
        () =>
          processes.differently(
            apps,
            () => true,
            (usual) => ({ ...usual, takes: usual.takes + 12_000, late: because('connection_limit') }),
          ),
      );
      const what = 'the firewall of the processes drops packets of web2';
      isCutOff(play, [250, 275], '10.43.4.', 'drops', 'access_blocked', what, '10.40.1.15');
    },
  },
  {
    name: 'alb-nginx-small-queues-and-a-stop',
    description:
      'A flood overflows the accept queues behind nginx, which waits four seconds for a connection. Later nginx on one host is stopped, and one route hangs for longer than nginx waits.',
    topology: 'clients → ALB (2 nodes) → nginx on 2 hosts → 2 processes with a backlog of 4',
    started: '2026-10-03T19:30:00Z',
    minutes: 4,
    ids: 'none at nginx (lists behind main)',
    build(play) {
      const { apps, nginxes } = putUp(play, {
        site: boutique,
        rate: 7,
        balancer: { log: { fields: 29, loss: 0.02 } },
        nginxes: { count: 2, log: { format: 'lists', zone: 180 }, group: { connect: 4000, answer: 10_000 } },
        apps: { count: 2, net: '10.43.6', port: 9000, workers: 2, backlog: 4 },
        streams: [
          { from: 60, to: 70, rate: 32, kinds: [{ weight: 1, route: 'search', path: '/find?text={word}' }] },
        ],
      });
      for (const app of apps) app.crowded = because('connection_queue_full');
      play.during(60, 80, 'a flood of searches', 'connection_queue_full', () => {});
      nginxIsStopped(play, nginxes[1]!, 'web2', [125, 139]);
      const hangs = { instead: 'closes', takes: 600 } as const;
      processes.routeFails(
        play,
        apps,
        [170, 215],
        'account',
        hangs,
        'route_bug',
        'accounts end their connection',
      );
    },
  },
  {
    name: 'alb-behind-it-an-nginx-without-logs',
    description:
      'Behind the balancer stands nginx, of which nobody has a log: its process is stopped, is slower than its timer, and answers 500 by itself.',
    topology: 'clients → ALB (2 nodes) → nginx (no log) → 1 process',
    started: '2026-11-19T14:10:00Z',
    minutes: 4,
    build(play) {
      const { apps } = putUp(play, {
        site: wards,
        rate: 8,
        balancer: { log: { fields: 30 } },
        nginxes: { count: 1, silent: true, group: { answer: 10_000 } },
        apps: { count: 1, net: '10.43.8', port: 8000, workers: 6 },
      });
      processes.isStopped(play, apps[0]!, [50, 66]);
      processes.workersWait(play, apps, [110, 131]);
      const fails = { status: 500, bytes: 1100 };
      processes.routeFails(
        play,
        apps,
        [170, 200],
        'patient',
        fails,
        'application_error',
        'charts answer 500',
      );
    },
  },
];
