import { Lambda } from '../parties/lambda.ts';
import type { Scenario } from '../scenario.ts';
import { boutique, fleet, gazette, programs, wards } from '../sites.ts';
import { putUp } from '../topology.ts';
import { asksFor, type Choice } from '../troubles/choices.ts';
import { balancerAnswers, callsFail, loginFails } from '../troubles/hops.ts';
import { isCutOff } from '../troubles/paths.ts';
import * as processes from '../troubles/processes.ts';

/** A load balancer whose groups, rules, functions and paths go wrong; only its log is there. */
export const balancerItself: readonly Scenario[] = [
  {
    name: 'alb-empty-group-wrong-port-old-tls',
    description:
      'A deployment leaves the group without targets for a while. A new pod registers with a port where nothing listens. A group that speaks HTTPS shares no protocol version with one target.',
    topology: 'clients → ALB (3 nodes) → pods, HTTPS',
    started: '2026-10-16T13:22:00Z',
    minutes: 4,
    build(play) {
      const { apps, group } = putUp(play, {
        site: fleet,
        rate: 9,
        balancer: { nodes: 3, log: { fields: 33, region: 'eu-west-3' }, group: { secure: true } },
        apps: { count: 3, net: '10.44.7', port: 8443 },
      });
      const addresses = apps.map(({ address }) => address);
      play.during(50, 66, 'no target is registered', 'no_targets', () => {
        for (const address of addresses) group.deregister(address);
        return () => {
          for (const address of addresses) group.register(address);
        };
      });
      const wrong = 'a pod registers with port 8433, it listens on 8443';
      isCutOff(play, [0, 240], '10.44.7.90:8433', 'refuses', 'wrong_address', wrong);
      play.at(95, () => group.register('10.44.7.90:8433'));
      play.at(130, () => group.deregister('10.44.7.90:8433'));
      const tls = '10.44.7.21 takes TLS 1.3 only since its upgrade';
      processes.shakesNoHands(play, [apps[1]!], [170, 205], 'refuses', tls);
    },
  },
  {
    name: 'alb-function-throttled-and-broken',
    description:
      'A function behind the balancer: a burst exceeds its concurrency, a release throws on one route, the function service cannot be reached, the handler answers 500 by itself.',
    topology: 'clients → ALB (2 nodes) → a function',
    started: '2026-11-05T16:03:00Z',
    minutes: 4,
    build(play) {
      const lambda = new Lambda(play.world, 14, 190);
      putUp(play, {
        site: fleet,
        rate: 11,
        balancer: { log: { fields: 33, region: 'eu-central-1' }, group: { lambda } },
        streams: [{ from: 40, to: 50, rate: 80 }],
      });
      play.during(40, 50, 'a burst; 14 calls run at once', 'function_error', () => {});
      const chance = play.world.chance.of('calls');
      const thrown = { takes: 60, reason: 'LambdaUnhandled' };
      const login = 'a release throws on the login';
      callsFail(play, lambda, [85, 125], login, 'function_error', ({ ask }) => ask.route === 'login', thrown);
      const unreached = { takes: 5000, reason: 'LambdaConnectionTimeout' };
      const away = 'the function service cannot be reached';
      callsFail(play, lambda, [140, 155], away, 'provider_fault', () => chance.happens(0.5), unreached);
      const failed = { takes: 40, status: 500 };
      const vehicles = 'the handler answers 500 for lists of vehicles';
      callsFail(
        play,
        lambda,
        [185, 215],
        vehicles,
        'application_error',
        ({ ask }) => ask.route === 'vehicles',
        failed,
      );
    },
  },
  {
    name: 'alb-login-service-filter-and-loops',
    description:
      'The login service of the balancer times out, then refuses. The web application firewall fails for a while. A proxy of a customer sends requests round in circles, and one path is closed for maintenance.',
    topology: 'clients → ALB (2 nodes, OIDC, WAF) → 2 processes',
    started: '2026-09-22T10:30:00Z',
    minutes: 4,
    build(play) {
      const partner = { weight: 1, route: 'ward', path: '/wards/{id}?via=partner' };
      const { balancer } = putUp(play, {
        site: wards,
        rate: 10,
        balancer: { log: { fields: 34, folders: true } },
        apps: { count: 2, net: '10.52.0', port: 8080 },
        streams: [
          { from: 150, to: 190, rate: 1.5, clients: ['198.18.200.1'], agents: programs, kinds: [partner] },
        ],
      });
      const timeout = { status: 500, reason: 'AuthTokenEpRequestTimeout', takes: 5000 };
      loginFails(play, balancer, [40, 62], 'me', timeout);
      loginFails(play, balancer, [70, 88], 'me', { status: 561, reason: 'AuthInvalidGrantError', takes: 30 });
      const chance = play.world.chance.of('filter');
      const unfiltered = {
        status: 500,
        actions: 'waf-failed',
        reason: 'WAFConnectionTimeout',
        takes: 1200,
        sent: 300,
      };
      const some = () => chance.happens(0.25);
      balancerAnswers(play, balancer, [105, 128], 'the firewall fails', 'provider_fault', some, unfiltered);
      const looped = { status: 463, actions: '-', sent: 0, rule: '-' };
      const circles = 'a proxy sends requests round in circles, X-Forwarded-For grows beyond 30 addresses';
      const via: Choice = ({ ask }) => ask.path.endsWith('via=partner');
      balancerAnswers(play, balancer, [150, 190], circles, 'routing_loop', via, looped);
      const fixed = { status: 503, actions: 'fixed-response', rule: '5', sent: 260 };
      balancerAnswers(
        play,
        balancer,
        [200, 225],
        'maintenance of charts',
        'fixed_response',
        asksFor('patient'),
        fixed,
      );
    },
  },
  {
    name: 'alb-group-of-another-protocol',
    description:
      'A group sends plain HTTP to targets that expect TLS since a release. Later it is switched to HTTP/2 while half of the callers speak HTTP/1.1. A rule then rewrites a path in a way that fails.',
    topology: 'clients → ALB (2 nodes) → 2 processes',
    started: '2026-11-09T21:15:00Z',
    minutes: 4,
    build(play) {
      const { balancer, group, apps } = putUp(play, {
        site: fleet,
        rate: 7,
        balancer: { log: { fields: 36, loss: 0.03 } },
        apps: { count: 2, net: '10.60.3', port: 50_051 },
        streams: [{ rate: 3, agents: programs }],
      });
      const closes = { takes: 1, instead: 'closes' } as const;
      for (const { route } of fleet.kinds) {
        const what = `${route}: plain HTTP to a port that expects TLS`;
        processes.routeFails(play, apps, [50, 75], route, closes, 'protocol_mismatch', what);
      }
      play.during(120, 160, 'the group speaks HTTP/2 only', 'protocol_mismatch', () => {
        group.settings.version = 'HTTP2';
        return () => {
          group.settings.version = 'HTTP1';
        };
      });
      const rewritten = { status: 500, transformStatus: 'TransformInvalidPath', rule: '12', sent: 290 };
      balancerAnswers(
        play,
        balancer,
        [185, 225],
        'a rewrite of paths fails',
        'invalid_upstream',
        asksFor('trips'),
        rewritten,
      );
    },
  },
  {
    name: 'alb-three-subnets-lost-in-turn',
    description:
      'A target drops out of its network. Packets to another are lost. A target of a new subnet is registered whose security group does not let the balancer in.',
    topology: 'clients → ALB (2 nodes) → 4 processes',
    started: '2026-08-30T22:50:00Z',
    minutes: 5,
    build(play) {
      const { group } = putUp(play, {
        site: gazette,
        rate: 9,
        balancer: { log: { fields: 25, region: 'us-west-2' } },
        apps: { count: 4, net: '10.70.1', port: 80 },
      });
      isCutOff(play, [55, 85], '10.70.1.12', 'vanishes', 'host_unreachable', '10.70.1.12 is gone');
      isCutOff(play, [130, 160], '10.70.1.30', 'drops', 'connect_timeout', 'packets to 10.70.1.30 are lost');
      const filter = 'the security group of 10.70.9.0/24 does not let the balancer in';
      isCutOff(play, [0, 300], '10.70.9', 'drops', 'access_blocked', filter);
      play.at(200, () => group.register('10.70.9.12:80'));
      play.at(245, () => group.deregister('10.70.9.12:80'));
    },
  },
  {
    name: 'alb-pod-moved-then-release',
    description:
      'A pod moves and the group keeps its old address for a while, where nothing answers. Later all pods are replaced in turn, and each ends before the balancer knows.',
    topology: 'clients → ALB (2 nodes) → 3 pods by IP address',
    started: '2026-11-17T12:00:00Z',
    minutes: 5,
    build(play) {
      const { apps, group } = putUp(play, {
        site: boutique,
        rate: 10,
        balancer: { log: { fields: 33, loss: 0.02 } },
        apps: { count: 6, net: '10.81.2', port: 9000 },
      });
      const addresses = apps.map(({ address }) => address);
      const swap = (old: number, fresh: number) => {
        group.register(addresses[fresh]!);
        group.deregister(addresses[old]!);
      };
      for (const address of addresses.slice(3)) group.deregister(address);
      play.at(60, () => group.register(addresses[3]!));
      const moved = '10.81.2.12 moved to 10.81.2.39; the group keeps the old address, too';
      isCutOff(play, [60, 300], addresses[0]!, 'drops', 'stale_address', moved);
      play.at(100, () => group.deregister(addresses[0]!));
      processes.isReplaced(play, apps[1]!, [170, 177], () => swap(1, 4));
      processes.isReplaced(play, apps[2]!, [215, 223], () => swap(2, 5));
    },
  },
];
