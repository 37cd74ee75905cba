import { columns, type ErrorRecord, ofErrorLog, ofInterest } from '@why502/model';
import { describe, expect, test } from 'vitest';
import { createNames, recognise } from '../src/index.ts';

const unreachable =
  'Unable to reach the origin service. The service may be down or it may not be responding to traffic from cloudflared: ';
const started = '2024-01-18T06:00:00Z INF Starting tunnel tunnelID=0c9ac0c1-7d4a-4e5a-9d8a-1f2e3d4c5b6a';

function read(text: string) {
  const bytes = Buffer.from(text);
  const found = recognise(bytes);
  if (found === undefined) throw new Error('no format is recognised');
  const decoder = found.format.decoder('f', createNames());
  const rows = columns(100);
  decoder.scan(bytes, 0, bytes.length, true, rows);
  const records = Array.from({ length: rows.count }, (_, row) => {
    const record = decoder.read(bytes, rows.from[row]!, rows.to[row]!, rows.line[row]!);
    if (!('kind' in record)) throw new Error('scanned, but not read');
    expect([rows.at[row], rows.flags[row]]).toEqual([(record as ErrorRecord).wall, ofInterest | ofErrorLog]);
    return record as ErrorRecord;
  });
  return { format: found.format, records, decoder };
}

/** The record of a line behind one by which the log is known. */
function recordOf(line: string): ErrorRecord {
  return read(`${started}\n${line}\n`).records[1]!;
}

test('a line of the console is read with its fields', () => {
  const line = `2024-01-18T06:13:28Z ERR  error="${unreachable}dial tcp 172.30.33.9:80: connect: connection refused" cfRay=8474b12029a26354-ORD event=1 ingressRule=1 originService=http://proxy-manager:80`;
  expect(recordOf(line)).toMatchObject({
    row: { source: 'cloudflared', file: 'f', line: 2 },
    wall: Date.UTC(2024, 0, 18, 6, 13, 28),
    zoneOffsetMin: 0,
    level: 'error',
    symptom: 'connect_refused',
    message: `${unreachable}dial tcp 172.30.33.9:80: connect: connection refused`,
    scheme: 'http',
    peer: 'proxy-manager:80',
    host: undefined,
    ids: [{ kind: 'ray', value: '8474b12029a26354' }],
  });
});

test('a line without a ray names the host that was asked for', () => {
  const line = `2024-01-18T06:13:28Z ERR Request failed error="${unreachable}EOF" connIndex=1 dest=https://request.example.com/favicon.ico event=0 ip=198.41.192.77 type=http`;
  const record = recordOf(line);
  expect(record).toMatchObject({ host: 'request.example.com', symptom: 'closed_before_header' });
  expect(record.ids).toBeUndefined();
  expect(record.client).toBeUndefined();
});

test('lines of JSON say the same', () => {
  const object = {
    ...{ level: 'error', cfRay: '8474b12029a26354-ORD', event: 1, ingressRule: 1 },
    ...{ originService: 'https://192.0.2.7', time: '2024-01-18T06:13:28Z', message: '' },
    error: `${unreachable}x509: certificate is valid for a.example, not b.example`,
  };
  const { records, format } = read(
    `${JSON.stringify(object)}\n{"level":"info","time":"2024-01-18T06:13:29Z","message":"Registered tunnel connection"}\n`,
  );
  expect(format).toMatchObject({ name: 'cloudflared log', source: 'cloudflared' });
  expect(records).toMatchObject([
    {
      symptom: 'tls_certificate_name',
      scheme: 'https',
      peer: '192.0.2.7:443',
      ids: [{ kind: 'ray', value: '8474b12029a26354' }],
    },
    { symptom: 'other', level: 'info', wall: Date.UTC(2024, 0, 18, 6, 13, 29) },
  ]);
});

describe('what is said of an origin', () => {
  test.each([
    ['dial tcp 192.0.2.7:8080: connect: connection refused', 'connect_refused'],
    ['dial tcp 192.0.2.7:3000: i/o timeout', 'connect_timed_out'],
    ['dial tcp 192.0.2.7:3000: connect: no route to host', 'connect_no_route'],
    ['dial tcp: lookup app on 127.0.0.11:53: no such host', 'name_not_found'],
    ['dial tcp: lookup app on 127.0.0.11:53: server misbehaving', 'resolver_failed'],
    ['dial tcp: lookup app: i/o timeout', 'resolver_failed'],
    ['dial tcp 192.0.2.7:80: socket: too many open files', 'proxy_files_exhausted'],
    ['dial unix /run/app.sock: connect: no such file or directory', 'socket_missing'],
    [
      'net/http: HTTP/1.x transport connection broken: malformed HTTP response \\"\\\\x15\\\\x03\\\\x01\\\\x00\\\\x02\\\\x02\\"',
      'not_http',
    ],
    ['malformed HTTP status code \\"OK\\"', 'header_malformed'],
    ['tls: first record does not look like a TLS handshake', 'tls_peer_speaks_plain'],
    ['x509: certificate signed by unknown authority', 'tls_certificate_unverified'],
    ['x509: certificate has expired or is not yet valid', 'tls_certificate_unverified'],
    ['x509: certificate is not valid for any names, but wanted to match a.example', 'tls_certificate_name'],
    [
      "x509: cannot validate certificate for 192.0.2.7 because it doesn't contain any IP SANs",
      'tls_certificate_name',
    ],
    ['remote error: tls: handshake failure', 'tls_refused'],
    ['net/http: TLS handshake timeout', 'tls_timed_out'],
    ['net/http: timeout awaiting response headers', 'header_timed_out'],
    ['read tcp 10.0.0.2:5000->192.0.2.7:80: read: connection reset by peer', 'reset_before_header'],
    ['unexpected EOF', 'closed_before_header'],
    ['context canceled', 'client_closed'],
  ])('%s', (error, symptom) => {
    const line = `2024-01-18T06:13:28Z ERR  error="${unreachable}${error}" cfRay=8474b12029a26354-ORD originService=http://app:80`;
    expect(recordOf(line).symptom).toBe(symptom);
  });
});

test.each([
  ['ERR Serve tunnel error error="connection with edge closed" connIndex=2', 'tunnel_down'],
  ['WRN Serve tunnel error error="timeout: no recent network activity" connIndex=2', 'tunnel_down'],
  ['ERR Failed to dial to edge with quic: timeout: no recent network activity connIndex=3', 'tunnel_down'],
  ['INF Registered tunnel connection connIndex=0 location=fra08 protocol=quic', 'other'],
  ['INF Retrying connection in up to 4s connIndex=2', 'other'],
])('of the way to the edge: %s', (line, symptom) => {
  expect(recordOf(`2024-01-18T06:13:28Z ${line}`).symptom).toBe(symptom);
});

test('a line that was broken goes on in the next', () => {
  const { records, decoder } = read(
    `${started}\n2024-01-18T06:13:28Z ERR Request failed error="Incoming request ended abruptly: context canceled"\n    dest=https://a.example/x type=http\n\n2024-01-18T06:13:29Z INF Registered tunnel connection connIndex=0\n`,
  );
  expect(records.map(({ row, symptom, host }) => [row.line, symptom, host])).toEqual([
    [1, 'other', undefined],
    [2, 'client_closed', 'a.example'],
    [5, 'other', undefined],
  ]);
  expect([decoder.lines, decoder.setAside, decoder.faults.count]).toEqual([5, 2, 0]);
});

test('colours of a terminal and the form of old versions do not hide it', () => {
  const coloured = `\x1b[90m2024-01-18T06:13:28Z\x1b[0m \x1b[31mERR\x1b[0m  \x1b[36merror=\x1b[0m"${unreachable}EOF" \x1b[36mcfRay=\x1b[0m8474b12029a26354-ORD \x1b[36moriginService=\x1b[0mhttp://app:80`;
  expect(read(coloured).records).toMatchObject([{ symptom: 'closed_before_header', peer: 'app:80' }]);
  const old = `time="2020-05-18T10:15:26Z" level=error msg="unable to connect to the origin" cfRay=8474b12029a26354-ORD error="dial tcp [::1]:8080: connect: connection refused"`;
  expect(read(old).records).toMatchObject([
    {
      symptom: 'connect_refused',
      level: 'error',
      peer: '[::1]:8080',
      wall: Date.UTC(2020, 4, 18, 10, 15, 26),
    },
  ]);
});

test('logs of other programs in this form are not taken for it', () => {
  const other = '2024-05-14T08:00:00Z ERR Error while dialing backend error="connection refused"\n'.repeat(3);
  expect(recognise(Buffer.from(other))?.format.source).not.toBe('cloudflared');
});
