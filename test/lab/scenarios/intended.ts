import { forwarded, http, location, server } from '../conf.ts';
import { label, type Scenario } from '../scenario.ts';
import { forum, ledger } from '../sites.ts';

const rate: Scenario = {
  name: 'request-limit-meets-a-crawler',
  description:
    'A limit of requests for each address (limit_req, 503): a crawler runs into it from two addresses; hardly any of the users does.',
  topology: 'nginx limit_req 5r/s burst=5 nodelay -> 10.146.0.2:8080',
  network: '10.146.0',
  host: forum.host,
  text: 'combinedLists',
  json: 'recommended',
  http: http(
    'limit_req_zone $http_x_crawler zone=crawlers:1m rate=5r/s;',
    server(
      forum.host,
      location(
        '/',
        'limit_req zone=crawlers burst=5 nodelay;',
        'proxy_pass http://10.146.0.2:8080;',
        forwarded,
      ),
    ),
  ),
  traffic: [
    { from: 0, to: 38, rate: 14, kinds: forum.kinds },
    { from: 12, to: 28, rate: 24, kinds: [{ weight: 1, path: '/t/{id}', headers: { 'x-crawler': 'yes' } }] },
  ],
  prepare: (stage) => stage.app('forum', stage.host(2), { port: 8080, rules: forum.slips }),
  async play(stage) {
    await stage.at(12);
    stage.phase('fault');
    await stage.at(28);
    stage.phase('recovery');
  },
  label: (seen) =>
    seen.status === 503 && seen.peers.length === 0 ? label('intended/rate_limited') : undefined,
};

const maintenance: Scenario = {
  name: 'maintenance-page-for-a-while',
  description:
    'For twelve seconds nginx itself answers 503 with a page of maintenance on every route but the one of the monitoring.',
  topology: 'nginx -> 10.147.0.2:8080; between two reloads return 503',
  network: '10.147.0',
  host: ledger.host,
  text: 'virtualHost',
  json: 'variables',
  http: maintained(false),
  traffic: [{ from: 0, to: 36, rate: 15, kinds: ledger.kinds }],
  prepare: (stage) => stage.app('ledger', stage.host(2), { port: 8080, rules: ledger.slips }),
  async play(stage) {
    await stage.at(12);
    await stage.nginx.reload(maintained(true));
    stage.phase('fault');
    await stage.at(24);
    await stage.nginx.reload(maintained(false));
    stage.phase('recovery');
  },
  label: (seen) =>
    seen.status === 503 && seen.peers.length === 0 ? label('intended/fixed_response') : undefined,
};

function maintained(closed: boolean): string {
  const pass = ['proxy_pass http://10.147.0.2:8080;', forwarded];
  return http(
    server(ledger.host, location('/healthz', pass), location('/', ...(closed ? ['return 503;'] : pass))),
  );
}

export const intended: readonly Scenario[] = [rate, maintenance];
