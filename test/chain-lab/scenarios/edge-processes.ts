import { put } from '../play.ts';
import type { Scenario } from '../scenario.ts';
import { boutique, fleet, programs, wards } from '../sites.ts';
import { putUp } from '../topology.ts';
import { isCutOff, resets } from '../troubles/paths.ts';
import * as processes from '../troubles/processes.ts';

/** Cloudflare in front of processes that go wrong; only its log is there. */
export const edgeProcesses: readonly Scenario[] = [
  {
    name: 'cf-killed-by-memory-then-filtered',
    description:
      'The only process grows until the kernel ends it, twice, with requests in its hands. Later the firewall of the host rejects some addresses of the edge.',
    topology: 'visitors → Cloudflare (5 colos, Full) → 1 process',
    started: '2026-09-03T18:20:00Z',
    minutes: 4,
    build(play) {
      const { apps } = putUp(play, {
        site: boutique,
        rate: 11,
        edge: { log: { timestamps: 'unixnano', fields: 'timed' } },
        apps: { count: 1, net: '198.51.100', port: 443 },
      });
      processes.runsOutOfMemory(play, apps[0]!, [62, 74]);
      processes.runsOutOfMemory(play, apps[0]!, [131, 140]);
      const what = 'the firewall rejects 172.64.0.0/13';
      isCutOff(play, [180, 208], '198.51.100.12', 'prohibits', 'access_blocked', what, '172.');
    },
  },
  {
    name: 'cf-expired-certificate-and-odd-headers',
    description:
      'The certificate of the origin expires. Before that a release sends a header line without a colon on one route, and after it sign-on hands some people more cookies than the edge takes.',
    topology: 'visitors → Cloudflare (5 colos, Full strict) → 2 processes',
    started: '2026-10-01T11:02:00Z',
    minutes: 4,
    build(play) {
      const { apps } = putUp(play, {
        site: wards,
        rate: 11,
        edge: { log: { timestamps: 'unix', fields: 'timed', seconds: 30 }, origin: { mode: 'strict' } },
        apps: { count: 2, net: '192.0.2', port: 443 },
      });
      const odd = 'a header line without a colon on notes';
      processes.routeFails(play, apps, [45, 80], 'notes', { answer: 'malformed' }, 'malformed_response', odd);
      processes.shakesNoHands(play, apps, [110, 131], 'certificate', 'the certificate has expired');
      processes.headersGrow(play, apps, [165, 225], 'me', 34_000, 3);
    },
  },
  {
    name: 'cf-devices-meet-a-closing-connection',
    description:
      'Devices report every eight seconds to servers that close idle connections after eight seconds. Later a firewall between edge and origin resets connections.',
    topology: 'devices → Cloudflare (5 colos, Flexible) → 2 processes on port 80',
    started: '2026-10-19T02:10:00Z',
    minutes: 5,
    build(play) {
      putUp(play, {
        site: fleet,
        rate: 3,
        edge: {
          log: { timestamps: 'unixnano', fields: 'full', seconds: 120, late: 0.03 },
          origin: { mode: 'flexible' },
        },
        apps: { count: 2, net: '203.0.113', port: 80, idle: 8000 },
        streams: [0, 1, 2].map((number) => ({
          every: 8.07,
          burst: 5,
          clients: [`198.18.${number}.9`],
          agents: ['fleet-tracker/4.1'],
          kinds: [{ weight: 1, route: 'position', path: '/v2/positions', method: 'POST', body: 240 }],
        })),
      });
      resets(play, [220, 270], '203.0.113', 0.12, 'a firewall resets some connections in use');
    },
  },
  {
    name: 'cf-long-exports-then-a-crawl',
    description:
      'Exports take longer than the edge waits, on a quiet day. Then a crawler asks for more than the machine can work at.',
    topology: 'visitors → Cloudflare (5 colos, Full, waits 100 s) → 2 processes',
    started: '2026-09-27T08:00:00Z',
    minutes: 6,
    build(play) {
      const crawl = { weight: 1, route: 'trips', path: '/v2/vehicles/{id}/trips?all=1' };
      const exported = { weight: 1, route: 'export', path: '/v2/exports/{id}' };
      const { apps } = putUp(play, {
        site: fleet,
        rate: 7,
        edge: { log: { timestamps: 'unix', fields: 'full', seconds: 120 } },
        apps: { count: 2, net: '192.0.2', port: 443, workers: 400, capacity: 12 },
        streams: [
          { from: 210, to: 250, rate: 11, kinds: [crawl], agents: ['research-crawler/0.9'] },
          { from: 20, rate: 0.25, kinds: [exported], agents: programs, timer: 60 },
        ],
      });
      processes.takesLong(play, apps, 'export', [12, 260], 'exports take 12–260 s by design');
      play.during(210, 330, 'a crawl beyond what the machine can work at', 'timeout_under_load', () => {
        for (const { changes } of apps) {
          put(changes, ({ ask }, usual) =>
            ask.path.includes('all=1') ? { ...usual, takes: usual.takes * 32 } : undefined,
          );
        }
      });
    },
  },
  {
    name: 'cf-workers-wait-for-a-lock',
    description: 'All workers of both processes wait for a lock. Later one route ends its connection.',
    topology: 'visitors → Cloudflare (5 colos, Full, waits 100 s) → 2 processes with 8 workers each',
    started: '2026-10-08T20:45:00Z',
    minutes: 6,
    build(play) {
      const { apps } = putUp(play, {
        site: wards,
        rate: 6,
        edge: { log: { timestamps: 'unixnano', fields: 'plain' } },
        apps: { count: 2, net: '198.51.100', port: 443, workers: 8, backlog: 60 },
      });
      processes.workersWait(play, apps, [50, 172]);
      const closes = { instead: 'closes', takes: 400 } as const;
      processes.routeFails(
        play,
        apps,
        [255, 300],
        'report',
        closes,
        'route_bug',
        'reports end their connection',
      );
    },
  },
  {
    name: 'cf-two-servers-replaced-and-a-hung-route',
    description:
      'Servers are replaced one after the other and end before the record is changed. After the release one route never answers, and another answers 500.',
    topology: 'visitors → Cloudflare (5 colos, Full strict) → 2 processes by name',
    started: '2026-11-18T10:20:00Z',
    minutes: 6,
    build(play) {
      const { apps, name } = putUp(play, {
        site: boutique,
        rate: 8,
        edge: { log: { timestamps: 'rfc3339', fields: 'full' }, origin: { mode: 'strict' } },
        apps: { count: 4, net: '192.0.2', port: 443 },
      });
      const [first, second, third, fourth] = apps.map(({ address }) => address.replace(/:.*/, ''));
      name.answer([first!, second!]);
      processes.isReplaced(play, apps[0]!, [60, 75], () => name.answer([third!, second!]));
      processes.isReplaced(play, apps[1]!, [110, 122], () => name.answer([third!, fourth!]));
      const hangs = { instead: 'hangs' } as const;
      processes.routeFails(play, apps, [150, 230], 'account', hangs, 'route_bug', 'accounts never answer');
      const fails = { status: 500, bytes: 1500 };
      processes.routeFails(
        play,
        apps,
        [180, 220],
        'search',
        fails,
        'application_error',
        'searches answer 500',
      );
    },
  },
  {
    name: 'cf-crash-loop-and-plain-text-on-443',
    description:
      'A process crashes three times while it works. In between a new configuration makes it speak plain HTTP on its TLS port, and nothing gets through.',
    topology: 'visitors → Cloudflare (5 colos, Full) → 1 process',
    started: '2026-09-29T05:55:00Z',
    minutes: 4,
    build(play) {
      const { apps } = putUp(play, {
        site: fleet,
        rate: 9,
        edge: { log: { timestamps: 'unix', fields: 'plain', sample: 0.7, seconds: 30 } },
        apps: { count: 1, net: '203.0.113', port: 443 },
      });
      const slow = { takes: 1500 };
      processes.routeFails(play, apps, [40, 220], 'trips', slow, 'crash_mid_response', 'trips take 1.5 s');
      for (const at of [50, 90, 200]) processes.crashes(play, apps[0]!, [at, at + 5]);
      const closes = { takes: 1, instead: 'closes' } as const;
      for (const { route } of fleet.kinds) {
        processes.routeFails(play, apps, [130, 160], route, closes, 'protocol_mismatch', `h2 only: ${route}`);
      }
    },
  },
];
