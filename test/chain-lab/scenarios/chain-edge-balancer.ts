import { Lambda } from '../parties/lambda.ts';
import type { Scenario } from '../scenario.ts';
import { boutique, fleet, wards } from '../sites.ts';
import { putUp } from '../topology.ts';
import { asksFor } from '../troubles/choices.ts';
import * as hops from '../troubles/hops.ts';
import { isAmbiguous, isCutOff, isUnknown, resets } from '../troubles/paths.ts';
import * as processes from '../troubles/processes.ts';

/** Cloudflare, a load balancer and what is behind it. */
export const edgesAndBalancers: readonly Scenario[] = [
  {
    name: 'cf-alb-function-login-and-filter',
    description:
      'A function behind balancer and edge is throttled and its service fails; the login service of the balancer fails; the security group of the balancer does not let one network of the edge in; a rule answers for maintenance.',
    topology: 'visitors → Cloudflare → ALB (2 nodes) → a function',
    started: '2026-10-27T17:25:00Z',
    minutes: 5,
    ids: 'the ray travels in X-Amzn-Trace-Id',
    build(play) {
      const lambda = new Lambda(play.world, 9, 230);
      const { balancer } = putUp(play, {
        site: fleet,
        rate: 7,
        edge: { log: { timestamps: 'unix', fields: 'timed' }, rayInTrace: true },
        balancer: { log: { fields: 30 }, group: { lambda } },
        streams: [{ from: 40, to: 49, rate: 50 }],
      });
      play.during(40, 49, 'a burst; 9 calls run at once', 'function_error', () => {});
      const chance = play.world.chance.of('calls');
      const failed = { takes: 30, reason: 'LambdaServiceException' };
      const some = () => chance.happens(0.4);
      hops.callsFail(play, lambda, [90, 112], 'the function service fails', 'provider_fault', some, failed);
      const refused = { status: 561, reason: 'AuthInvalidTokenResponse', takes: 60 };
      hops.loginFails(play, balancer, [135, 170], 'login', refused);
      const timeout = { status: 500, reason: 'AuthUserinfoEpRequestTimeout', takes: 5000 };
      hops.loginFails(play, balancer, [175, 195], 'trips', timeout);
      const fixed = { status: 503, actions: 'fixed-response', rule: '2', sent: 240 };
      hops.balancerAnswers(
        play,
        balancer,
        [205, 228],
        'maintenance of lists',
        'fixed_response',
        asksFor('vehicles'),
        fixed,
      );
      const filter = 'the security group does not let 172.70.0.0/16 in';
      isCutOff(play, [245, 268], '203.0.113.', 'drops', 'access_blocked', filter, '172.70.');
    },
  },
  {
    name: 'cf-alb-wrong-port-protocol-and-records',
    description:
      'A target registers with a wrong port. The group is switched to HTTP/2. TLS to one target fails. One of two name servers gives an address of the balancer that is no longer its own; the record is then deleted.',
    topology: 'visitors → Cloudflare → ALB (2 nodes) → 2 processes, HTTPS',
    started: '2026-09-09T08:30:00Z',
    minutes: 5,
    ids: 'none in common',
    codes: true,
    build(play) {
      const { group, name, apps } = putUp(play, {
        site: boutique,
        rate: 7,
        edge: { log: { timestamps: 'rfc3339', fields: 'timed', codes: true } },
        balancer: { log: { fields: 33, loss: 0.02 }, group: { secure: true } },
        apps: { count: 2, net: '10.45.1', port: 8443 },
      });
      isCutOff(
        play,
        [0, 300],
        '10.45.1.30:8444',
        'refuses',
        'wrong_address',
        '8444 is no port of the service',
      );
      play.at(40, () => group.register('10.45.1.30:8444'));
      play.at(65, () => group.deregister('10.45.1.30:8444'));
      play.during(90, 110, 'the group speaks HTTP/2 only', 'protocol_mismatch', () => {
        group.settings.version = 'HTTP2';
        return () => {
          group.settings.version = 'HTTP1';
        };
      });
      processes.shakesNoHands(
        play,
        apps.slice(0, 1),
        [140, 160],
        'stalls',
        '10.45.1.12 does not answer handshakes',
      );
      const good = ['203.0.113.80', '203.0.113.91'];
      isAmbiguous(play, name, [190, 215], good, '203.0.113.140');
      isUnknown(play, name, [250, 285], good);
    },
  },
  {
    name: 'cf-alb-headers-resets-and-a-script',
    description:
      'Some people get more headers than the balancer takes; a route sends a broken header; a middlebox resets connections behind the balancer. A script at the edge fetches one path, and fails by itself later.',
    topology: 'visitors → Cloudflare (a script on one path) → ALB (2 nodes, idle timeout 15 s) → 2 processes',
    started: '2026-11-22T20:05:00Z',
    minutes: 5,
    ids: 'none in common',
    build(play) {
      const { edge, apps } = putUp(play, {
        site: wards,
        rate: 7,
        edge: { log: { timestamps: 'unixnano', fields: 'full' } },
        balancer: { log: { fields: 36 }, idleTimeout: 15_000 },
        apps: { count: 2, net: '10.45.5', port: 8080, workers: 300 },
      });
      edge.script = ({ ask }) => (ask.route === 'report' ? 'fetches' : undefined);
      processes.takesLong(play, apps, 'report', [2, 40], 'reports take 2–40 s by design');
      processes.headersGrow(play, apps, [40, 80], 'patient', 33_200, 4);
      const odd = { answer: 'malformed' } as const;
      processes.routeFails(
        play,
        apps,
        [105, 140],
        'notes',
        odd,
        'malformed_response',
        'notes: a broken header',
      );
      resets(play, [165, 200], '10.45.5.', 0.1, 'a middlebox resets connections behind the balancer');
      const thrown = { status: 503, bytes: 4700, takes: 60, worker: 'exceededCpu', code: '1102' };
      hops.edgeAnswers(
        play,
        edge,
        [225, 265],
        'a script exceeds its limit',
        'function_error',
        asksFor('me'),
        thrown,
      );
    },
  },
  {
    name: 'cf-alb-pods-moved-and-released',
    description:
      'Pods are replaced and end before the balancer knows. A pod moves and its old address stays in the group. One host is gone; later a pod is killed for want of memory.',
    topology: 'visitors → Cloudflare → ALB (2 nodes) → 3 pods',
    started: '2026-10-10T06:00:00Z',
    minutes: 5,
    ids: 'the ray travels in X-Amzn-Trace-Id',
    build(play) {
      const { apps, group } = putUp(play, {
        site: boutique,
        rate: 7,
        edge: { log: { timestamps: 'unix', fields: 'plain' }, rayInTrace: true },
        balancer: { log: { fields: 34 } },
        apps: { count: 6, net: '10.45.9', port: 9000 },
      });
      const addresses = apps.map(({ address }) => address);
      const swap = (old: number, fresh: number) => {
        group.register(addresses[fresh]!);
        group.deregister(addresses[old]!);
      };
      for (const address of addresses.slice(3)) group.deregister(address);
      processes.isReplaced(play, apps[0]!, [45, 54], () => swap(0, 3));
      play.at(95, () => group.register(addresses[4]!));
      const moved = '10.45.9.21 moved to 10.45.9.48; the group keeps the old address, too';
      isCutOff(play, [95, 300], addresses[1]!, 'drops', 'stale_address', moved);
      play.at(125, () => group.deregister(addresses[1]!));
      isCutOff(play, [165, 190], addresses[2]!, 'vanishes', 'host_unreachable', '10.45.9.30 is gone');
      processes.runsOutOfMemory(play, apps[3]!, [240, 252]);
    },
  },
];
