import { httpStatus, type RuledAnswer } from '@why502/model';
import type { Directive } from './directives.ts';
import { Scope, written } from './scope.ts';

type Rule = RuledAnswer['rule'];

/** The answers that nginx gives by rule, without asking a peer, to requests that end in a block. */
export function answersOf(scope: Scope, server: Scope): readonly RuledAnswer[] {
  const answers: RuledAnswer[] = [];
  const add = (
    rule: Rule,
    status: string | undefined,
    directive: Directive,
    conditional: boolean,
    values = 1,
  ) => {
    if (!/^[1-9]\d\d$/.test(status ?? '')) return;
    answers.push({
      rule,
      status: httpStatus(Number(status)),
      conditional,
      written: written(directive, values),
    });
  };
  // The `return` of the server itself comes before any location.
  for (const block of new Set([server, scope])) {
    for (const directive of block.own('return')) add('fixed', statusOf(directive), directive, false);
    for (const condition of block.own('if')) {
      for (const directive of new Scope(condition.block ?? []).own('return')) {
        add('fixed', statusOf(directive), directive, true);
      }
    }
  }
  limits(scope, 'limit_req', (status, directive) => add('request_limit', status, directive, true));
  limits(scope, 'limit_conn', (status, directive) => add('connection_limit', status, directive, true, 2));
  const auth = scope.nearest('auth_request');
  // What is neither 2xx nor 401 or 403 becomes 500 (ngx_http_auth_request_module).
  if (auth !== undefined && auth.words[1] !== 'off') add('authentication', '500', auth, true);
  for (const directive of scope.all('error_page')) {
    const status = directive.words.find((word) => word.startsWith('='))?.slice(1);
    add('error_page', status, directive, true, directive.words.length - 1);
  }
  for (const directive of scope.own('try_files')) {
    add('fixed', directive.words.at(-1)?.replace(/^=/, ''), directive, true, directive.words.length - 1);
  }
  return answers;
}

/** `return URL` is a redirect. */
function statusOf({ words }: Directive): string | undefined {
  return /^(https?:|\$)/.test(words[1] ?? '') ? '302' : words[1];
}

/** Refused requests get 503 unless configured (ngx_http_limit_req_module, ngx_http_limit_conn_module). */
function limits(
  scope: Scope,
  name: 'limit_req' | 'limit_conn',
  add: (status: string, directive: Directive) => void,
): void {
  if (scope.flag(`${name}_dry_run`, false).value) return;
  const status = scope.nearest(`${name}_status`)?.words[1] ?? '503';
  for (const directive of scope.all(name)) add(status, directive);
}
