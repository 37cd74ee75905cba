import { type Product, products } from '@why502/model';
import { describe, expect, test } from 'vitest';
import { readPage } from '../src/index.ts';

const read = (text: string) => readPage(Buffer.from(text));

/** The page of nginx, and of all that took it over. */
const asNginx = (status: string, foot?: string) =>
  `<html>\r\n<head><title>${status}</title></head>\r\n<body>\r\n<center><h1>${status}</h1></center>\r\n${foot === undefined ? '' : `<hr><center>${foot}</center>\r\n`}</body>\r\n</html>\r\n`;

const answer = (head: string, body = '') => `${head.replaceAll('\n', '\r\n')}\r\n\r\n${body}`;

/** Each product by a page or headers of its own. */
const pages: readonly (readonly [Product, string, number | undefined])[] = [
  ['nginx', asNginx('502 Bad Gateway', 'nginx/1.26.2 (Ubuntu)'), 502],
  ['nginx', '502 Bad Gateway\n\nnginx', 502],
  ['openresty', asNginx('502 Bad Gateway', 'openresty/1.27.1.1'), 502],
  ['angie', asNginx('504 Gateway Time-out', 'Angie/1.8.1'), 504],
  ['tengine', asNginx('502 Bad Gateway', 'tengine'), 502],
  ['alb', asNginx('502 Bad Gateway'), 502],
  [
    'alb',
    answer(
      'HTTP/1.1 503 Service Temporarily Unavailable\nServer: awselb/2.0',
      asNginx('503 Service Temporarily Unavailable'),
    ),
    503,
  ],
  ['alb', answer('HTTP/2 504\nserver: awselb/2.0\ncontent-length: 0'), 504],
  [
    'api_gateway',
    answer(
      'HTTP/2 504\nx-amzn-errortype: InternalServerErrorException\nx-amz-apigw-id: AbC=',
      '{"message": "Endpoint request timed out"}',
    ),
    504,
  ],
  [
    'cloudflare',
    answer('HTTP/2 530\nserver: cloudflare\ncf-error-type: 1016\ncf-error-origin: dns', 'custom words'),
    530,
  ],
  ['cloudflare', 'error code: 521', 521],
  ['cloudflare', asNginx('502 Bad Gateway', 'cloudflare'), 502],
  [
    'cloudflare',
    '<html><head><title>shop.example | 522: Connection timed out</title></head><body><div id="cf-wrapper"><div id="cf-error-details"><h1>Connection timed out</h1><span>Error code 522</span></div><div>Cloudflare Ray ID: <strong>84a1b2c3d4e5f607</strong> Performance &amp; security by Cloudflare</div></div></body></html>',
    522,
  ],
  [
    'cloudflare',
    '{"type":"https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/error-522/","title":"Error 522: Connection timed out","status":522,"cloudflare_error":true,"error_code":522,"ray_id":"84a1b2c3d4e5f607"}',
    522,
  ],
  [
    'cloudflared',
    answer('HTTP/2 502\nserver: cloudflare\ncf-cloudflared-response-meta: {"src":"cloudflared"}'),
    502,
  ],
  [
    'cloudflared',
    'Unable to reach the origin service. The service may be down or it may not be responding to traffic from cloudflared: dial tcp 127.0.0.1:80: connect: connection refused',
    undefined,
  ],
  [
    'google',
    '<html><head><title>502 Server Error</title></head><body text=#000000><h1>Error: Server Error</h1><h2>The server encountered a temporary error and could not complete your request.<p>Please try again in 30 seconds.</h2></body></html>',
    502,
  ],
  [
    'google',
    '<html><head><title>500 Server Error</title></head><body><h1>Error: Server Error</h1><h2>The server encountered an error and could not complete your request.</h2></body></html>',
    500,
  ],
  [
    'apache',
    '<html><head><title>502 Proxy Error</title></head><body><h1>Proxy Error</h1><p>The proxy server received an invalid\r\nresponse from an upstream server.<br />\r\nThe proxy server could not handle the request<p>Reason: <strong>Error reading from remote server</strong></p></p></body></html>',
    502,
  ],
  [
    'apache',
    '<html><head><title>503 Service Unavailable</title></head><body><h1>Service Unavailable</h1><p>The server is temporarily unable to service your\nrequest due to maintenance downtime or capacity\nproblems. Please try again later.</p></body></html>',
    503,
  ],
  [
    'haproxy',
    '<html><body><h1>502 Bad Gateway</h1>\nThe server returned an invalid or incomplete response.\n</body></html>\n',
    502,
  ],
  [
    'haproxy',
    "<html><body><h1>504 Gateway Time-out</h1>\nThe server didn't respond in time.\n</body></html>\n",
    504,
  ],
  [
    'haproxy',
    answer(
      'HTTP/1.0 503 Service Unavailable\ncache-control: no-cache\ncontent-type: text/html',
      '<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>',
    ),
    503,
  ],
  [
    'envoy',
    answer(
      'HTTP/1.1 503 Service Unavailable\nserver: istio-envoy',
      'upstream connect error or disconnect/reset before headers. reset reason: connection termination',
    ),
    503,
  ],
  ['envoy', 'no healthy upstream', undefined],
  ['envoy', 'upstream request timeout', undefined],
  [
    'varnish',
    '<html><head><title>503 Backend fetch failed</title></head><body><h1>Error 503 Backend fetch failed</h1><p>Backend fetch failed</p><h3>Guru Meditation:</h3><p>XID: 163844</p><hr><p>Varnish cache server</p></body></html>',
    503,
  ],
  [
    'fastly',
    '<html><head><title>503 first byte timeout</title></head><body><h1>Error 503 first byte timeout</h1><p>first byte timeout</p><h3>Error 54113</h3><p>Details: cache-fra-eddf8230020-FRA 1731661200 1234</p><hr><p>Varnish cache server</p></body></html>',
    503,
  ],
  [
    'cloudfront',
    "<HTML><HEAD><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD><BODY><H1>502 ERROR</H1><H2>The request could not be satisfied.</H2>CloudFront wasn't able to resolve the origin domain name.<PRE>Generated by cloudfront (CloudFront)\nRequest ID: x==</PRE></BODY></HTML>",
    502,
  ],
  [
    'akamai',
    '<HTML><HEAD><TITLE>Error</TITLE></HEAD><BODY>\nAn error occurred while processing your request.<p>\nReference&#32;&#35;6&#46;8c346d68&#46;1491884491&#46;2960089\n</BODY></HTML>',
    undefined,
  ],
  [
    'iis',
    '<html><head><title>502 - Web server received an invalid response while acting as a gateway or proxy server.</title></head><body><div id="header"><h1>Server Error</h1></div></body></html>',
    502,
  ],
  ['azure_gateway', asNginx('502 Bad Gateway', 'Microsoft-Azure-Application-Gateway/v2'), 502],
  [
    'azure_front_door',
    answer('HTTP/2 504\nx-azure-ref: 0abc', "<html><h2>Our services aren't available right now</h2></html>"),
    504,
  ],
  ['caddy', answer('HTTP/1.1 502 Bad Gateway\nServer: Caddy\nContent-Length: 0'), 502],
  ['traefik', answer('HTTP/1.1 502 Bad Gateway\nContent-Length: 11', 'Bad Gateway'), 502],
  [
    'squid',
    answer(
      'HTTP/1.1 503 Service Unavailable\nServer: squid/6.6\nX-Squid-Error: ERR_CONNECT_FAIL 111',
      '<html>x</html>',
    ),
    503,
  ],
  ['kong', '{"message":"An invalid response was received from the upstream server"}', undefined],
  [
    'litespeed',
    '<html><title>503 Service Unavailable</title><body><h1>503</h1><p>Proudly powered by LiteSpeed Web Server</p></body></html>',
    503,
  ],
  [
    'heroku',
    '<html><head><title>Application Error</title></head><body><iframe src="https://www.herokucdn.com/error-pages/application-error.html"></iframe></body></html>',
    undefined,
  ],
  [
    'vercel',
    answer(
      'HTTP/2 504\nserver: Vercel\nx-vercel-error: FUNCTION_INVOCATION_TIMEOUT',
      'An error occurred with your deployment',
    ),
    504,
  ],
  ['node', 'Error occurred while trying to proxy: shop.example/api', undefined],
  [
    'application',
    '<html><body><h1>Whitelabel Error Page</h1><p>There was an unexpected error (type=Internal Server Error, status=500).</p></body></html>',
    500,
  ],
];

describe('a page names its maker', () => {
  test.each(pages)('%s: %s', (product, text, status) => {
    const { maker, status: told } = read(text);
    expect(maker?.product).toBe(product);
    expect(told).toBe(status);
    expect(maker?.marks).not.toEqual([]);
  });

  test('and every product has one', () => {
    expect(products.filter((one) => !pages.some(([product]) => product === one))).toEqual([]);
  });
});

describe('what a page leaves open', () => {
  test('a page of its own names nobody', () => {
    const { maker, carriers } = read(
      answer('HTTP/1.1 502 Bad Gateway\nServer: nginx', '<html><h1>We will be back</h1></html>'),
    );
    expect(maker).toBeUndefined();
    expect(carriers).toEqual(['nginx']);
  });

  test('a page that was passed on names the innermost', () => {
    const { maker, carriers } = read(
      answer(
        'HTTP/2 502\nserver: cloudflare\ncf-ray: 84a1b2c3d4e5f607-FRA',
        asNginx('502 Bad Gateway', 'nginx'),
      ),
    );
    expect(maker?.product).toBe('nginx');
    expect(carriers).toEqual(['cloudflare']);
  });

  test("Cloudflare's branded page without cf-error-type stands for the origin, with it for itself", () => {
    const page =
      '<div id="cf-wrapper"><h1>Bad gateway</h1><span>Error code 502</span><div id="cf-error-details"></div></div>';
    const head = 'HTTP/2 502\nserver: cloudflare\ncf-ray: 84a1b2c3d4e5f607-FRA';
    expect(read(answer(head, page)).maker?.failedItself).toBe(false);
    expect(read(answer(`${head}\ncf-error-origin: edge`, page)).maker?.failedItself).toBe(true);
    expect(read(answer(head, 'error code: 502')).maker?.failedItself).toBeUndefined();
  });

  test('a name in a header alone is little', () => {
    const { maker } = read('HTTP/1.1 502 Bad Gateway\nServer: nginx/1.26.2\n');
    expect(maker?.product).toBe('nginx');
    expect(maker?.sureness).toBeLessThanOrEqual(0.5);
  });
});

describe('what a page says', () => {
  test.each([
    [
      'upstream connect error or disconnect/reset before headers. reset reason: remote connection failure, transport failure reason: delayed connect error: 111',
      'connect_refused',
    ],
    [
      'upstream connect error or disconnect/reset before headers. reset reason: connection failure',
      undefined,
    ],
    [
      'upstream connect error or disconnect/reset before headers. retried and the latest reset reason: overflow',
      'requests_queued',
    ],
    ['error code: 1033', 'tunnel_down'],
    ['Error 1101 Ray ID: 84a1b2c3d4e5f607 Worker threw exception, Cloudflare', 'function_failed'],
    [
      '<h1>502 Proxy Error</h1>The proxy server could not handle the request. Reason: DNS lookup failure for: app',
      'name_not_found',
    ],
    [
      'Unable to reach the origin service. … from cloudflared: dial tcp 127.0.0.1:80: connect: connection refused',
      'connect_refused',
    ],
  ])('%s', (text, symptom) => {
    expect(read(text).said?.symptom).toBe(symptom);
  });

  test('cf-error-type counts more than the page', () => {
    const { said } = read(answer('HTTP/2 530\nserver: cloudflare\ncf-error-type: 1033', 'error code: 1016'));
    expect(said).toEqual({ symptom: 'tunnel_down', code: '1033' });
  });
});

describe('the ways in which people save an answer', () => {
  const body = asNginx('502 Bad Gateway', 'nginx');
  test.each([
    [
      'curl -v',
      `*   Trying 192.0.2.1:443...\n* Connected\n> GET / HTTP/2\n> host: shop.example\n> \n< HTTP/2 502 \n< server: cloudflare\n< cf-ray: 84a1b2c3d4e5f607-FRA\n< \n${body}* Connection #0 left intact\n`,
    ],
    [
      'curl -iL',
      answer(
        'HTTP/1.1 301 Moved Permanently\nServer: nginx\nLocation: https://shop.example/',
        asNginx('301 Moved Permanently', 'nginx'),
      ) + answer('HTTP/2 502\nserver: cloudflare\ncf-ray: 84a1b2c3d4e5f607-FRA', body),
    ],
    ['wget -S', `  HTTP/1.1 502 Bad Gateway\n  Server: cloudflare\n  CF-RAY: 84a1b2c3d4e5f607-FRA\n`],
    [
      'the tools of a browser',
      'General\nRequest URL:\nhttps://shop.example/\nRequest Method:\nGET\nStatus Code:\n502 Bad Gateway\nRemote Address:\n192.0.2.1:443\nResponse Headers\nserver:\ncloudflare\ncf-ray:\n84a1b2c3d4e5f607-FRA\n',
    ],
    ['headers of HTTP/2', ':status: 502\nserver: cloudflare\ncf-ray: 84a1b2c3d4e5f607-FRA\n'],
  ])('%s', (_, text) => {
    const { status, ids, carriers } = read(text);
    expect(status).toBe(502);
    expect(ids).toEqual([{ kind: 'ray', value: '84a1b2c3d4e5f607' }]);
    expect(carriers).toContain('cloudflare');
  });

  test('as UTF-16, with a mark of byte order', () => {
    expect(readPage(Buffer.from(`\ufeff${body}`, 'utf16le')).maker?.product).toBe('nginx');
    expect(read(`\ufeff${body}`).maker?.product).toBe('nginx');
  });
});

describe('a page that means ill', () => {
  test.each([
    ['tags that never close', '<'.repeat(2_000_000)],
    ['fields without end', 'x: y\n'.repeat(400_000)],
    ['status lines', 'HTTP/1.1 502\n'.repeat(150_000)],
    ['titles', '<title>5'.repeat(300_000)],
    ['scripts', '<script>'.repeat(300_000)],
    ['white space', ' '.repeat(2_000_000)],
    ['a value', `HTTP/1.1 502 x\nserver: ${'a'.repeat(2_000_000)}`],
    ['no text', '\0\u0001\ufffd'.repeat(10_000)],
  ])('%s takes no time', (_, text) => {
    const from = performance.now();
    read(text);
    expect(performance.now() - from).toBeLessThan(2_000);
  });

  test('nothing of a value that looks like a secret is shown', () => {
    const { maker } = read(
      'HTTP/1.1 502 Bad Gateway\nServer: nginx eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdefghijklmnop\n',
    );
    expect(JSON.stringify(maker)).not.toContain('eyJ');
  });
});
