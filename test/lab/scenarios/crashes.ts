import { forwarded, http, kept, location, server, upstream } from '../conf.ts';
import { label, type Scenario, type Seen } from '../scenario.ts';
import { media, meters } from '../sites.ts';
import type { Stage } from '../stage.ts';

const crash = label(
  'upstream_fault/crash_mid_response',
  'upstream_overload/out_of_memory',
  'upstream_fault/process_down',
);

function last({ peers }: Seen): string {
  return peers.at(-1) ?? '';
}

const kills = [12, 27];

const killed: Scenario = {
  name: 'killed-while-it-answered',
  description:
    'The process is killed (SIGKILL) with many requests in flight, some of which have begun to get their bodies (200, broken off). It is back after three seconds. Twice.',
  topology: 'nginx -> one process 10.9.8.7:8443 (plain http), keepalive',
  network: '10.9.8',
  host: media.host,
  text: 'combinedLists',
  json: 'variables',
  errorLevel: 'info',
  http: http(
    upstream('catalog', 'server 10.9.8.7:8443;', 'keepalive 12;'),
    server(media.host, location('/', 'proxy_pass http://catalog;', kept, forwarded)),
  ),
  traffic: [
    { from: 0, to: 42, rate: 24, kinds: media.kinds },
    { from: 0, to: 42, rate: 3, kinds: [{ weight: 1, path: '/v2/archives/{id}.zip' }] },
    { from: 0, to: 42, rate: 5, kinds: [{ weight: 1, path: '/v2/mixes/{id}' }] },
  ],
  prepare: (stage) => catalog(stage),
  async play(stage) {
    for (const second of kills) {
      await stage.at(second);
      if (second === kills[0]) stage.phase('fault');
      await stage.the('catalog').stop('SIGKILL');
      await stage.at(second + 3);
      await catalog(stage);
    }
    stage.phase('recovery');
  },
  label(seen) {
    const at = kills.find((second) => seen.ended >= second - 0.2 && seen.ended < second + 5);
    if ((seen.status !== 502 && !seen.broken) || at === undefined) return undefined;
    return seen.started < at + 0.05 || seen.broken
      ? crash
      : label(
          'upstream_fault/process_down',
          'upstream_fault/crash_mid_response',
          'upstream_overload/out_of_memory',
          'upstream_fault/deploy_drain',
        );
  },
};

function catalog(stage: Stage) {
  return stage.app('catalog', stage.host(7), {
    port: 8443,
    rules: [
      { path: '/v2/archives', do: 'stream', chunks: 20, every_ms: 100, chunk: 3000 },
      { path: '/v2/mixes', do: 'answer', ms: [600, 1900] },
      ...media.slips,
    ],
  });
}

const twoOfTwo: Scenario = {
  name: 'ingest-peer-crashes-others-carry-on',
  description:
    'One of two peers is killed with requests in flight. What is idempotent is repeated on the other peer (masked), POSTs in flight fail; refused connections are repeated, so that little is seen of the rest of the outage.',
  topology: 'nginx -> 10.50.2.2:5055 and 10.50.2.3:5055, max_fails=3 fail_timeout=5s',
  network: '10.50.2',
  host: meters.host,
  text: 'virtualHost',
  json: 'recommended',
  zone: 'Asia/Kolkata',
  errorLevel: 'warn',
  http: http(
    upstream(
      'ingest',
      'server 10.50.2.2:5055 max_fails=3 fail_timeout=5s;',
      'server 10.50.2.3:5055 max_fails=3 fail_timeout=5s;',
    ),
    server(meters.host, location('/', 'proxy_pass http://ingest;', forwarded)),
  ),
  traffic: [{ from: 0, to: 40, rate: 38, kinds: meters.kinds }],
  prepare: (stage) =>
    Promise.all(
      [2, 3].map((n) =>
        stage.app(`ingest${n}`, stage.host(n), { port: 5055, rules: meters.slips, median_ms: 180 }),
      ),
    ),
  async play(stage) {
    for (const second of [11, 25]) {
      await stage.at(second);
      if (second === 11) stage.phase('fault');
      await stage.the('ingest3').stop('SIGKILL');
      await stage.at(second + 4);
      await stage.app('ingest3', stage.host(3), { port: 5055, rules: meters.slips, median_ms: 180 });
    }
    stage.phase('recovery');
  },
  label: (seen) =>
    (seen.status === 502 || seen.broken) && last(seen) === '10.50.2.3:5055' && seen.phase !== 'baseline'
      ? crash
      : undefined,
};

export const crashes: readonly Scenario[] = [killed, twoOfTwo];
