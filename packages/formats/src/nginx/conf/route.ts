import { type ConfiguredRoute, type ConfiguredTimer, millis, type Setting } from '@why502/model';
import { answersOf } from './answers.ts';
import type { Directive } from './directives.ts';
import { type Scope, written } from './scope.ts';
import type { Pass } from './target.ts';

/** Defaults of the proxying modules and of upstream blocks (ngx_http_proxy_module, ngx_http_upstream_module). */
const defaultTimer = millis(60_000);
const defaultIdle = millis(60_000);

const timerNames: Readonly<Record<ConfiguredTimer, string>> = {
  connect: 'connect_timeout',
  send: 'send_timeout',
  read: 'read_timeout',
};

const tlsSchemes: ReadonlySet<string | undefined> = new Set(['https', 'grpcs', 'suwsgi']);

/** What a block says about requests that end in it. `server` is the block around all locations. */
export function routeOf(scope: Scope, server: Scope, pass: Pass | undefined): ConfiguredRoute {
  const prefix = pass?.prefix ?? 'proxy';
  const timer = (name: ConfiguredTimer) => scope.time(`${prefix}_${timerNames[name]}`, defaultTimer);
  return {
    target: pass?.target,
    timers: { connect: timer('connect'), send: timer('send'), read: timer('read') },
    headerBuffer: scope.size(`${prefix}_buffer_size`),
    reuse: pass === undefined ? undefined : reuseOf(scope, pass),
    idle: pass?.group?.scope.time('keepalive_timeout', defaultIdle) ?? {
      value: defaultIdle,
      written: undefined,
    },
    repeats: repeatsOf(scope.nearest(`${prefix}_next_upstream`)),
    answers: answersOf(scope, server),
    tls: tlsSchemes.has(pass?.target.scheme)
      ? {
          verifies: scope.flag(`${prefix}_ssl_verify`, false),
          // gRPC sends it in any case (ngx_http_grpc_module).
          sendsName: scope.flag(`${prefix}_ssl_server_name`, prefix === 'grpc'),
        }
      : undefined,
  };
}

/**
 * Connections are kept for groups only. Up to 1.29.6 that takes `keepalive`, HTTP/1.1 and an emptied Connection header;
 * from 1.29.7 on it is the default (nginx changes.xml). So much is left undefined, as the version is not known.
 */
function reuseOf(scope: Scope, { prefix, group }: Pass): Setting<boolean> | undefined {
  if (group === undefined) return { value: false, written: undefined };
  const keepalive = group.scope.nearest('keepalive');
  if (keepalive?.words[1] === '0') return { value: false, written: written(keepalive) };
  const on = keepalive === undefined ? undefined : { value: true, written: written(keepalive) };
  switch (prefix) {
    case 'proxy':
      return reuseOverHttp(scope, on);
    case 'fastcgi': {
      const kept = scope.flag('fastcgi_keep_conn', false);
      return kept.value ? on : kept;
    }
    case 'uwsgi':
    case 'scgi':
      return { value: false, written: undefined };
    default:
      return on;
  }
}

function reuseOverHttp(scope: Scope, on: Setting<boolean> | undefined): Setting<boolean> | undefined {
  const version = scope.nearest('proxy_http_version');
  if (version?.words[1] === '1.0') return { value: false, written: written(version) };
  const header = scope
    .all('proxy_set_header')
    .findLast(({ words }) => words[1]?.toLowerCase() === 'connection');
  const value = header?.words[2]?.toLowerCase();
  if (header !== undefined && value === 'close') return { value: false, written: written(header, 2) };
  const kept = value === '' || value === 'keep-alive';
  return version !== undefined && kept ? on : undefined;
}

/** A connection that broke counts as `error`; POST, LOCK and PATCH are repeated only with `non_idempotent` (since 1.9.13). */
function repeatsOf(directive: Directive | undefined): Setting<'none' | 'safe' | 'all'> {
  if (directive === undefined) return { value: 'safe', written: undefined };
  const conditions = directive.words.slice(1);
  const value = !conditions.includes('error')
    ? 'none'
    : conditions.includes('non_idempotent')
      ? 'all'
      : 'safe';
  return { value, written: written(directive, conditions.length) };
}
