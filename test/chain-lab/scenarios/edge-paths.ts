import type { Origin } from '../parties/origin.ts';
import type { Scenario } from '../scenario.ts';
import { boutique, fleet, gazette, programs } from '../sites.ts';
import { putUp } from '../topology.ts';
import { isAmbiguous, isCutOff, isUnanswered, isUnknown } from '../troubles/paths.ts';
import * as processes from '../troubles/processes.ts';
import { because } from '../world/why.ts';

/** Cloudflare in front of processes that it cannot reach; only its log is there. */
export const edgePaths: readonly Scenario[] = [
  {
    name: 'cf-new-api-on-a-closed-port',
    description:
      'A second origin for the API never listened on the port that the edge asks. An upgrade of the shop leaves only ciphers that the edge does not offer.',
    topology: 'visitors → Cloudflare (5 colos, Full) → 2 origins by path, one of them wrong from the start',
    started: '2026-09-14T06:47:30Z',
    minutes: 4,
    codes: true,
    build(play) {
      const api: Origin = { at: ['192.0.2.77'], port: 443, mode: 'full' };
      const stock = { weight: 1, route: 'api', path: '/v1/stock/{id}' };
      const { apps } = putUp(play, {
        site: boutique,
        rate: 10,
        edge: {
          log: { timestamps: 'rfc3339', fields: 'full', codes: true },
          otherwise: ({ ask }) => (ask.route === 'api' ? api : undefined),
        },
        apps: { count: 2, net: '198.51.100', port: 443 },
        streams: [{ rate: 0.8, host: 'api.boutique.example', kinds: [stock], agents: programs }],
      });
      const closed = 'the API listens on 8443, the edge asks 443';
      isCutOff(play, [0, 240], '192.0.2.77', 'refuses', 'wrong_address', closed);
      processes.shakesNoHands(play, apps, [150, 172], 'refuses', 'ciphers that the edge does not offer');
    },
  },
  {
    name: 'cf-flood-then-lost-host-then-lost-packets',
    description:
      'A newsletter overflows the accept queue of a small server. Later the host drops out of its network, and after that packets are lost on the way.',
    topology: 'visitors → Cloudflare (5 colos, Full) → 1 process with a backlog of 6',
    started: '2026-08-21T15:30:00Z',
    minutes: 5,
    build(play) {
      const { apps } = putUp(play, {
        site: gazette,
        rate: 6,
        edge: { log: { timestamps: 'rfc3339', fields: 'timed' }, keeps: () => false },
        apps: { count: 1, net: '198.51.100', port: 443, workers: 1, backlog: 6 },
        streams: [{ from: 60, to: 84, rate: 30 }],
      });
      apps[0]!.crowded = because('connection_queue_full');
      play.during(60, 100, 'a newsletter: six times the usual visitors', 'connection_queue_full', () => {});
      const address = '198.51.100.12';
      isCutOff(
        play,
        [150, 164],
        address,
        'vanishes',
        'host_unreachable',
        'the host is gone from its network',
      );
      isCutOff(play, [215, 236], address, 'drops', 'connect_timeout', 'packets to the host are lost');
    },
  },
  {
    name: 'cf-record-deleted-and-two-answers',
    description:
      'The record of the origin is deleted by mistake. Then its name servers do not answer. Later one of two name servers gives an address where nothing listens.',
    topology: 'visitors → Cloudflare (5 colos, Full) → origin by name',
    started: '2026-11-02T09:12:00Z',
    minutes: 5,
    codes: true,
    build(play) {
      const { name } = putUp(play, {
        site: boutique,
        rate: 9,
        edge: { log: { timestamps: 'rfc3339', fields: 'timed', codes: true } },
        apps: { count: 1, net: '203.0.113', port: 443 },
      });
      const good = ['203.0.113.12'];
      isUnknown(play, name, [50, 82], good);
      isUnanswered(play, name, [130, 165], good);
      isAmbiguous(play, name, [205, 240], good, '203.0.113.200');
    },
  },
  {
    name: 'cf-names-without-codes',
    description:
      'The record of the origin is deleted, and later its name servers do not answer; the log holds no code of the error page.',
    topology: 'visitors → Cloudflare (5 colos, Flexible) → origin by name',
    started: '2026-08-28T19:00:00Z',
    minutes: 4,
    build(play) {
      const { name } = putUp(play, {
        site: fleet,
        rate: 7,
        edge: { log: { timestamps: 'unix', fields: 'full' }, origin: { mode: 'flexible' } },
        apps: { count: 2, net: '192.0.2', port: 80 },
      });
      const good = ['192.0.2.12', '192.0.2.21'];
      isUnknown(play, name, [55, 92], good);
      isUnanswered(play, name, [140, 170], good);
    },
  },
  {
    name: 'cf-moved-while-two-colos-remember',
    description:
      'The origin moves to another address; two colos go on with the old one, where packets are dropped. A bad release answers 503 on one route.',
    topology: 'visitors → Cloudflare (5 colos, Full) → origin by name',
    started: '2026-11-11T17:05:00Z',
    minutes: 5,
    build(play) {
      const { name, apps } = putUp(play, {
        site: gazette,
        rate: 10,
        edge: { log: { timestamps: 'unixnano', fields: 'timed', twice: true } },
        apps: { count: 2, net: '198.51.100', port: 443 },
      });
      name.answer(['198.51.100.12']);
      play.during(90, 230, 'moved; DUB and SIN remember the old address', 'stale_address', () => {
        name.answer(['198.51.100.21']);
        name.hold(['DUB', 'SIN'], 205);
      });
      isCutOff(play, [140, 290], '198.51.100.12', 'drops', 'stale_address', 'the old server is switched off');
      const busy = { status: 503, bytes: 300 };
      processes.routeFails(
        play,
        apps,
        [60, 85],
        'comments',
        busy,
        'application_error',
        'comments answer 503',
      );
    },
  },
];
