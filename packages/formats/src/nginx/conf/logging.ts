import type {
  ConfiguredAccessLog,
  ConfiguredErrorLog,
  ConfiguredFormat,
  ConfiguredLogging,
} from '@why502/model';
import { type Directive, everyDirective } from './directives.ts';
import { written } from './scope.ts';

/** Where logs go, how, and what is left out (https://nginx.org/en/docs/http/ngx_http_log_module.html). */
export function loggingOf(directives: readonly Directive[]): ConfiguredLogging {
  const all = [...everyDirective(directives)];
  const named = (name: string) => all.filter(({ words }) => words[0] === name);
  return {
    accessLogs: blocksOf(directives).flatMap((block, scope) =>
      block.filter(({ words }) => words[0] === 'access_log').map((directive) => accessLog(directive, scope)),
    ),
    errorLogs: named('error_log').map(errorLog),
    formats: named('log_format').map(logFormat),
  };
}

/** The directives of each block by themselves. */
function blocksOf(directives: readonly Directive[]): readonly (readonly Directive[])[] {
  return [directives, ...directives.flatMap(({ block }) => (block === undefined ? [] : blocksOf(block)))];
}

function accessLog(directive: Directive, scope: number): ConfiguredAccessLog {
  const [, path = '', ...rest] = directive.words;
  const isParameter = (word: string) => /^(?:buffer|gzip|flush|if)(?:=|$)/.test(word);
  return {
    path,
    scope,
    format: rest.find((word) => !isParameter(word)) ?? 'combined',
    buffered: rest.some((word) => /^(?:buffer|gzip)/.test(word)),
    conditional: rest.some((word) => word.startsWith('if=')),
    written: written(directive, 2),
  };
}

/** Without a level, `error` (https://nginx.org/en/docs/ngx_core_module.html#error_log). */
function errorLog(directive: Directive): ConfiguredErrorLog {
  const [, path = '', level = 'error'] = directive.words;
  return { path, level, written: written(directive, 2) };
}

function logFormat(directive: Directive): ConfiguredFormat {
  const [, name = '', ...rest] = directive.words;
  const escaping = /^escape=(json|none)$/.exec(rest[0] ?? '')?.[1];
  const variables = rest.join('').matchAll(/\$\{?(\w+)/g);
  return {
    name,
    text: directive.text,
    escape: escaping === 'json' || escaping === 'none' ? escaping : 'default',
    variables: [...variables].map(([, variable]) => variable!),
    written: written(directive, 1),
  };
}
