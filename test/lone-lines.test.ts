import { explain } from '@why502/pipeline-explain';
import { describe, expect, test } from 'vitest';

interface Shown {
  readonly message: string;
  readonly peer?: string;
  readonly scheme?: string;
  readonly request?: string;
  readonly client?: string;
}

/** An error line as nginx writes it; without a peer where nginx had none. */
function line({
  message,
  peer,
  scheme = 'http',
  request = 'GET /a HTTP/1.1',
  client = '192.0.2.1',
}: Shown): string {
  const upstream = peer === undefined ? '' : `, upstream: "${scheme}://${peer}/a"`;
  return `2026/11/23 06:58:59 [error] 12#12: *43 ${message}, client: ${client}, server: shop, request: "${request}"${upstream}, host: "shop.example"`;
}

const refused = 'connect() failed (111: Connection refused) while connecting to upstream';
const closed = 'upstream prematurely closed connection while reading response header from upstream';
const reset = 'recv() failed (104: Connection reset by peer) while reading response header from upstream';
const noLive = 'no live upstreams while connecting to upstream';
const silent = 'upstream timed out (110: Connection timed out) while connecting to upstream';
const noHttp = 'upstream sent no valid HTTP/1.0 header while reading response header from upstream';
const limited = 'limiting requests, excess: 5.1 by zone "a"';

function verdict(...lines: readonly string[]) {
  const [first] = explain({ text: lines.join('\n') }).failures;
  return first!.verdict;
}

describe('a line by itself is most likely', () => {
  test.each<[string, Shown, string]>([
    ['a program that is down, on the own host', { message: refused, peer: '127.0.0.1:8000' }, 'process_down'],
    ['a program that is down, on another host', { message: refused, peer: '192.0.2.8:8000' }, 'process_down'],
    ['a wrong address, where [::1] refuses', { message: refused, peer: '[::1]:8000' }, 'wrong_address'],
    ['a wrong address, where nobody answers', { message: silent, peer: '192.0.2.8:8000' }, 'wrong_address'],
    [
      'a wrong address, where localhost has no live peer',
      { message: noLive, peer: 'localhost' },
      'wrong_address',
    ],
    [
      'a crash, where PHP resets',
      { message: reset, peer: '127.0.0.1:9000', scheme: 'fastcgi' },
      'crash_mid_response',
    ],
    [
      'a header too big, where uWSGI resets',
      { message: reset, peer: 'unix:/run/u.sock:', scheme: 'uwsgi' },
      'header_too_big',
    ],
    [
      'the wrong protocol, where a port for TLS closes',
      { message: closed, peer: '192.0.2.8:8443' },
      'protocol_mismatch',
    ],
    [
      'the wrong protocol, where a WebSocket is closed',
      { message: closed, peer: '192.0.2.8:80', request: 'GET /socket.io/?transport=websocket HTTP/1.1' },
      'protocol_mismatch',
    ],
    [
      'the wrong protocol, where gRPC gets no HTTP',
      { message: noHttp, peer: '192.0.2.8:50051', request: 'POST /shop.Cart/Add HTTP/2.0' },
      'protocol_mismatch',
    ],
    [
      'a template without an address',
      { message: 'host not found in upstream "down" in /etc/nginx/conf.d/a.conf:7' },
      'invalid_upstream',
    ],
    [
      'a name that is not known',
      { message: 'host not found in upstream "app" in /etc/nginx/conf.d/a.conf:7' },
      'name_not_found',
    ],
    [
      'a timer of the upstream, where it closes',
      { message: closed, peer: '192.0.2.8:80' },
      'timeout_too_short',
    ],
  ])('%s', (_, shown, mechanism) => {
    expect(verdict(line(shown)).mechanism).toBe(mechanism);
  });
});

describe('a line that has turned out to be several things', () => {
  test.each<[string, Shown]>([
    ['a refusal', { message: refused, peer: '192.0.2.8:8000' }],
    ['a close', { message: closed, peer: '192.0.2.8:80' }],
    ['no HTTP', { message: noHttp, peer: '192.0.2.8:80' }],
    [
      'an invalid header',
      {
        message: 'upstream sent invalid header while reading response header from upstream',
        peer: '192.0.2.8:80',
      },
    ],
    ['a limit', { message: limited }],
    ['no live peer', { message: noLive, peer: 'app' }],
  ])('%s is never told for sure', (_, shown) => {
    expect(verdict(line(shown)).confidence).toBeLessThan(0.9);
  });

  test('a limit that counts a proxy of the own host is less sure to be meant', () => {
    const meant = verdict(line({ message: limited }));
    const shared = verdict(line({ message: limited, client: '127.0.0.1' }));
    expect(shared.confidence).toBeLessThan(meant.confidence);
  });
});

describe('lines of other programs decide', () => {
  test.each<[string, string, Shown, string]>([
    [
      'a crash',
      'kernel: app[7]: segfault at 0 ip 0 sp 0 error 4',
      { message: closed, peer: '192.0.2.8:80' },
      'crash_mid_response',
    ],
    [
      'a kill for memory',
      'Out of memory: Killed process 7 (node)',
      { message: closed, peer: '192.0.2.8:80' },
      'out_of_memory',
    ],
    [
      'a header too big',
      'invalid request block size: 5292 (max 4096)...skip',
      { message: reset, peer: 'unix:/u.sock:', scheme: 'uwsgi' },
      'header_too_big',
    ],
    [
      'busy workers',
      'WARNING: [pool www] server reached pm.max_children setting (5)',
      {
        message: 'upstream timed out (110: Connection timed out) while reading response header from upstream',
        peer: '127.0.0.1:9000',
        scheme: 'fastcgi',
      },
      'worker_exhaustion',
    ],
    [
      'a stopped worker',
      '[CRITICAL] WORKER TIMEOUT (pid:31)',
      { message: closed, peer: '192.0.2.8:80' },
      'timeout_too_short',
    ],
  ])('%s', (_, other, shown, mechanism) => {
    const { mechanism: said, confidence } = verdict(other, line(shown));
    expect(said).toBe(mechanism);
    expect(confidence).toBeGreaterThan(
      verdict(line(shown)).mechanism === mechanism ? verdict(line(shown)).confidence : 0.5,
    );
  });
});

/** A line of cloudflared as it writes it. */
function connectorLine(words: string, service = 'http://app:8080'): string {
  return `2026-11-23T06:58:59Z ERR  error="Unable to reach the origin service. The service may be down or it may not be responding to traffic from cloudflared: ${words}" cfRay=8474b12029a26354-ORD event=1 ingressRule=1 originService=${service}`;
}

/** A line of a load balancer. */
function balancerLine(target: string, times: string, statuses: string, took: string, reason = '-'): string {
  return `https 2026-03-12T10:15:${took}Z app/shop/50dc6c495c0c9188 198.51.100.1:41000 ${target} ${times} ${statuses} 300 559 "GET https://shop.example:443/cart HTTP/1.1" "curl/8.5.0" ECDHE TLSv1.2 arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/73e2d6bc24d8a067 "Root=1-65f02d03-0123456789abcdef01234567" "shop.example" "-" 0 2026-03-12T10:15:00.000000Z "forward" "-" "${reason}" "${target}" "-" "-" "-"`;
}

describe('of other hops, by itself', () => {
  test.each<[string, string, string]>([
    ['EOF over https is a handshake', connectorLine('EOF', 'https://app:443'), 'tls_handshake'],
    ['EOF over http is none', connectorLine('EOF'), 'keepalive_mismatch'],
    [
      'a connector that dials in vain',
      connectorLine('dial tcp 192.0.2.8:80: i/o timeout'),
      'connect_timeout',
    ],
    [
      'localhost of a connector',
      connectorLine('dial tcp 127.0.0.1:80: connect: connection refused', 'http://localhost:80'),
      'wrong_address',
    ],
    [
      'a target that closes at once',
      balancerLine('192.0.2.8:80', '0.000 0.001 -1', '502 -', '00.002000'),
      'keepalive_mismatch',
    ],
    [
      'a target that is not reached at once',
      balancerLine('192.0.2.8:80', '-1 -1 -1', '502 -', '00.001000'),
      'process_down',
    ],
    [
      'a target that is not reached in 10 s',
      balancerLine('192.0.2.8:80', '-1 -1 -1', '504 -', '10.002000'),
      'connect_timeout',
    ],
    [
      'a function',
      balancerLine('-', '-1 -1 -1', '502 -', '00.003000', 'LambdaInvalidResponse'),
      'function_error',
    ],
    ['a metric of a load balancer', 'HTTPCode_ELB_502_Count', 'keepalive_mismatch'],
    ['a status of a load balancer', 'some 502 from the ALB, the app logs nothing', 'keepalive_mismatch'],
    ['a status that only a load balancer has', 'HTTP 464', 'protocol_mismatch'],
    ['a reason of a load balancer', '502 with error_reason LambdaInvalidResponse', 'function_error'],
    [
      'fields by their names',
      'elb_status_code 502, target_status_code -, request_processing_time 0.0, target_processing_time 0.001',
      'keepalive_mismatch',
    ],
    ['520', '520', 'header_too_big'],
    ['522', 'error 522', 'connect_timeout'],
    ['524', 'Cloudflare 524', 'timeout_too_short'],
    ['526', '526 Insecure upstream', 'certificate_invalid'],
    ['530 with its number', '530/1033', 'tunnel_down'],
    ['a number of four digits', 'Error 1016 Origin DNS error', 'name_not_found'],
  ])('%s', (_, text, mechanism) => {
    expect(verdict(text).mechanism).toBe(mechanism);
  });

  test.each([
    ['502 of a load balancer', 'ALB 502'],
    ['504 of a load balancer', 'ALB 504'],
    ['503 of a load balancer', 'ALB 503'],
    ['520', '520'],
    ['521', '521'],
    ['524', '524'],
    ['530', '530'],
    ['a broken answer over https', connectorLine('EOF', 'https://app:443')],
    ['a connection that times out', connectorLine('dial tcp 192.0.2.8:80: i/o timeout')],
  ])('%s is never told for sure', (_, text) => {
    expect(verdict(text).confidence).toBeLessThan(0.9);
  });

  test.each([
    ['HTTPCode_ELB_5XX_Count > 0 while HTTPCode_Target_5XX_Count = 0', 'alb'],
    ['HTTPCode_ELB_5XX_Count = 0, HTTPCode_Target_5XX_Count = 12', 'app'],
    ['523', 'cloudflare'],
    ['a 503 of haproxy', 'other'],
    ['elb_status_code: 502 | target_status_code: 502', 'other'],
  ])('%s is told to be of %s', (text, hop) => {
    expect(verdict(text).hop).toBe(hop);
  });

  test('a page that was pasted is read as one', () => {
    const [only] = explain({ text: 'no healthy upstream' }).failures;
    expect(only?.verdict.hop).toBe('other');
    expect(explain({ text: 'no healthy upstream' }).page?.maker?.product).toBe('envoy');
  });
});
