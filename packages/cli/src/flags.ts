import { Option } from 'commander';
import { addressOf, bytes, days, jobs, oneMore, port, rows, zone } from './flag-values.ts';
import type { ColorChoice } from './terminal.ts';

/** What the flags about a store come to. */
export interface StoreFlags {
  readonly store?: string;
  readonly clickhousePasswordFile?: string;
  readonly clickhouseCa?: string;
  readonly cluster?: string;
  readonly keep?: number;
}

/** What the flags of `analyze` come to. */
export interface AnalyzeFlags extends StoreFlags {
  readonly save?: boolean;
  readonly format: 'report' | 'json' | 'md' | 'html';
  readonly nginxConf?: readonly string[];
  readonly logFormat?: string;
  readonly errorLogZone?: number;
  readonly jobs?: number;
  readonly otel?: boolean;
  readonly traffic?: boolean;
  readonly verbose?: boolean;
  readonly exitCode?: boolean;
  readonly color: ColorChoice;
  readonly quiet?: boolean;
  readonly debug?: boolean;
  readonly printConfig?: boolean;
}

/** What the flags of `explain` come to. */
export interface ExplainFlags {
  readonly format: 'report' | 'json' | 'md';
  readonly file?: string;
  readonly page?: string;
  readonly headers?: string;
  readonly nginxConf?: readonly string[];
  readonly logFormat?: string;
  readonly errorLogZone?: number;
  readonly color: ColorChoice;
  readonly debug?: boolean;
}

/** Every flag of `explain`. */
export function explainFlags(): readonly Option[] {
  return [
    new Option('-f, --format <format>', 'what to print; md is for a ticket')
      .choices(['report', 'json', 'md'])
      .default('report')
      .env('WHY502_FORMAT'),
    new Option('--file <file>', 'a file that holds the pasted lines'),
    new Option(
      '--page <file>',
      'an error page as saved, with its headers or without: which product made it; - is standard input',
    ),
    new Option(
      '--headers <file>',
      'the headers of an answer, as of curl -i, curl -v or the tools of a browser',
    ),
    ...readingFlags(),
    new Option('--color <when>', 'colour the report')
      .choices(['auto', 'always', 'never'])
      .default('auto')
      .env('WHY502_COLOR'),
    new Option('--debug', 'show where in the program an error arose').env('WHY502_DEBUG'),
  ];
}

/** What the flags of `tail` come to. */
export interface TailFlags extends StoreFlags {
  readonly format: 'lines' | 'json';
  readonly from?: 'start' | 'end' | 'checkpoint';
  readonly state?: string;
  readonly spool?: number;
  readonly save?: boolean;
  readonly otel?: boolean;
  readonly listen?: { readonly host: string; readonly port: number };
  readonly metricsBy?: readonly ('peer' | 'host' | 'service')[];
  readonly push?: { readonly host: string; readonly port: number };
  readonly pushSecretFile?: string;
  readonly nginxConf?: readonly string[];
  readonly logFormat?: string;
  readonly errorLogZone?: number;
  readonly traffic?: boolean;
  readonly color: ColorChoice;
  readonly quiet?: boolean;
  readonly debug?: boolean;
}

/** Every flag of `tail`. */
export function tailFlags(): readonly Option[] {
  return [
    new Option('-f, --format <format>', 'what to print: lines for people, or JSON as analyze prints it')
      .choices(['lines', 'json'])
      .default('lines')
      .env('WHY502_TAIL_FORMAT'),
    new Option(
      '--from <place>',
      'where to begin: where the last run left off, and without one at the end; or always at the start or the end',
    )
      .choices(['checkpoint', 'start', 'end'])
      .default('checkpoint')
      .env('WHY502_FROM'),
    new Option(
      '--state <folder>',
      'where to keep how far it has come (default: a folder of this user, for these paths; of standard input nothing)',
    ).env('WHY502_STATE'),
    new Option(
      '--spool <size>',
      'how much may wait on the disk, such as 4GiB (default: 1GiB, or a tenth of what is free)',
    )
      .argParser(bytes)
      .env('WHY502_SPOOL'),
    new Option(
      '--push <address>',
      'take logs that are pushed over HTTP as well, as Logpush of Cloudflare does, such as at 127.0.0.1:9503',
    )
      .argParser(addressOf('--push'))
      .env('WHY502_PUSH'),
    new Option(
      '--push-secret-file <file>',
      'file with the secret that whoever pushes shows; or set WHY502_PUSH_SECRET',
    ).env('WHY502_PUSH_SECRET_FILE'),
    ...readingFlags(),
    new Option('--save', 'save the results into the store as well').env('WHY502_SAVE'),
    ...storeFlags(),
    new Option(
      '--otel',
      'send metrics, and an event per verdict, to an OpenTelemetry collector; the OTEL_* variables say where',
    ).env('WHY502_OTEL'),
    new Option('--listen <address>', 'serve /metrics for Prometheus, and /healthz, such as at 127.0.0.1:9502')
      .argParser(addressOf('--listen'))
      .env('WHY502_LISTEN'),
    new Option(
      '--metrics-by <what...>',
      'on metrics, tell failures apart by these as well, up to 100 values of each',
    )
      .choices(['peer', 'host', 'service'])
      .env('WHY502_METRICS_BY'),
    new Option('--traffic', 'with --format json: print the traffic rows of every ten seconds as well').env(
      'WHY502_TRAFFIC',
    ),
    new Option('--color <when>', 'colour the lines')
      .choices(['auto', 'always', 'never'])
      .default('auto')
      .env('WHY502_COLOR'),
    new Option('-q, --quiet', 'no remarks on standard error').env('WHY502_QUIET'),
    new Option('--debug', 'show where in the program an error arose').env('WHY502_DEBUG'),
  ];
}

/** What the flags of `query` come to. */
export interface QueryFlags extends StoreFlags {
  readonly format: 'table' | 'json' | 'csv' | 'md';
  readonly sql?: string;
  readonly since?: string;
  readonly until?: string;
  readonly where?: readonly string[];
  readonly limit?: number;
  readonly debug?: boolean;
}

/** Every flag of `query`. */
export function queryFlags(): readonly Option[] {
  return [
    new Option('-f, --format <format>', 'what to print')
      .choices(['table', 'json', 'csv', 'md'])
      .default('table')
      .env('WHY502_QUERY_FORMAT'),
    new Option('--since <time>', 'from then on: 2026-11-23T07:15Z, or so long ago: 90m, 24h, 7d'),
    new Option('--until <time>', 'until then, the time itself not included'),
    new Option(
      '-w, --where <condition>',
      'only those: column=value, column!=value or column~part; may be given several times',
    ).argParser(oneMore),
    new Option('--limit <rows>', 'rows at most (default: 50)').argParser(rows),
    new Option('--sql <statement>', 'ask in SQL instead; nothing can be changed'),
    ...storeFlags(),
    new Option('--debug', 'show where in the program an error arose').env('WHY502_DEBUG'),
  ];
}

/** What the flags of `dashboard` come to. */
export interface DashboardFlags extends StoreFlags {
  readonly port?: number;
  readonly debug?: boolean;
}

/** Every flag of `dashboard`. */
export function dashboardFlags(): readonly Option[] {
  return [
    ...storeFlags(),
    new Option(
      '-p, --port <port>',
      'where to serve it on this machine; 0 is one that is free (default: 5020)',
    )
      .argParser(port)
      .env('WHY502_PORT'),
    new Option('--debug', 'show where in the program an error arose').env('WHY502_DEBUG'),
  ];
}

/** What the flags of `doctor` come to. */
export interface DoctorFlags {
  readonly counters?: string;
  readonly format: 'report' | 'json';
  readonly color: ColorChoice;
  readonly quiet?: boolean;
  readonly debug?: boolean;
}

/** Every flag of `doctor`. */
export function doctorFlags(): readonly Option[] {
  return [
    new Option(
      '--counters <folder>',
      'instead: what the tail with this --state has counted, and whether anything is missing',
    ),
    new Option('-f, --format <format>', 'what to print')
      .choices(['report', 'json'])
      .default('report')
      .env('WHY502_FORMAT'),
    new Option('--color <when>', 'colour the report')
      .choices(['auto', 'always', 'never'])
      .default('auto')
      .env('WHY502_COLOR'),
    new Option('-q, --quiet', 'no progress on standard error').env('WHY502_QUIET'),
    new Option('--debug', 'show where in the program an error arose').env('WHY502_DEBUG'),
  ];
}

/** Every flag of `analyze`, each defined once: parsing, help, environment and defaults follow from it. */
export function analyzeFlags(): readonly Option[] {
  return [
    new Option(
      '-f, --format <format>',
      'what to print; md is a report to paste into a ticket, html one page to mail or to keep',
    )
      .choices(['report', 'json', 'md', 'html'])
      .default('report')
      .env('WHY502_FORMAT'),
    ...readingFlags(),
    new Option('-j, --jobs <number>', 'threads to work with (default: 1, which is faster on two cores)')
      .argParser(jobs)
      .env('WHY502_JOBS'),
    new Option('--traffic', 'with --format json: print the traffic rows of every ten seconds as well').env(
      'WHY502_TRAFFIC',
    ),
    new Option('--save', 'save the results into the store as well').env('WHY502_SAVE'),
    ...storeFlags(),
    new Option(
      '--otel',
      'send an event per verdict to an OpenTelemetry collector; the OTEL_* variables say where',
    ).env('WHY502_OTEL'),
    new Option('-v, --verbose', 'describe all incidents and examples in full').env('WHY502_VERBOSE'),
    new Option('--exit-code', 'exit with 1 when requests failed').env('WHY502_EXIT_CODE'),
    new Option('--color <when>', 'colour the report')
      .choices(['auto', 'always', 'never'])
      .default('auto')
      .env('WHY502_COLOR'),
    new Option('-q, --quiet', 'no progress on standard error').env('WHY502_QUIET'),
    new Option('--print-config', 'print the value of every flag and where it comes from, and stop'),
    new Option('--debug', 'show where in the program an error arose').env('WHY502_DEBUG'),
  ];
}

/** How a store is reached, and what it keeps. */
function storeFlags(): readonly Option[] {
  return [
    new Option(
      '--store <store>',
      'a folder, or a database of a ClickHouse server, https://user@host:8443/name (default: a folder of this user)',
    ).env('WHY502_STORE'),
    new Option(
      '--clickhouse-password-file <file>',
      'file with the password of the server; or set WHY502_CLICKHOUSE_PASSWORD',
    ).env('WHY502_CLICKHOUSE_PASSWORD_FILE'),
    new Option('--clickhouse-ca <file>', 'certificates, PEM, that the server may be signed by').env(
      'WHY502_CLICKHOUSE_CA',
    ),
    new Option('--cluster <name>', 'make the tables on a cluster of that name').env('WHY502_CLUSTER'),
    new Option('--keep <days>', 'let the store delete results that are older (default: it keeps all)')
      .argParser(days)
      .env('WHY502_KEEP'),
  ];
}

/** How logs are to be read. */
function readingFlags(): readonly Option[] {
  return [
    new Option(
      '-c, --nginx-conf <path>',
      'nginx.conf, a folder of confs, or what nginx -T printed; several versions: once for each, oldest first',
    )
      .argParser(oneMore)
      .env('WHY502_NGINX_CONF'),
    new Option('-l, --log-format <text>', 'log_format of the access logs, as in nginx.conf').env(
      'WHY502_LOG_FORMAT',
    ),
    new Option('--error-log-zone <offset>', "offset of the error log's local time, such as +02:00")
      .argParser(zone)
      .env('WHY502_ERROR_LOG_ZONE'),
  ];
}
