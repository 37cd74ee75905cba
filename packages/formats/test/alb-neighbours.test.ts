import { columns, type LogRecord } from '@why502/model';
import { describe, expect, test } from 'vitest';
import { createNames, kindredLog, objectKey, recognise } from '../src/index.ts';
import { fields, line } from './alb-sample.ts';

/** The log read by the format that is recognised in it. */
function log(text: string) {
  const bytes = Buffer.from(text);
  const found = recognise(bytes);
  if (found === undefined) throw new Error('not recognised');
  const decoder = found.format.decoder('f', createNames());
  const rows = columns(20);
  decoder.scan(bytes, 0, bytes.length, true, rows);
  const records: LogRecord[] = [];
  for (let row = 0; row < rows.count; row++) {
    const record = decoder.read(bytes, rows.from[row]!, rows.to[row]!, rows.line[row]!);
    if ('kind' in record) records.push(record);
  }
  const { name, source } = found.format;
  return { name, source, records, faults: decoder.faults.count, setAside: decoder.setAside };
}

describe('the log of health checks', () => {
  const failed =
    'http 2025-10-31T12:44:58.901409Z 1.121980746 172.31.31.9:80 HCLogsTestIPs FAIL 502 TargetError';

  test('is recognised, and every check is a line', () => {
    const { name, source, records } = log(
      `${failed}\nhttps 2025-10-31T12:45:08.901409Z 0.004 172.31.31.9:80 HCLogsTestIPs PASS 200 -\n`,
    );
    expect([name, source]).toEqual(['ALB health check log', 'alb_health']);
    expect(records).toMatchObject([
      {
        kind: 'error_line',
        wall: Date.UTC(2025, 9, 31, 12, 44, 58) + 901.409,
        zoneOffsetMin: 0,
        level: 'error',
        symptom: 'health_check_answer_wrong',
        peer: '172.31.31.9:80',
        message: 'health check of 172.31.31.9:80 failed: TargetError, status 502, after 1.122 s',
      },
      {
        level: 'info',
        symptom: 'other',
        message: 'health check of 172.31.31.9:80 passed: status 200, after 0.004 s',
      },
    ]);
  });

  test.each([
    ['TimedOut', 'health_check_timed_out'],
    ['RequestTimedOut', 'health_check_timed_out'],
    ['ConnectionReset', 'health_check_reset'],
    ['ResponseCodeMismatch', 'health_check_answer_wrong'],
    ['ResponseStringMismatch', 'health_check_answer_wrong'],
    ['GRPCUnexpectedStatus', 'health_check_answer_wrong'],
    ['InternalError', 'health_check_failed'],
    ['-', 'health_check_failed'],
  ])('tells %s as %s', (reason, symptom) => {
    expect(log(failed.replace('TargetError', reason)).records).toMatchObject([{ symptom }]);
  });

  test('may have a header, or be JSON', () => {
    const header = '#Version: 1.0\n#Fields: time target_addr status reason_code\n';
    expect(log(`${header}2025-10-31T12:44:58Z 10.0.0.1:80 FAIL TimedOut\n`)).toMatchObject({
      source: 'alb_health',
      records: [{ peer: '10.0.0.1:80', symptom: 'health_check_timed_out' }],
      faults: 0,
      setAside: 2,
    });
    const object = {
      time: '2025-10-31T12:44:58Z',
      target_addr: '10.0.0.1:80',
      status: 'PASS',
      status_code: 200,
    };
    expect(log(`${JSON.stringify(object)}\n`)).toMatchObject({
      source: 'alb_health',
      records: [{ level: 'info' }],
    });
  });
});

describe('the log of connections', () => {
  const accepted =
    '2023-10-04T17:05:15.514108Z 203.0.113.1 36280 443 TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 4.036 "CN=a.example,O=end entity" NotBefore=2023-09-21T22:43:21Z;NotAfter=2026-06-17T22:43:21Z FEF257372D5C14D4 Success TID_3180a73013c8ca4bac2f731159d4b0fe';
  const refused =
    '2023-10-04T17:05:16.514108Z 203.0.113.1 36281 443 - - - "-" - - Failed:ClientCertUntrusted TID_1c71a68d70587445ad5127ff8b2687d7';

  test('is recognised, and a refusal is the doing of the client', () => {
    expect(log(`${accepted}\n${refused}\n`)).toMatchObject({
      name: 'ALB connection log',
      source: 'alb_connection',
      records: [
        { level: 'info', symptom: 'other', client: '203.0.113.1' },
        {
          level: 'error',
          symptom: 'client_invalid',
          message: 'connection refused: ClientCertUntrusted',
          ids: [{ kind: 'connection', value: 'TID_1c71a68d70587445ad5127ff8b2687d7' }],
        },
      ],
    });
  });
});

describe('vended delivery', () => {
  const told = {
    time: fields.time,
    elb_status_code: 502,
    target_status_code: '-',
    'target:port': fields.target,
    request_line: 'GET https://iot.example.com:443/a?b="c" HTTP/1.1',
    target_processing_time: 0.001,
    target_group_arn: fields.group,
  };

  test('of JSON is read by its keys, in any order and number', () => {
    const found = log(`${JSON.stringify(told)}\n${JSON.stringify({ ...told, user_agent: null })}\n`);
    expect(found).toMatchObject({ name: 'ALB access log in JSON', source: 'alb', faults: 0 });
    expect(found.records).toMatchObject([
      { status: 502, target: '/a?b="c"', service: 'tg-api', attempts: [{ peer: '10.0.11.31:8080' }] },
      { userAgent: undefined },
    ]);
    const [first] = found.records;
    const logged = first?.kind === 'request' ? first.logged : new Set();
    expect([logged.has('attempts'), logged.has('client'), logged.has('trail')]).toEqual([true, false, false]);
  });

  test('of JSON without a status tells nothing', () => {
    expect(recognise(Buffer.from(JSON.stringify({ time: fields.time, elb: 'app/a/b' })))).toBeUndefined();
  });

  test('of JSON that is cut off or no object is a fault', () => {
    const whole = JSON.stringify(told);
    for (const bad of [whole.slice(0, -9), '[]', '{"time":"x","elb_status_code":502}', '{}'])
      expect(log(`${whole}\n${whole}\n${bad}\n`).faults, bad).toBe(1);
  });

  test.each([
    ['spaces, as W3C does', '#Fields: ', ' '],
    ['tabs, as W3C does', '#Fields:', '\t'],
    ['spaces', '', ' '],
    ['commas', '', ','],
  ])('names its fields in a header, with %s', (_, start, separator) => {
    const names = ['elb_status_code', 'target:port', 'time', 'client:port', 'target_status_code'];
    const values = ['504', '10.0.0.1:80', fields.time, '192.0.2.1:5', '-'];
    const { records, faults, setAside } = log(
      `${start}${names.join(separator)}\n${values.join(separator)}\n${values.join(separator)}\n`,
    );
    expect([faults, setAside]).toEqual([0, 1]);
    expect(records).toMatchObject([
      { status: 504, client: '192.0.2.1', attempts: [{ peer: '10.0.0.1:80' }] },
      { status: 504 },
    ]);
  });

  test('may say the header again, as logs do that were joined', () => {
    const header = 'time elb_status_code client:port';
    const values = `${fields.time} 502 192.0.2.1:5`;
    expect(log(`${header}\n${values}\n${header}\n${values}\n`)).toMatchObject({ faults: 0, setAside: 2 });
  });
});

describe('a log of another kind of load balancer', () => {
  test.each([
    [
      'Classic Load Balancer access log',
      true,
      '2015-05-13T23:39:43.945958Z my-loadbalancer 192.168.131.39:2817 10.0.0.1:80 0.000073 0.001048 0.000057 502 - 0 29 "GET http://www.example.com:80/ HTTP/1.1" "curl/7.38.0" - -',
    ],
    [
      'Network Load Balancer access log',
      true,
      'tls 2.0 2018-12-20T02:59:40 net/nlb/c6e77e28c25b2234 g3d4b5e8bb8464cd 72.21.218.154:51341 172.100.100.185:443 5 2 98 246 - arn:aws:acm:us-east-2:1:certificate/2a - ECDHE-RSA-AES128-SHA tlsv12 - nlb.elb.us-east-2.amazonaws.com h2 h2 "h2"',
    ],
    ['test file of a load balancer', false, 'Enable AccessLog for ELB: iot-api at 2026-10-06T09:15:00.000Z'],
  ])('%s is told by name and not read', (name, isLog, text) => {
    expect(kindredLog(Buffer.from(`${text}\n`))).toMatchObject({ name, isLog });
    expect(recognise(Buffer.from(`${text}\n`))).toBeUndefined();
  });

  test('is a fault among the lines of an Application Load Balancer', () => {
    const classic =
      '2015-05-13T23:39:43.945958Z lb 192.168.131.39:2817 10.0.0.1:80 0.0 0.1 0.0 502 - 0 29 "GET http://h:80/ HTTP/1.1" "curl" - -';
    expect(log(`${line()}\n${line()}\n${classic}\n`)).toMatchObject({ source: 'alb', faults: 1 });
  });
});

describe('the name of a file in a bucket', () => {
  const name =
    '1_elasticloadbalancing_us-east-1_app.a-b.54bb61a258b9832d_20261006T0925Z_10.0.0.142_5ac1.log.gz';
  test('tells node and interval', () => {
    const to = Date.UTC(2026, 9, 6, 9, 25);
    const told = { node: '10.0.0.142', from: to - 300_000, to };
    for (const key of [
      name,
      `b/AWSLogs/1/elasticloadbalancing/us-east-1/2026/10/06/${name}`,
      `health_check_log_${name}`,
      `conn_log.${name}`,
      '20261006T0925Z_10.0.0.142_3p9141h0.log',
    ])
      expect(objectKey(key), key).toEqual(told);
    expect(objectKey(name.replace('10.0.0.142', '2001:db8::1'))?.node).toBe('2001:db8::1');
  });

  test('tells nothing where it is another', () => {
    for (const key of ['alb.log', '20261006T0925Z.log', `${name}/access.log`, '_'.repeat(100_000)])
      expect(objectKey(key), key.slice(0, 40)).toBeUndefined();
  });
});
