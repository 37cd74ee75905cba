import type { Scenario } from '../scenario.ts';
import { boutique, crawlers, fleet, gazette, programs, wards } from '../sites.ts';
import { putUp } from '../topology.ts';
import { isFrom } from '../troubles/choices.ts';
import * as hops from '../troubles/hops.ts';
import { isCutOff } from '../troubles/paths.ts';
import * as processes from '../troubles/processes.ts';

/** Cloudflare, a load balancer, nginx and processes, with the logs of all three. */
export const wholeChains: readonly Scenario[] = [
  {
    name: 'whole-memory-limits-and-a-sick-colo',
    description:
      'One of two processes is killed for want of memory; nginx repeats what it may on the other. nginx limits a program. A colo of the edge fails by itself while the second process is down, too.',
    topology: 'visitors → Cloudflare → ALB (2 nodes) → nginx on 2 hosts → 2 processes',
    started: '2026-10-21T09:05:00Z',
    minutes: 4,
    ids: 'ray and trace id logged at nginx',
    build(play) {
      const { apps, nginxes, edge } = putUp(play, {
        site: boutique,
        rate: 7,
        edge: { log: { timestamps: 'unixnano', fields: 'timed' } },
        balancer: { log: { fields: 30 } },
        nginxes: { count: 2, log: { format: 'why502', level: 'warn' }, ahead: [0.03, -0.2] },
        apps: { count: 2, net: '10.41.3', port: 3000 },
        streams: [{ from: 100, to: 125, rate: 3, clients: ['198.19.88.7'], agents: programs }],
      });
      processes.runsOutOfMemory(play, apps[0]!, [50, 63]);
      const limit = {
        status: 503,
        bytes: 190,
        error: ['error', 'limiting requests, excess: 10.482 by zone "perip"'],
      } as const;
      const chance = play.world.chance.of('limit');
      const busy = isFrom('198.19.88.7', () => chance.happens(0.7));
      hops.nginxAnswers(play, nginxes, [100, 125], 'zone "perip" is used up', 'rate_limited', busy, limit);
      hops.coloFails(play, edge, [165, 195], 'ORD', 0.5);
      processes.isStopped(play, apps[1]!, [170, 184]);
    },
  },
  {
    name: 'whole-outer-timer-and-a-lock',
    description:
      'All workers wait for a lock. The balancer waits 20 s, nginx 60 s, so that nginx sees callers leave. Reports take longer than 20 s all along, and displays leave after 6 s.',
    topology: 'visitors → Cloudflare → ALB (2 nodes, idle timeout 20 s) → nginx on 1 host → 2 processes',
    started: '2026-11-13T21:50:00Z',
    minutes: 4,
    ids: 'the ray travels in X-Amzn-Trace-Id, logged at ALB and nginx',
    build(play) {
      const ward = { weight: 1, route: 'ward', path: '/wards/{id}' };
      const { apps } = putUp(play, {
        site: wards,
        rate: 6,
        edge: { log: { timestamps: 'rfc3339', fields: 'full' }, rayInTrace: true },
        balancer: { log: { fields: 33, waited: true }, idleTimeout: 20_000 },
        nginxes: { count: 1, log: { format: 'traced', level: 'info', zone: 60 } },
        apps: { count: 2, net: '10.41.7', port: 8000, workers: 8 },
        streams: [{ rate: 1.5, agents: ['ward-display/2.2'], kinds: [ward], timer: 6 }],
      });
      processes.takesLong(play, apps, 'report', [3, 70], 'reports take 3–70 s by design');
      processes.workersWait(play, apps, [110, 150]);
    },
  },
  {
    name: 'whole-host-stopped-group-empty-races',
    description:
      'nginx on one host is stopped. A deployment leaves the group without targets. nginx closes idle connections after ten seconds, and pollers come a little more than ten seconds apart.',
    topology: 'visitors → Cloudflare → ALB (2 nodes) → nginx on 2 hosts → 2 processes',
    started: '2026-09-05T12:25:00Z',
    minutes: 5,
    ids: 'none at nginx; its clocks are 1.4 s and 0.6 s ahead',
    build(play) {
      const { nginxes, group } = putUp(play, {
        site: fleet,
        rate: 4,
        edge: { log: { timestamps: 'unix', fields: 'timed' } },
        balancer: { log: { fields: 29, loss: 0.02 } },
        nginxes: { count: 2, idle: 10_000, log: { format: 'json' }, ahead: [1.4, 0.6] },
        apps: { count: 2, net: '10.41.9', port: 9000 },
        streams: [0, 1].map((number) => ({
          every: 10.02,
          burst: 16,
          clients: [`198.18.${number + 40}.2`],
          agents: ['fleet-tracker/4.1'],
          kinds: [{ weight: 1, route: 'position', path: '/v2/positions', method: 'POST', body: 210 }],
        })),
      });
      hops.nginxIsStopped(play, nginxes[0]!, 'web1', [60, 73]);
      const addresses = group.targets.map(({ address }) => address);
      play.during(130, 145, 'no target is registered', 'no_targets', () => {
        for (const address of addresses) group.deregister(address);
        return () => {
          for (const address of addresses) group.register(address);
        };
      });
    },
  },
  {
    name: 'whole-release-with-everything-in-it',
    description:
      'Processes are replaced behind nginx and end before it is told. The new version answers 500 on one route, writes a broken header on another, and more headers than nginx has room for on a third.',
    topology: 'visitors → Cloudflare → ALB (2 nodes) → nginx on 2 hosts → 2 processes',
    started: '2026-10-30T16:40:00Z',
    minutes: 5,
    ids: 'none at nginx (format main), its clock is in +05:30',
    build(play) {
      const { apps, upstreams } = putUp(play, {
        site: boutique,
        rate: 7,
        edge: { log: { timestamps: 'unix', fields: 'plain', twice: true } },
        balancer: { log: { fields: 25 } },
        nginxes: { count: 2, log: { format: 'main', zone: 330 }, ahead: [-0.4, 0.1] },
        apps: { count: 4, net: '10.41.11', port: 8080 },
      });
      const addresses = apps.map(({ address }) => address);
      const serve = (...numbers: readonly number[]) => {
        for (const upstream of upstreams) upstream.reload(numbers.map((number) => addresses[number]!));
      };
      serve(0, 1);
      processes.isReplaced(play, apps[0]!, [50, 60], () => serve(2, 1));
      processes.isReplaced(play, apps[1]!, [80, 89], () => serve(2, 3));
      const fresh = apps.slice(2);
      const fails = { status: 500, bytes: 1200 };
      processes.routeFails(
        play,
        fresh,
        [110, 140],
        'search',
        fails,
        'application_error',
        'searches answer 500',
      );
      const odd = { answer: 'malformed' } as const;
      processes.routeFails(
        play,
        fresh,
        [160, 200],
        'basket',
        odd,
        'malformed_response',
        'baskets: a broken header',
      );
      processes.headersGrow(play, fresh, [215, 280], 'account', 4600, 2);
    },
  },
  {
    name: 'whole-healthy-week-day',
    description:
      'No fault: processes are replaced and drained first, a spike is served, bots ask for what is not there, some visitors leave.',
    topology: 'visitors → Cloudflare → ALB (2 nodes) → nginx on 2 hosts → 2 processes',
    started: '2026-11-10T11:30:00Z',
    minutes: 4,
    ids: 'ray and trace id logged at nginx',
    build(play) {
      const old = { weight: 1, route: 'article', path: '/2026/11/old-{id}.html' };
      const { apps, upstreams } = putUp(play, {
        site: gazette,
        rate: 7,
        edge: { log: { timestamps: 'rfc3339', fields: 'timed' } },
        balancer: { log: { fields: 34 } },
        nginxes: { count: 2, log: { format: 'why502' }, ahead: [0.02, 0.7] },
        apps: { count: 4, net: '10.41.13', port: 8080 },
        streams: [
          { from: 100, to: 115, rate: 30 },
          { rate: 0.5, agents: crawlers, kinds: [old] },
        ],
      });
      const addresses = apps.map(({ address }) => address);
      const [first, second] = upstreams;
      first!.reload(addresses.slice(0, 2));
      second!.reload(addresses.slice(0, 2));
      play.at(60, () => first!.reload(addresses.slice(2)));
      play.at(75, () => second!.reload(addresses.slice(2)));
      processes.differently(
        apps,
        ({ ask }) => ask.path.includes('old-'),
        () => ({ takes: 5, status: 404, bytes: 700 }),
      );
    },
  },
  {
    name: 'whole-two-faults-in-the-same-seconds',
    description:
      'While one process of two crashes again and again, the way from one node of the balancer to one host is cut; a quarter of all requests is logged at the edge.',
    topology: 'visitors → Cloudflare (sampled 1 in 4) → ALB (2 nodes) → nginx on 2 hosts → 2 processes',
    started: '2026-08-25T07:10:00Z',
    minutes: 4,
    ids: 'ray and trace id logged at nginx',
    build(play) {
      const { apps } = putUp(play, {
        site: fleet,
        rate: 8,
        edge: { log: { timestamps: 'unixnano', fields: 'plain', sample: 0.25 } },
        balancer: { log: { fields: 30, loss: 0.03 } },
        nginxes: { count: 2, log: { format: 'traced', level: 'warn' }, ahead: [0, 0.3] },
        apps: { count: 2, net: '10.41.15', port: 5000 },
      });
      for (const at of [60, 75, 90]) processes.crashes(play, apps[1]!, [at, at + 7]);
      const what = 'packets from one node to web2 are lost';
      isCutOff(play, [65, 95], '10.40.1.15', 'drops', 'connect_timeout', what, '10.40.8.');
      const closes = { instead: 'closes', takes: 900 } as const;
      processes.routeFails(
        play,
        apps,
        [150, 200],
        'trips',
        closes,
        'route_bug',
        'trips end their connection',
      );
    },
  },
];
