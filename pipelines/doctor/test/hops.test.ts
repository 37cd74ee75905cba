import { configurationOfText } from '@why502/formats';
import type { Diagnosis, FileSummary, LoggedField, SourceKind, Summary } from '@why502/model';
import { diagnosesText, diagnosisText } from '@why502/report';
import { describe, expect, test } from 'vitest';
import { createDoctor } from '../src/index.ts';
import { best } from './configurations.ts';

const options = { color: false, width: 100 };

const ofBalancer: readonly LoggedField[] = [
  ...(['attempts', 'attempt_status', 'attempt_connect', 'attempt_header', 'attempt_response'] as const),
  ...(['duration', 'host', 'service', 'code', 'client', 'method', 'user_agent', 'trail'] as const),
];

const ofNginx: readonly LoggedField[] = [
  ...ofBalancer.filter((field) => field !== 'trail'),
  ...(['attempt_bytes_received', 'request_id', 'connection'] as const),
];

function file(
  source: SourceKind,
  format: string,
  logged?: readonly LoggedField[],
  name: string = source,
): FileSummary {
  return {
    ...{ file: name, format, source, sureness: undefined, lines: 10, faults: 0, faultSamples: [] },
    ...{ unescaped: false, readInstead: undefined },
    ...(logged === undefined ? {} : { logged: new Set(logged) }),
  };
}

function diagnosed(...files: readonly FileSummary[]): readonly Diagnosis[] {
  return createDoctor([]).diagnoses({ files, requests: 10 } as unknown as Summary, undefined);
}

const adviceOf = ({ advice }: Diagnosis) => advice.map(({ place, lines }) => [place, lines]);

describe('logs of a load balancer', () => {
  const [whole] = diagnosed(file('alb', 'ALB access log', ofBalancer));

  test('without health checks are told how to switch them on', () => {
    expect(whole?.missing).toEqual(['health_log']);
    expect(adviceOf(whole!)).toEqual([
      ['balancer_attributes', expect.stringContaining('health_check_logs.s3.enabled,Value=true')],
    ]);
    expect(diagnosisText(whole!, options)).toContain('the health check log');
  });

  test('with health checks lack nothing', () => {
    const [both] = diagnosed(
      file('alb', 'ALB access log', ofBalancer),
      file('alb_health', 'ALB health check log'),
    );
    expect(both).toMatchObject({ missing: [], advice: [], gains: [] });
  });

  test('of chosen fields are told which to choose, and what each buys', () => {
    const few: readonly LoggedField[] = ['attempts', 'client', 'method', 'host'];
    const [poor] = diagnosed(file('alb', 'ALB access log in JSON', few), file('alb_health', 'x'));
    expect(adviceOf(poor!)).toEqual([
      [
        'delivery_fields',
        [
          ...['target_status_code', 'request_processing_time', 'target_processing_time'],
          ...['request_creation_time', 'target_group_arn', 'error_reason', 'actions_executed'],
          ...['request_transform_status', 'user_agent', 'trace_id', 'conn_trace_id'],
        ].join('\n'),
      ],
    ]);
  });
});

describe('logs of an edge', () => {
  test('without fields of the origin are told which to add', () => {
    const [poor] = diagnosed(
      file('cloudflare', 'Cloudflare http_requests', ['host', 'service', 'place', 'trail']),
    );
    const places = adviceOf(poor!);
    expect(places.map(([place]) => place)).toEqual([
      'job_fields',
      'response_header_rule',
      'job_custom_fields',
    ]);
    expect(places[0]?.[1]).toContain('OriginResponseHeaderReceiveDurationMs');
    expect(places[0]?.[1]).not.toContain('EdgeColoCode');
    expect(places[2]?.[1]).toContain('cf-error-type');
  });
});

describe('logs of several hops', () => {
  const all = diagnosed(
    file('nginx', 'nginx why502', ofNginx, 'access.log'),
    file('nginx_error', 'nginx error log'),
    file('alb', 'ALB access log', ofBalancer),
    file('cloudflare', 'Cloudflare http_requests', ['host', 'trail', 'attempts', 'attempt_status']),
  );

  test('are told hop by hop, the outermost first', () => {
    expect(all.map(({ hop }) => hop)).toEqual(['cloudflare', 'alb', 'nginx']);
    const text = diagnosesText(all, options);
    for (const name of ['Cloudflare', 'Application Load Balancer', 'nginx'])
      expect(text).toContain(`== ${name} ==`);
  });

  test('are tied by what each sends on', () => {
    const [, balancer, nginx] = all;
    expect(adviceOf(balancer!)).toContainEqual([
      'request_header_rule',
      expect.stringMatching(/^X-Amzn-Trace-Id .*cf\.ray_id/),
    ]);
    expect(nginx?.missing).toContain('trail');
    expect(adviceOf(nginx!)).toContainEqual([
      'nginx_conf',
      ' ray="$http_cf_ray" amz="$http_x_amzn_trace_id"',
    ]);
  });

  test('that are tied already are not told so again', () => {
    const [, balancer] = diagnosed(
      file('alb', 'ALB access log', [...ofBalancer, 'request_id']),
      file('cloudflare', 'Cloudflare http_requests', ['host']),
    );
    expect(adviceOf(balancer!).map(([place]) => place)).toEqual(['balancer_attributes']);
  });

  test('beside the configuration of nginx alone change nothing about it', () => {
    const { logging } = configurationOfText(best, 'nginx.conf');
    const [alone] = createDoctor([]).diagnoses(undefined, logging);
    expect(alone).toMatchObject({ hop: 'nginx', missing: [], advice: [] });
  });
});

test('a bucket of hundreds of files is one line', () => {
  const names = Array.from({ length: 300 }, (_, index) => `b/AWSLogs/${index}.log.gz`);
  const [one] = diagnosed(...names.map((name) => file('alb', 'ALB access log', ofBalancer, name)));
  const text = diagnosisText(one!, options);
  expect(text).toContain('b/AWSLogs/ (300 files): ALB access log, 3,000 lines');
  expect(text.split('\n').length).toBeLessThan(70);
});
