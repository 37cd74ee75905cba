import {
  always,
  type Evidence,
  type Fact,
  httpStatus,
  type LoggedField,
  says,
  supports,
} from '@why502/model';
import { describe, expect, it } from 'vitest';
import { type Known, wishes } from '../src/weigh/wishes.ts';
import { mechanism } from './sample.ts';

const candidate = mechanism(
  'candidate',
  [supports('symptom', 1, says('other'), ''), supports('health', 1, always, '')],
  { needs: ['error_log', 'attempts', 'request_id', 'code'] },
);

function known(hop: Known['hop'], given: Partial<Known> = {}): Known {
  return { hop, logged: new Set<LoggedField>(), errorLine: false, evidence: [], sure: false, ...given };
}

function seen(fact: Fact): Evidence {
  return { fact, group: 'attempt', name: fact.kind, text: '', rows: [] };
}

const registered = seen({
  kind: 'registration',
  tlsPort: false,
  samePort: 0,
  sameNetwork: 0,
  silentInNetwork: 0,
  otherNetworks: 0,
});
const relayed = seen({ kind: 'relayed', source: 'alb', status: httpStatus(502) });
const inner = seen({
  kind: 'inner_hop',
  source: 'nginx',
  saw: 'failed',
  coverage: undefined,
  status: undefined,
  after: undefined,
});

/** What is wished for of a hop, in order. */
function fields(one: Known): readonly string[] {
  return wishes([candidate], one).map(({ field }) => field);
}

describe('what is wished for', () => {
  it('is a directive, a field of the delivery or a field of the job, whatever hop it is', () => {
    const textOf = (hop: Known['hop']) =>
      wishes([candidate], known(hop)).find(({ field }) => field === 'attempts')?.text;
    expect(textOf('nginx')).toMatch(/\$upstream_addr/);
    expect(textOf('alb')).toMatch(/target:port/);
    expect(textOf('cloudflare')).toMatch(/OriginIP/);
  });

  it('is nothing that the hop cannot log', () => {
    expect(fields(known('nginx'))).toContain('request_id');
    expect(fields(known('alb'))).not.toContain('request_id');
    expect(fields(known('cloudflare'))).not.toContain('request_id');
  });

  it('is the log behind a hop that writes no error log', () => {
    expect(fields(known('nginx'))[0]).toBe('error_log');
    expect(fields(known('alb'))[0]).toBe('next_hop');
    expect(fields(known('alb', { evidence: [inner] }))).not.toContain('next_hop');
  });

  it('is the log of checks where a target was asked, and none is at hand', () => {
    const health = seen({ kind: 'health', passed: 1, failed: 0, symptom: undefined });
    expect(fields(known('alb', { evidence: [registered] }))).toContain('health_checks');
    expect(fields(known('alb', { evidence: [registered, health] }))).not.toContain('health_checks');
    expect(fields(known('alb'))).not.toContain('health_checks');
  });

  it('is the next hop for what was passed on, however sure that is', () => {
    expect(fields(known('alb', { sure: true, evidence: [relayed] }))).toEqual(['next_hop']);
    expect(fields(known('alb', { sure: true, evidence: [relayed, inner] }))).toEqual([]);
    expect(fields(known('alb', { sure: true }))).toEqual([]);
  });
});
