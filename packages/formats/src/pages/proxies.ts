import type { Fingerprint, Mark } from './fingerprint.ts';

/** `502 bad gateway` as nginx, and all that are made of it, write it into title and heading. */
function nginxFoot(name: string, sure: number): Mark[] {
  return [
    { html: [`<hr><center>${name}`], sure, shown: `the page of nginx with "${name}" at its foot` },
    {
      foot: new RegExp(`^.{0,60}\\b[45]\\d\\d\\b.{0,140} ${name}(?:/[\\d.]{1,12})?(?: \\([a-z]{1,12}\\))?$`),
      sure: sure - 0.05,
      shown: `"${name}" at the foot of the page`,
    },
  ];
}

function server(value: RegExp, shown: string): Mark {
  return { alone: { header: 'server', value }, sure: 0.5, shown };
}

/**
 * Proxies that people run themselves. A field `Server` says who handed the answer on last, which most of them write
 * over what came from behind. So it names the maker, and weakly, only where no page was saved that does.
 */
export const proxies: readonly Fingerprint[] = [
  // nginx src/http/ngx_http_special_response.c; the others are built from it and change the name only.
  {
    product: 'openresty',
    carries: [{ header: 'server', value: /^openresty/ }],
    makes: [...nginxFoot('openresty', 0.97), server(/^openresty/, 'Server: openresty')],
  },
  {
    product: 'angie',
    carries: [{ header: 'server', value: /^angie/ }],
    makes: [...nginxFoot('angie', 0.97), server(/^angie/, 'Server: Angie')],
  },
  {
    product: 'tengine',
    carries: [{ header: 'server', value: /^tengine/ }],
    makes: [
      ...nginxFoot('tengine', 0.97),
      { html: ['powered by tengine'], sure: 0.95, shown: 'Powered by Tengine' },
      server(/^tengine/, 'Server: Tengine'),
    ],
  },
  {
    product: 'nginx',
    carries: [{ header: 'server', value: /^nginx/ }],
    makes: [
      ...nginxFoot('nginx', 0.95),
      // Freenginx and builds with a changed name keep the form of the page.
      { html: ['</h1></center><hr><center>'], sure: 0.55, shown: 'a page in the form that nginx gives it' },
      server(/^nginx/, 'Server: nginx'),
    ],
  },
  {
    // httpd modules/http/http_protocol.c (get_canned_error_string) and modules/proxy/proxy_util.c.
    product: 'apache',
    carries: [{ header: 'server', value: /^apache/ }],
    makes: [
      {
        text: ['the proxy server received an invalid response from an upstream server'],
        sure: 0.97,
        shown: 'The proxy server received an invalid response from an upstream server',
      },
      {
        text: ['the gateway did not receive a timely response from the upstream server'],
        sure: 0.97,
        shown: 'The gateway did not receive a timely response from the upstream server',
      },
      {
        text: ['the proxy server could not handle the request'],
        sure: 0.97,
        shown: 'The proxy server could not handle the request',
      },
      {
        text: ['temporarily unable to service your request due to maintenance downtime or capacity problems'],
        sure: 0.95,
        shown: 'temporarily unable to service your request due to maintenance downtime or capacity problems',
      },
      { html: ['<address>apache'], sure: 0.9, shown: 'the foot of a page of Apache' },
      server(/^apache/, 'Server: Apache'),
    ],
  },
  {
    // HAProxy src/http.c (http_err_msgs): no page names it, and it sends no field Server.
    product: 'haproxy',
    carries: [],
    makes: [
      {
        text: ['the server returned an invalid or incomplete response.'],
        sure: 0.97,
        shown: 'The server returned an invalid or incomplete response.',
      },
      {
        text: ['no server is available to handle this request.'],
        sure: 0.97,
        shown: 'No server is available to handle this request.',
      },
      {
        text: ["the server didn't respond in time."],
        sure: 0.97,
        shown: "The server didn't respond in time.",
      },
      {
        html: ['<html><body><h1>500 internal server error</h1>an internal server error occurred.'],
        sure: 0.9,
        shown: 'An internal server error occurred.',
      },
    ],
  },
  {
    // Envoy source/common/router/router.cc and docs "response code details"; Istio and many clouds run it.
    product: 'envoy',
    carries: [
      { header: 'server', value: /^(?:istio-)?envoy/ },
      { header: 'x-envoy-upstream-service-time' },
      { header: 'x-envoy-decorator-operation' },
    ],
    makes: [
      {
        text: ['upstream connect error or disconnect/reset before headers'],
        sure: 0.98,
        shown: 'upstream connect error or disconnect/reset before headers',
      },
      { whole: /^no healthy upstream$/, sure: 0.97, shown: 'no healthy upstream' },
      { whole: /^upstream request timeout$/, sure: 0.97, shown: 'upstream request timeout' },
      {
        whole: /^(?:stream timeout|response timeout|local rate limited|rbac: access denied)$/,
        sure: 0.85,
        shown: 'an answer in the words of Envoy',
      },
      {
        whole: /^upstream max stream duration reached$/,
        sure: 0.97,
        shown: 'upstream max stream duration reached',
      },
      { header: 'x-envoy-overloaded', sure: 0.9, shown: 'x-envoy-overloaded' },
      {
        empty: { header: 'server', value: /^(?:istio-)?envoy/ },
        sure: 0.8,
        shown: 'Server: envoy, and no body',
      },
      server(/^(?:istio-)?envoy/, 'Server: envoy'),
    ],
  },
  {
    // varnish-cache bin/varnishd/builtin.vcl (vcl_backend_error, vcl_synth): never 502.
    product: 'varnish',
    carries: [{ header: 'x-varnish' }, { header: 'via', value: /varnish/ }],
    makes: [
      { text: ['guru meditation'], sure: 0.95, shown: 'Guru Meditation' },
      { text: ['backend fetch failed'], sure: 0.9, shown: 'Backend fetch failed' },
    ],
  },
  {
    // Squid src/errorpage.cc: X-Squid-Error carries the name of the error and the errno.
    product: 'squid',
    carries: [{ header: 'via', value: /\(squid/ }],
    makes: [
      { header: 'x-squid-error', sure: 0.98, shown: 'X-Squid-Error' },
      { html: ['(squid/'], sure: 0.95, shown: 'the foot of a page of Squid' },
      { foot: /\(squid(?:\/[\w.-]{1,12})?\)$/, sure: 0.95, shown: 'the foot of a page of Squid' },
    ],
  },
  {
    // Caddy modules/caddyhttp/reverseproxy: errors have no body unless handle_errors gives them one.
    product: 'caddy',
    carries: [
      { header: 'server', value: /^caddy/ },
      { header: 'via', value: /\bcaddy\b/ },
    ],
    makes: [
      { empty: { header: 'server', value: /^caddy/ }, sure: 0.9, shown: 'Server: Caddy, and no body' },
      server(/^caddy/, 'Server: Caddy'),
    ],
  },
  {
    // Traefik pkg/proxy/httputil/proxy.go: the words of the status and nothing else, no field Server.
    product: 'traefik',
    carries: [],
    makes: [
      {
        whole: /^(?:bad gateway|gateway timeout|client closed request|no available server)$/,
        sure: 0.8,
        shown: 'the words of the status and nothing else',
      },
      { whole: /^service unavailable$/, sure: 0.6, shown: 'the words of the status and nothing else' },
    ],
  },
  {
    // Kong kong/error_handlers.lua and kong/runloop/handler.lua: JSON unless HTML is asked for.
    product: 'kong',
    carries: [{ header: 'via', value: /\bkong\// }, { header: 'x-kong-upstream-latency' }],
    makes: [
      { header: 'server', value: /^kong\//, sure: 0.9, shown: 'Server: kong' },
      { header: 'x-kong-response-latency', sure: 0.85, shown: 'X-Kong-Response-Latency' },
      {
        text: ['an invalid response was received from the upstream server'],
        sure: 0.95,
        shown: 'An invalid response was received from the upstream server',
      },
      { text: ['the upstream server is timing out'], sure: 0.95, shown: 'The upstream server is timing out' },
      {
        text: ['failure to get a peer from the ring-balancer'],
        sure: 0.97,
        shown: 'failure to get a peer from the ring-balancer',
      },
    ],
  },
  {
    product: 'litespeed',
    carries: [{ header: 'server', value: /^litespeed/ }],
    makes: [
      { text: ['litespeed web server'], sure: 0.9, shown: 'Proudly powered by LiteSpeed Web Server' },
      server(/^litespeed/, 'Server: LiteSpeed'),
    ],
  },
  {
    // IIS with Application Request Routing, and the first generation of Azure Application Gateway, which runs it.
    product: 'iis',
    carries: [
      { header: 'server', value: /^microsoft-iis/ },
      { header: 'x-powered-by', value: /^arr\// },
    ],
    makes: [
      {
        text: ['web server received an invalid response while acting as a gateway or proxy server'],
        sure: 0.97,
        shown: 'Web server received an invalid response while acting as a gateway or proxy server',
      },
      { html: ['http error 502.'], sure: 0.9, shown: 'HTTP Error 502 with a number behind the point' },
      {
        html: ['<h2>service unavailable</h2>', 'http error 503'],
        sure: 0.9,
        shown: 'HTTP Error 503. The service is unavailable.',
      },
      server(/^microsoft-(?:iis|httpapi)/, 'Server: Microsoft-IIS'),
    ],
  },
];
