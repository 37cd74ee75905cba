import { files, forwarded, http, kept, location, server, upstream } from '../conf.ts';
import { label, type Scenario, type Seen } from '../scenario.ts';
import { clinic, forum, ledger, media } from '../sites.ts';
import type { Stage } from '../stage.ts';

const down = label(
  'upstream_fault/process_down',
  'upstream_fault/deploy_drain',
  'upstream_fault/crash_mid_response',
);

function last({ peers }: Seen): string {
  return peers.at(-1) ?? '';
}

const oneOfThree: Scenario = {
  name: 'one-of-three-peers-stopped',
  description:
    'One of three peers is stopped and started again. The proxy neither repeats nor puts peers aside, so that every third request fails meanwhile.',
  topology: 'nginx -> 10.31.4.11-13:9000, max_fails=0, proxy_next_upstream off, keepalive',
  network: '10.31.4',
  host: forum.host,
  text: 'combinedLists',
  json: 'recommended',
  zone: 'Asia/Kolkata',
  http: http(
    upstream(
      'forum_nodes',
      [11, 12, 13].map((n) => `server 10.31.4.${n}:9000 max_fails=0;`),
      'keepalive 8;',
    ),
    server(
      forum.host,
      files,
      location('/', 'proxy_pass http://forum_nodes;', 'proxy_next_upstream off;', kept, forwarded),
    ),
  ),
  traffic: [{ from: 0, to: 42, rate: 22, kinds: forum.kinds }],
  prepare: (stage) =>
    Promise.all(
      [11, 12, 13].map((n) => stage.app(`node${n}`, stage.host(n), { port: 9000, rules: forum.slips })),
    ),
  async play(stage) {
    await stage.at(14);
    stage.phase('fault');
    await stage.the('node12').stop('SIGTERM');
    await stage.at(29);
    await stage.app('node12', stage.host(12), { port: 9000, rules: forum.slips });
    stage.phase('recovery');
  },
  label: (seen) =>
    seen.phase !== 'baseline' && seen.status === 502 && last(seen) === '10.31.4.12:9000' ? down : undefined,
};

const restarts = [9, 20, 31];

const restartLoop: Scenario = {
  name: 'ledger-restarts-by-itself',
  description:
    'The only process ends and is started again by its supervisor after two and a half seconds, three times.',
  topology: 'nginx -> http://10.44.0.20:7070 without an upstream block, no kept connections',
  network: '10.44.0',
  host: ledger.host,
  text: 'mainTimes',
  json: 'variables',
  zone: 'America/New_York',
  errorLevel: 'warn',
  http: http(server(ledger.host, location('/', 'proxy_pass http://10.44.0.20:7070;', forwarded))),
  traffic: [{ from: 0, to: 45, rate: 17, kinds: ledger.kinds }],
  prepare: (stage) => stage.app('ledger', stage.host(20), { port: 7070, rules: ledger.slips }),
  async play(stage) {
    for (const second of restarts) {
      await stage.at(second);
      if (second === restarts[0]) stage.phase('fault');
      await stage.the('ledger').stop('SIGTERM');
      await stage.at(second + 2.5);
      await stage.app('ledger', stage.host(20), { port: 7070, rules: ledger.slips });
    }
    stage.phase('recovery');
  },
  label: (seen) =>
    seen.status === 502 && restarts.some((at) => seen.ended >= at - 0.2 && seen.ended < at + 8)
      ? down
      : undefined,
};

const allFive: Scenario = {
  name: 'all-five-peers-stopped',
  description:
    'All five peers are stopped at once. The proxy puts them aside and then has no live upstreams, ten seconds at a time.',
  topology: 'nginx (2 workers) -> five peers 10.12.7.31-35:8200, default max_fails and fail_timeout',
  network: '10.12.7',
  host: media.host,
  text: 'ingress',
  json: 'local',
  processes: 2,
  http: http(
    upstream(
      'media_api',
      [31, 32, 33, 34, 35].map((n) => `server 10.12.7.${n}:8200;`),
    ),
    server(media.host, location('/', 'proxy_pass http://media_api;', forwarded)),
  ),
  traffic: [{ from: 0, to: 38, rate: 32, kinds: media.kinds }],
  prepare: (stage) => five(stage),
  async play(stage) {
    await stage.at(13);
    stage.phase('fault');
    await Promise.all([31, 32, 33, 34, 35].map((n) => stage.the(`media${n}`).stop('SIGTERM')));
    await stage.at(21);
    await five(stage);
    stage.phase('recovery');
  },
  label: (seen) => (seen.status === 502 && seen.phase !== 'baseline' ? down : undefined),
};

function five(stage: Stage) {
  return Promise.all(
    [31, 32, 33, 34, 35].map((n) =>
      stage.app(`media${n}`, stage.host(n), { port: 8200, rules: media.slips }),
    ),
  );
}

function ports(first: number, second: number): string {
  return http(
    upstream(
      'booking',
      `server 10.66.1.9:${first} max_fails=0;`,
      `server 10.66.1.10:${second} max_fails=0;`,
      'keepalive 4;',
    ),
    server(
      clinic.host,
      files,
      location('/', 'proxy_pass http://booking;', 'proxy_next_upstream off;', kept, forwarded),
    ),
  );
}

const newPorts: Scenario = {
  name: 'release-on-new-ports-without-drain',
  description:
    'A release starts each instance anew on another port and stops the old one first; the proxy learns of the new port four seconds later. First one peer, then the other.',
  topology: 'nginx -> 10.66.1.9 and .10, port 8101, then 8102; proxy_next_upstream off',
  network: '10.66.1',
  host: clinic.host,
  text: 'ltsv',
  json: 'recommended',
  http: ports(8101, 8101),
  traffic: [{ from: 0, to: 44, rate: 20, kinds: clinic.kinds }],
  prepare: (stage) =>
    Promise.all([9, 10].map((n) => stage.app(`old${n}`, stage.host(n), { port: 8101, rules: clinic.slips }))),
  async play(stage) {
    await stage.at(14);
    stage.phase('fault');
    await stage.the('old9').stop('SIGTERM');
    await stage.app('new9', stage.host(9), { port: 8102, rules: clinic.slips });
    await stage.at(18);
    await stage.nginx.reload(ports(8102, 8101));
    await stage.at(24);
    await stage.the('old10').stop('SIGTERM');
    await stage.app('new10', stage.host(10), { port: 8102, rules: clinic.slips });
    await stage.at(28);
    await stage.nginx.reload(ports(8102, 8102));
    stage.phase('recovery');
  },
  label: (seen) =>
    seen.status === 502 && last(seen).endsWith(':8101') && seen.phase !== 'baseline'
      ? label(
          'upstream_fault/deploy_drain',
          'upstream_fault/process_down',
          'upstream_fault/crash_mid_response',
        )
      : undefined,
};

export const processes: readonly Scenario[] = [oneOfThree, restartLoop, allFive, newPorts];
