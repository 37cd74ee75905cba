import { join } from 'node:path';
import { fileSource } from '@why502/flow';
import { analyze, readNginxConf } from '@why502/pipeline-analyze';
import { describe, expect, it } from 'vitest';
import { corpusFolder, type Scenario, scenarios } from './corpus.ts';

const all = new Map(scenarios().map((scenario) => [scenario.name, scenario]));

/** Evidence of a kind on the failures of a recording, without the place it stands at; each text once. */
async function said(scenario: Scenario, logs: readonly string[], fact: string): Promise<readonly string[]> {
  const texts = new Set<string>();
  const path = (name: string) => join(corpusFolder, name);
  const { problems } = await analyze({
    sources: logs.map((name) => fileSource(path(name), name)),
    nginxConf: await readNginxConf(scenario.configurations.map(path)),
    on: (result) => {
      if (result.kind !== 'verdict') return;
      for (const one of result.verdict.evidence) {
        if (one.fact === fact) texts.add(one.text.replace(/ \(\S*\/(\S+), line (\d+)\)/, ' ($1:$2)'));
      }
    },
  });
  expect(problems).toEqual([]);
  return [...texts];
}

describe('an nginx.conf says about a recorded failure', () => {
  it.each([
    [
      'report-read-timeout-too-short',
      'configured_timer',
      'it took as long as the proxy waits to read: 3 s, proxy_read_timeout 3s (nginx.conf.before-reload-2:57); another version of the configuration allows 60 s',
    ],
    [
      'partial-partition-two-of-four',
      'configured_timer',
      'it took as long as the proxy waits to connect: 1.5 s, proxy_connect_timeout 1500ms (nginx.conf:60)',
    ],
    [
      'https-to-plain-port',
      'configured_protocol',
      'the proxy speaks https with the peer, without a server name; versions of the configuration differ in that: proxy_pass https://api (nginx.conf.before-reload-2:55)',
    ],
    [
      'service-moved-startup-resolution',
      'configured_peer',
      'the address of the peer comes from a name that is looked up only when the proxy starts: server web.prod.internal:8080 (nginx.conf:36)',
    ],
    [
      'limit-conn-503',
      'configured_answer',
      'a rule of the configuration answers some such requests with 503: limit_conn perserver 12 (nginx.conf:58)',
    ],
    [
      'variable-upstream-no-resolver',
      'configured_lookup',
      'a variable says where such requests go, and there is no resolver to look names up: proxy_pass http://$tenant_host (nginx.conf:51)',
    ],
    [
      'new-tenant-name-not-found',
      'configured_lookup',
      'a variable says where such requests go, and there is a resolver to look names up: proxy_pass http://$tenant_host:8080 (nginx.conf:43)',
    ],
    [
      'webhook-route-kills-connection',
      'configured_reuse',
      'connections to the peers are kept and used again, for up to 60 s of idleness: keepalive 16 (nginx.conf:38)',
    ],
  ])('%s: %s', async (name, fact, text) => {
    const scenario = all.get(name)!;
    expect(await said(scenario, [scenario.extended, scenario.error], fact)).toEqual([text]);
  });

  it('also without the error log, and of a log that holds nothing but the request', async () => {
    const limited = all.get('limit-conn-503')!;
    expect(await said(limited, [limited.combined], 'configured_answer')).toHaveLength(1);
    const short = all.get('report-read-timeout-too-short')!;
    expect(await said(short, [short.json], 'configured_timer')).toHaveLength(1);
  });
});
