import type { Product } from '@why502/model';
import type { LookName } from './looks.ts';

/** A product by its name, what a page of its own means where the page says no more, and what to look at there. */
export interface ProductWords {
  readonly name: string;
  readonly means: string;
  readonly looks: readonly LookName[];
}

const asNginx =
  'It is built from nginx, and fails as nginx does: it asked a peer and got no valid answer, or waited too long for one. Which of these, stands in its error log.';

/** What each product's own page means; sources stand beside the marks it is known by (formats/src/pages). */
export const productWords: Readonly<Record<Product, ProductWords>> = {
  nginx: {
    name: 'nginx',
    means:
      'nginx made this page itself: it asked a peer and got no valid answer, or waited too long for one. Which of these, stands in its error log.',
    looks: ['errorLog', 'service', 'direct'],
  },
  openresty: { name: 'OpenResty', means: asNginx, looks: ['errorLog', 'service', 'direct'] },
  angie: { name: 'Angie', means: asNginx, looks: ['errorLog', 'service', 'direct'] },
  tengine: { name: 'Tengine', means: asNginx, looks: ['errorLog', 'service', 'direct'] },
  alb: {
    name: 'the AWS load balancer',
    means:
      'The load balancer made this answer itself: no target gave it one that it could pass on. Its access log tells how far the target came.',
    looks: ['albLog', 'targetHealth', 'idleTimeouts'],
  },
  api_gateway: {
    name: 'AWS API Gateway',
    means:
      'API Gateway made this answer itself. 502 mostly means that the function behind it gave an answer of another form than is asked for, 504 that 29 or 30 seconds went by, 503 that it could not be reached.',
    looks: ['functionLog'],
  },
  cloudflare: {
    name: 'Cloudflare',
    means: "The page is Cloudflare's.",
    looks: ['edgeLog', 'originDirect'],
  },
  cloudflared: {
    name: 'cloudflared',
    means:
      'The tunnel is up, and cloudflared could not reach the service behind it. Its own log says why: refused, unknown name, a certificate, or plain HTTP where TLS was expected.',
    looks: ['tunnelLog', 'service'],
  },
  google: {
    name: 'the front end of Google Cloud',
    means:
      'The load balancer or App Engine made this answer. Of 502 the reason stands in its log as statusDetails: failed_to_pick_backend, backend_connection_closed_before_data_sent_to_client, backend_timeout.',
    looks: ['googleLog', 'service'],
  },
  cloudfront: {
    name: 'CloudFront',
    means:
      "CloudFront made this page: it could not reach the origin, or got no answer in time. An answer of the origin that is an error has the origin's own page.",
    looks: ['originDirect', 'tls'],
  },
  akamai: {
    name: 'Akamai',
    means:
      'The edge made this page. The reference on it can be looked up at errors.edgesuite.net by those who have an account; its first number says how far the request came.',
    looks: ['originDirect'],
  },
  fastly: {
    name: 'Fastly',
    means:
      'The edge made this page, as it got no answer from the origin that it could pass on. The words of the status say why.',
    looks: ['originDirect', 'tls'],
  },
  azure_gateway: {
    name: 'Azure Application Gateway',
    means:
      'The gateway made this page: no server of the pool is healthy, none answered within the timeout of its setting, or TLS to them failed. Backend health in the portal says which.',
    looks: ['azureHealth', 'service'],
  },
  azure_front_door: {
    name: 'Azure Front Door',
    means:
      'The edge made this page: the origin did not answer, was not healthy, or its certificate does not fit. The log says it as errorInfo.',
    looks: ['originDirect', 'tls'],
  },
  iis: {
    name: 'IIS',
    means:
      'IIS made this page as a gateway, as does the first generation of Azure Application Gateway. In its log the sub-status tells 502.3, the connection failed, from 502.4, no server was there to be asked.',
    looks: ['iisLog', 'service'],
  },
  apache: {
    name: 'Apache httpd',
    means:
      'Apache made this page as a proxy. It says 502 of an answer that broke off, 503 where no server could be reached, 504 where none came in time. Its error log says more.',
    looks: ['apacheLog', 'service'],
  },
  haproxy: {
    name: 'HAProxy',
    means:
      'HAProxy made this page: 502 for an answer that broke off or was not valid, 503 where no server could be reached, 504 where none came in time. The two letters of the termination state in its log say at what point.',
    looks: ['haproxyLog', 'service'],
  },
  envoy: {
    name: 'Envoy (or Istio, which runs it)',
    means:
      'Envoy made this answer. Its words behind "reset reason" tell how far it came; the flags in its access log tell the same: UF could not connect, UC connection broken, UH no healthy host, UT timed out, UO too many at once.',
    looks: ['envoyLog', 'service'],
  },
  varnish: {
    name: 'Varnish',
    means:
      'Varnish made this page, since fetching from its backend failed. By the XID on the page its log says why (FetchError).',
    looks: ['varnishLog', 'service'],
  },
  squid: {
    name: 'Squid',
    means: 'Squid made this page. X-Squid-Error holds the name of the error and the number behind it.',
    looks: ['reach'],
  },
  caddy: {
    name: 'Caddy',
    means:
      'Caddy answers its own errors without a body: 502 where the upstream could not be reached or broke off, 503 where none was available, 504 where it took too long. Its log says which.',
    looks: ['service', 'reach'],
  },
  traefik: {
    name: 'Traefik',
    means:
      'Traefik answers its own errors with the words of the status: 502 where the connection failed or broke, 504 where it timed out, 503 where the service has no server, 500 for other errors.',
    looks: ['service', 'reach'],
  },
  kong: {
    name: 'Kong',
    means: `Kong made this answer. ${asNginx}`,
    looks: ['service', 'reach'],
  },
  litespeed: {
    name: 'LiteSpeed',
    means: 'LiteSpeed made this page. 503 mostly means that its PHP (lsphp) ran out of processes or stopped.',
    looks: ['service', 'workers'],
  },
  heroku: {
    name: 'the router of Heroku',
    means:
      'The router made this page. Its log has a code for the reason: H10 crashed, H12 timed out after 30 s, H13 closed without an answer, H18 or H27 broken off.',
    looks: ['herokuLog'],
  },
  vercel: {
    name: 'Vercel',
    means: 'Vercel made this page. X-Vercel-Error, or the code on the page, says why.',
    looks: ['functionLog'],
  },
  node: {
    name: 'a proxy written in Node.js',
    means: 'A proxy inside an application made this answer: the word of Node.js behind it says what failed.',
    looks: ['listening', 'service'],
  },
  application: {
    name: 'the application',
    means:
      'The page is one that an application makes when it fails by itself. Proxies before it only passed it on: look into the log of the application.',
    looks: ['service'],
  },
};
