import type { Scenario } from '../scenario.ts';
import { fleet, gazette, wards } from '../sites.ts';
import { putUp } from '../topology.ts';
import { asksFor, isFrom } from '../troubles/choices.ts';
import * as hops from '../troubles/hops.ts';
import { isCutOff, isUnanswered } from '../troubles/paths.ts';
import * as processes from '../troubles/processes.ts';

/** Two faults in the same seconds that have nothing to do with each other. */
export const twoAtOnce: readonly Scenario[] = [
  {
    name: 'cf-colo-fault-and-a-stopped-process-at-once',
    description:
      'While one colo answers with errors of its own, the origin is stopped; later a route answers 502 by itself while the name servers do not answer.',
    topology: 'visitors → Cloudflare (5 colos, Full) → 1 process by name',
    started: '2026-11-06T01:44:00Z',
    minutes: 4,
    build(play) {
      const { edge, apps, name } = putUp(play, {
        site: wards,
        rate: 9,
        edge: { log: { timestamps: 'unix', fields: 'full', seconds: 30 } },
        apps: { count: 1, net: '192.0.2', port: 443 },
      });
      hops.coloFails(play, edge, [50, 80], 'ORD', 0.6);
      processes.isStopped(play, apps[0]!, [60, 71]);
      const fails = { status: 502, bytes: 640 };
      processes.routeFails(play, apps, [140, 185], 'notes', fails, 'application_error', 'notes answer 502');
      isUnanswered(play, name, [150, 168], ['192.0.2.12']);
    },
  },
  {
    name: 'alb-lost-target-and-waiting-workers-at-once',
    description:
      'Packets to one target are lost while the workers of another wait for a lock. Later a rule answers for maintenance while one target is stopped.',
    topology: 'clients → ALB (2 nodes, idle timeout 25 s) → 3 processes',
    started: '2026-09-30T16:15:00Z',
    minutes: 4,
    build(play) {
      const { apps, balancer } = putUp(play, {
        site: gazette,
        rate: 9,
        balancer: { log: { fields: 34, loss: 0.02 }, idleTimeout: 25_000 },
        apps: { count: 3, net: '10.90.1', port: 8080, workers: 8 },
      });
      isCutOff(play, [50, 75], '10.90.1.12', 'drops', 'connect_timeout', 'packets to 10.90.1.12 are lost');
      processes.workersWait(play, apps.slice(1, 2), [45, 80]);
      const fixed = { status: 503, actions: 'fixed-response', rule: '3', sent: 240 };
      hops.balancerAnswers(
        play,
        balancer,
        [140, 190],
        'maintenance',
        'fixed_response',
        asksFor('archive'),
        fixed,
      );
      processes.isStopped(play, apps[2]!, [150, 164]);
    },
  },
  {
    name: 'whole-limit-crash-and-a-failing-filter-at-once',
    description:
      'nginx limits a program while a process crashes again and again, and the web application firewall of the balancer fails for some requests in the same minute.',
    topology: 'visitors → Cloudflare → ALB (2 nodes, WAF) → nginx on 1 host → 2 processes',
    started: '2026-10-18T22:05:00Z',
    minutes: 4,
    ids: 'ray and trace id logged at nginx; its clock is 0.9 s behind',
    build(play) {
      const { apps, balancer, nginxes } = putUp(play, {
        site: fleet,
        rate: 6,
        edge: { log: { timestamps: 'unixnano', fields: 'timed', late: 0.04 } },
        balancer: { log: { fields: 36 } },
        nginxes: { count: 1, log: { format: 'why502' }, ahead: [-0.9] },
        apps: { count: 2, net: '10.41.17', port: 7000 },
        streams: [{ from: 70, to: 110, rate: 2.5, clients: ['198.18.99.4'], agents: ['bulk-loader/3'] }],
      });
      const chance = play.world.chance.of('at once');
      for (const at of [75, 92]) processes.crashes(play, apps[0]!, [at, at + 6]);
      const busy = isFrom('198.18.99.4', () => chance.happens(0.8));
      const limit = {
        status: 503,
        error: ['error', 'limiting requests, excess: 5.118 by zone "bulk"'],
      } as const;
      hops.nginxAnswers(play, nginxes, [70, 110], 'zone "bulk" is used up', 'rate_limited', busy, limit);
      const unfiltered = {
        status: 500,
        actions: 'waf-failed',
        reason: 'WAFServiceError',
        takes: 300,
        sent: 300,
      };
      const some = () => chance.happens(0.15);
      hops.balancerAnswers(
        play,
        balancer,
        [80, 115],
        'the firewall fails',
        'provider_fault',
        some,
        unfiltered,
      );
      processes.isStopped(play, apps[1]!, [170, 180]);
    },
  },
];
