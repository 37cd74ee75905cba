// Programs that do a part of the work on the same files: count requests by minute, status and peer, and pick out the lines of
// the 502s, or as near to that as they come. A peer that is not installed is left out by name.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const script = (name) => fileURLToPath(new URL(`peers/${name}`, import.meta.url));

const asMuch = 'the same counts, and the lines of the 502s';

/** By `"`: what stands between quotes. The status is behind the request, the peer in the seventh pair. */
const awkNginx = `{ status = substr($3, 2, 3); count[substr($1, index($1, "[") + 1, 17) " " status " " $14]++ }
status == 502 { print }
END { for (key in count) print key, count[key] }`;

const awkAlb = `{ count[substr($2, 1, 16) " " $9 " " $5]++ }
$9 == 502 { print }
END { for (key in count) print key, count[key] }`;

/**
 * @typedef {{ name: string, needs?: string, debian?: string, version?: readonly string[], does: string, once?: boolean,
 *   argv: (file: string) => readonly string[] }} Peer `once`: takes so long that it runs once
 */

/** @type {Record<string, readonly Peer[]>} by the case of `cases.mjs` */
export const peers = {
  nginx: [
    {
      name: 'mawk',
      debian: 'mawk',
      version: ['-W', 'version'],
      does: asMuch,
      argv: (file) => ['mawk', '-F"', awkNginx, file],
    },
    readline('node readline and a regular expression', 'readline-regex.mjs'),
    chdb('nginx'),
    {
      name: 'ripgrep',
      needs: 'rg',
      debian: 'ripgrep',
      does: 'counts the lines that hold `" 502 `',
      argv: (file) => ['rg', '-c', '" 502 ', file],
    },
    {
      name: 'mtail',
      debian: 'mtail',
      version: ['-version'],
      does: 'the same counts, no lines',
      once: true,
      argv: (file) => ['mtail', '-one_shot', '-logtostderr', '-progs', script('count.mtail'), '-logs', file],
    },
    goaccess('GoAccess, only the status panel', 'counts by status', [
      'VISITORS',
      'REQUESTS',
      'REQUESTS_STATIC',
      'NOT_FOUND',
      'HOSTS',
      'OS',
      'BROWSERS',
      'VISIT_TIMES',
      'VIRTUAL_HOSTS',
      'REFERRERS',
      'REFERRING_SITES',
      'KEYPHRASES',
      'GEO_LOCATION',
      'REMOTE_USER',
      'CACHE_STATUS',
      'MIME_TYPE',
      'TLS_TYPE',
    ]),
    goaccess('GoAccess, all panels', 'visitors, addresses, agents and more besides statuses', []),
  ],
  combined: [
    {
      name: 'lnav',
      debian: 'lnav',
      version: ['-V'],
      does: 'counts by minute and status',
      once: true,
      argv: (file) => [
        'lnav',
        '-n',
        '-c',
        ";SELECT strftime('%Y-%m-%dT%H:%M', log_time) AS minute, sc_status, count(*) FROM access_log GROUP BY minute, sc_status",
        file,
      ],
    },
  ],
  alb: [
    {
      name: 'mawk',
      debian: 'mawk',
      version: ['-W', 'version'],
      does: asMuch,
      argv: (file) => ['mawk', awkAlb, file],
    },
    chdb('alb'),
  ],
  cloudflare: [
    readline('node readline and JSON.parse', 'readline-json.mjs'),
    chdb('cloudflare'),
    {
      name: 'jq',
      debian: 'jq',
      version: ['--version'],
      does: 'picks minute, status and host out of each line, counts nothing',
      once: true,
      argv: (file) => [
        'jq',
        '-r',
        '[.EdgeEndTimestamp[:16], .EdgeResponseStatus, .ClientRequestHost] | @tsv',
        file,
      ],
    },
  ],
  gzip: [
    { name: 'zcat', debian: 'gzip', version: ['--version'], does: 'unpacks', argv: (file) => ['zcat', file] },
    {
      name: 'node, zlib alone',
      needs: process.execPath,
      does: 'unpacks, 256 KiB at a time',
      argv: (file) => [process.execPath, script('inflate.mjs'), file],
    },
    chdb('nginx', 'ClickHouse on the packed file'),
  ],
};

/** The first line of what it says of itself; undefined where it is not installed. */
export function versionOf({ name, needs = name, version = ['--version'] }) {
  const { error, stdout, stderr } = spawnSync(needs, version, { encoding: 'utf8' });
  if (error !== undefined) return undefined;
  return /\d+(?:\.\d+)+/.exec(`${stdout}\n${stderr}`)?.[0] ?? '';
}

function readline(name, file) {
  return {
    name,
    needs: process.execPath,
    does: asMuch,
    argv: (log) => [process.execPath, script(file), log],
  };
}

function chdb(layout, name = 'ClickHouse, embedded, one thread') {
  return {
    name,
    needs: process.execPath,
    version: [script('chdb-count.mjs'), '--version'],
    does: asMuch,
    argv: (file) => [process.execPath, script('chdb-count.mjs'), layout, file],
  };
}

function goaccess(name, does, without) {
  return {
    name,
    needs: 'goaccess',
    debian: 'goaccess',
    does,
    once: true,
    argv: (file) => [
      'goaccess',
      file,
      '--no-global-config',
      '--log-format=%h %^[%d:%t %^] "%r" %s %b "%R" "%u" rt=%T %^',
      '--date-format=%d/%b/%Y',
      '--time-format=%T',
      '--output=json',
      '--no-progress',
      ...without.map((panel) => `--ignore-panel=${panel}`),
    ],
  };
}
