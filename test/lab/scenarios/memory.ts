import { forwarded, http, kept, location, server, upstream } from '../conf.ts';
import { label, type Scenario } from '../scenario.ts';
import { forum, ledger } from '../sites.ts';
import type { Stage } from '../stage.ts';

const oomAccept = ['upstream_fault/crash_mid_response', 'upstream_fault/process_down'] as const;

const heap: Scenario = {
  name: 'heap-grows-until-it-aborts',
  description:
    'Every export keeps its rows in memory. The process aborts when its heap of 70 MB is full, with requests in flight; its supervisor starts it again after two seconds, and it begins anew.',
  topology: 'nginx -> 10.20.60.8:4100, one process with a small heap',
  network: '10.20.60',
  host: ledger.host,
  text: 'virtualHost',
  json: 'variables',
  http: http(
    upstream('books', 'server 10.20.60.8:4100;', 'keepalive 6;'),
    server(ledger.host, location('/', 'proxy_pass http://books;', kept, forwarded)),
  ),
  traffic: [
    { from: 0, to: 48, rate: 18, kinds: ledger.kinds },
    { from: 10, to: 44, rate: 2.2, kinds: [{ weight: 1, path: '/exports/{id}' }] },
  ],
  prepare: (stage) => books(stage),
  async play(stage) {
    await stage.at(10);
    stage.phase('fault');
    await stage.at(44);
    stage.phase('recovery');
  },
  label: (seen) =>
    ([502, 499].includes(seen.status) || seen.broken) && seen.phase !== 'baseline'
      ? label('upstream_overload/out_of_memory', ...oomAccept)
      : undefined,
};

/** Starts the process, and again two seconds after each of its ends. */
async function books(stage: Stage): Promise<void> {
  const player = await stage.app('books', stage.host(8), {
    port: 4100,
    heap: 70,
    median_ms: 60,
    rules: [...ledger.slips, { path: '/exports', do: 'grow', mb: 14, ms: [300, 900] }],
  });
  void player.ended.then(async () => {
    if (await stage.rest(2)) await books(stage);
  });
}

const phpMemory: Scenario = {
  name: 'php-memory-limit-of-a-report',
  description:
    'Statistics of large forums need more than the memory limit of one PHP request: a fatal error on the standard error of FastCGI and a status of 500. Everything else is well.',
  topology: 'nginx -> fastcgi 10.2.20.4:9000, eight children',
  network: '10.2.20',
  host: forum.host,
  text: 'mainTimes',
  json: 'variables',
  http: http(server(forum.host, location('/', 'include fastcgi_params;', 'fastcgi_pass 10.2.20.4:9000;'))),
  traffic: [
    { from: 0, to: 36, rate: 18, kinds: forum.kinds },
    { from: 12, to: 36, rate: 1.4, kinds: [{ weight: 1, path: '/stats/{id}' }] },
  ],
  prepare: (stage) =>
    stage.workers('php', stage.host(4), {
      port: 9000,
      protocol: 'fastcgi',
      workers: 8,
      rules: [
        {
          path: '/stats',
          do: 'answer',
          status: 500,
          bytes: 0,
          share: 0.8,
          ms: [400, 900],
          stderr:
            'PHP message: PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes) in /srv/forum/src/Stats.php on line 88',
        },
      ],
    }),
  async play(stage) {
    await stage.at(12);
    stage.phase('fault');
  },
  label: (seen) =>
    seen.status === 500 && seen.path.startsWith('/stats')
      ? label('upstream_overload/out_of_memory', 'upstream_fault/application_error')
      : undefined,
};

export const memory: readonly Scenario[] = [heap, phpMemory];
