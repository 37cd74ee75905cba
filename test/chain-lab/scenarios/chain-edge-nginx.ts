import { Name } from '../parties/names.ts';
import { Tunnel } from '../parties/origin.ts';
import type { Scenario } from '../scenario.ts';
import { boutique, fleet, gazette, wards } from '../sites.ts';
import { putUp } from '../topology.ts';
import { asksFor } from '../troubles/choices.ts';
import { nginxAnswers } from '../troubles/hops.ts';
import { isCutOff, isUnanswered, isUnknown } from '../troubles/paths.ts';
import * as processes from '../troubles/processes.ts';
import { because } from '../world/why.ts';

/** Cloudflare, nginx and processes. */
export const edgesAndNginx: readonly Scenario[] = [
  {
    name: 'cf-nginx-certificate-ciphers-lost-app',
    description:
      'The certificate of nginx expires; its ciphers no longer fit those of the edge; packets to one of two processes behind it are lost, and the other one is then gone from its network.',
    topology: 'visitors → Cloudflare (Full strict) → nginx → 2 processes',
    started: '2026-09-19T15:15:00Z',
    minutes: 5,
    ids: 'none at nginx (format main)',
    build(play) {
      const { nginxes } = putUp(play, {
        site: gazette,
        rate: 8,
        edge: { log: { timestamps: 'unix', fields: 'timed' }, origin: { mode: 'strict' } },
        nginxes: { count: 1, log: { format: 'main', level: 'warn', zone: -240 }, group: { connect: 5000 } },
        apps: { count: 2, net: '10.2.6', port: 8000 },
      });
      const [nginx] = nginxes;
      processes.shakesNoHands(
        play,
        [nginx!],
        [45, 60],
        'certificate',
        'the certificate of nginx has expired',
      );
      processes.shakesNoHands(play, [nginx!], [100, 115], 'refuses', 'no cipher in common with the edge');
      isCutOff(play, [150, 190], '10.2.6.', 'drops', 'connect_timeout', 'packets to 10.2.6.0/24 are lost');
      isCutOff(play, [230, 255], '10.2.6.', 'vanishes', 'host_unreachable', '10.2.6.0/24 is gone');
    },
  },
  {
    name: 'cf-nginx-names-resolvers-and-circles',
    description:
      'nginx asks for the name of the application for each request: the record is deleted, then the resolver does not answer. One location has no resolver at all, and another goes round in circles. Later the edge asks an old address of nginx.',
    topology: 'visitors → Cloudflare → nginx → 1 process by name',
    started: '2026-10-14T03:35:00Z',
    minutes: 5,
    ids: 'ray logged at nginx',
    build(play) {
      const app = new Name(play.world, 'app.internal', 5, '10.2.8.12');
      const { nginxes, name } = putUp(play, {
        site: boutique,
        rate: 7,
        edge: { log: { timestamps: 'rfc3339', fields: 'timed' } },
        nginxes: { count: 1, log: { format: 'why502' }, group: { name_of: { name: app, port: 3000 } } },
        apps: { count: 1, net: '10.2.8', port: 3000 },
      });
      isUnknown(play, app, [40, 60], ['10.2.8.12']);
      isUnanswered(play, app, [95, 112], ['10.2.8.12']);
      const unresolved = {
        status: 502,
        bytes: 157,
        error: ['error', 'no resolver defined to resolve accounts.internal'],
      } as const;
      nginxAnswers(
        play,
        nginxes,
        [130, 200],
        'no resolver for accounts',
        'resolver_missing',
        asksFor('account'),
        unresolved,
      );
      const cycle = 'rewrite or internal redirection cycle while internally redirecting to "/index.html"';
      const circles = { status: 500, bytes: 177, error: ['error', cycle] } as const;
      nginxAnswers(
        play,
        nginxes,
        [150, 180],
        'searches go round in circles',
        'routing_loop',
        asksFor('search'),
        circles,
      );
      play.world.network.listen('198.51.100.99:443', nginxes[0]!);
      name.answer(['198.51.100.99']);
      play.during(215, 280, 'nginx moved; EZE, ORD and SIN remember the old address', 'stale_address', () => {
        name.answer(['198.51.100.60']);
        name.hold(['EZE', 'ORD', 'SIN'], 280);
      });
      const old = 'nothing listens at the old address';
      isCutOff(play, [235, 300], '198.51.100.99', 'refuses', 'stale_address', old);
    },
  },
  {
    name: 'cf-tunnel-nginx-process-down',
    description:
      'A tunnel leads to nginx. Its connector is gone for a while, the process behind nginx is stopped, then nginx itself does not listen.',
    topology: 'visitors → Cloudflare → tunnel → nginx → 1 process',
    started: '2026-11-08T18:00:00Z',
    minutes: 4,
    ids: 'ray logged at nginx',
    build(play) {
      const tunnel = new Tunnel(play.world, '198.51.100.60:443');
      const { apps, nginxes } = putUp(play, {
        site: wards,
        rate: 7,
        edge: { log: { timestamps: 'unixnano', fields: 'full' }, origin: { at: tunnel } },
        nginxes: { count: 1, log: { format: 'traced', zone: 120 }, ahead: [0.8] },
        apps: { count: 1, net: '10.2.9', port: 4000 },
      });
      play.during(45, 62, 'no connector is there', 'tunnel_down', () => {
        tunnel.down = because('tunnel_down');
        return () => {
          tunnel.down = undefined;
        };
      });
      processes.isStopped(play, apps[0]!, [105, 120]);
      play.during(165, 178, 'nginx does not listen', 'process_down', () => {
        nginxes[0]!.stop(because('process_down'));
        return () => nginxes[0]!.start();
      });
    },
  },
  {
    name: 'cf-nginx-out-of-connections-and-a-slow-day',
    description:
      'nginx runs out of worker connections, and a variable leaves an upstream without a port. Later a crawl is more than the processes can work at within the 15 s that nginx waits, and impatient programs leave after four.',
    topology: 'visitors → Cloudflare → nginx (waits 15 s) → 2 processes',
    started: '2026-08-31T13:45:00Z',
    minutes: 4,
    ids: 'none at nginx (combined)',
    build(play) {
      const crawl = { weight: 1, route: 'trips', path: '/v2/vehicles/{id}/trips?all=1' };
      const { apps, nginxes } = putUp(play, {
        site: fleet,
        rate: 6,
        edge: { log: { timestamps: 'unix', fields: 'full' } },
        nginxes: { count: 1, log: { format: 'combined', level: 'warn' }, group: { answer: 15_000 } },
        apps: { count: 2, net: '10.2.11', port: 8080, workers: 300, capacity: 5 },
        streams: [
          { from: 120, to: 145, rate: 9, kinds: [crawl], agents: ['research-crawler/0.9'] },
          { rate: 1, agents: ['fleet-widget/1.0'], timer: 4 },
        ],
      });
      const chance = play.world.chance.of('connections');
      const some = () => chance.happens(0.3);
      const full = {
        status: 500,
        bytes: 177,
        error: ['alert', '512 worker_connections are not enough'],
      } as const;
      nginxAnswers(play, nginxes, [50, 75], 'no connection is left', 'proxy_connection_limit', some, full);
      const unported = {
        status: 500,
        bytes: 177,
        error: ['error', 'no port in upstream "exports"'],
      } as const;
      nginxAnswers(
        play,
        nginxes,
        [85, 235],
        'a variable without a port',
        'invalid_upstream',
        asksFor('export'),
        unported,
      );
      play.during(120, 170, 'a crawl beyond what the machines can work at', 'timeout_under_load', () =>
        processes.differently(
          apps,
          ({ ask }) => ask.path.includes('all=1'),
          (usual) => ({ ...usual, takes: usual.takes * 25 }),
        ),
      );
    },
  },
];
