// Made-up traffic of a shop behind nginx, the same bytes in every run: requests in order of time, most failures in
// seven bursts of one fault each, the rest scattered. Skewed as in life: few clients, pages and agents make most of it.

import { randomNumbers } from '../random.mjs';
import { layouts } from './layouts.mjs';

const started = Date.UTC(2026, 10, 23, 6);
const linesPerChunk = 200;

/** The faults of the bursts, in order; `afterMs` is how long the request took. */
const faults = [
  {
    words: 'connect() failed (111: Connection refused) while connecting to upstream',
    status: 502,
    afterMs: 1,
    connected: false,
  },
  {
    words: 'upstream prematurely closed connection while reading response header from upstream',
    status: 502,
    afterMs: 40,
    connected: true,
  },
  {
    words: 'upstream timed out (110: Connection timed out) while connecting to upstream',
    status: 504,
    afterMs: 5_001,
    connected: false,
  },
  {
    words: 'upstream sent too big header while reading response header from upstream',
    status: 502,
    afterMs: 23,
    connected: true,
  },
  {
    words: 'recv() failed (104: Connection reset by peer) while reading response header from upstream',
    status: 502,
    afterMs: 2,
    connected: true,
  },
  {
    words: 'connect() failed (113: No route to host) while connecting to upstream',
    status: 502,
    afterMs: 3_060,
    connected: false,
  },
  {
    words: 'upstream sent no valid HTTP/1.0 header while reading response header from upstream',
    status: 502,
    afterMs: 8,
    connected: true,
  },
];
/** Of the whole time, when failures are rare enough for bursts. */
const burstShare = 0.04;
/** Of the failures, in the bursts. */
const inBursts = 0.8;
/** With more, requests of the bursts would not do. */
const mostInBursts = burstShare / inBursts;

const pages = [
  '/',
  '/products',
  '/products/{}',
  '/search?q=lamp&page={}',
  '/api/v1/cart/{}',
  '/api/v1/orders/{}',
  '/account/orders?after={}',
  '/api/v1/users/{}/addresses',
  '/static/js/app.{}.js',
  '/static/css/site.css',
  '/checkout/payment?step={}',
  '/api/v1/search?q=chair&size={}',
  '/blog/how-to-choose-a-lamp-for-a-small-room',
  '/api/v2/recommendations?user={}&limit=20',
  '/health',
  '/img/products/{}/large.webp',
];
const services = [
  'shop',
  'shop',
  'catalog',
  'search',
  'cart',
  'orders',
  'orders',
  'users',
  'static',
  'static',
  'payment',
  'search',
  'blog',
  'catalog',
  'shop',
  'static',
];
const serviceNames = [...new Set(services)];
/** The first of each is the one that bursts break. */
const peers = Object.fromEntries(
  serviceNames.map((name, n) => [name, [11, 12, 13].map((last) => `10.20.${n}.${last}:8080`)]),
);
const hosts = ['shop.example.com', 'api.example.com', 'www.example.org'];
const agents = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.2592.68',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15',
  'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0',
  'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; +http://www.google.com/bot.html) Chrome/126.0.6478.126 Safari/537.36',
  'python-requests/2.32.3',
  'curl/8.8.0',
];
const referrers = [
  '-',
  'https://shop.example.com/',
  'https://shop.example.com/search?q=lamp',
  'https://www.example.org/blog/how-to-choose-a-lamp',
];

const clients = Array.from(
  { length: 20_000 },
  (_, n) => `198.${18 + (n & 1)}.${(n >> 9) & 255}.${(n >> 1) & 255}`,
);
const hex = Array.from({ length: 65_536 }, (_, n) => n.toString(16).padStart(4, '0'));
/** Milliseconds as nginx writes them: seconds with three decimals. */
const seconds = Array.from({ length: 8_000 }, (_, ms) => (ms / 1_000).toFixed(3));

/**
 * @param {{ lines: number, hours: number, failing: number, layout?: string }} options `failing`: share of requests with a
 *   status of 5xx; `layout`: of the access log, one of `layouts.mjs`
 * @returns {Generator<{ access: string, error: string }>} whole lines of both logs, in order
 */
export function* traffic({ lines, hours, failing, layout = 'nginx' }) {
  const lineOf = layouts[layout];
  const random = randomNumbers(502);
  const span = hours * 3_600_000;
  const bursts = failing <= mostInBursts;
  const failingInBurst = bursts ? (failing * inBursts) / burstShare : failing;
  const failingElsewhere = bursts ? (failing * (1 - inBursts)) / (1 - burstShare) : failing;
  let second = 0;
  let accessTime = '';
  let errorTime = '';
  let access = '';
  let error = '';
  for (let line = 0; line < lines; line++) {
    const part = line / lines;
    const now = started + Math.floor(part * span);
    if (now >= second + 1_000) {
      second = now - (now % 1_000);
      accessTime = timeLocal(second);
      errorTime = new Date(second).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ');
    }
    const seventh = Math.floor(part * faults.length);
    const within = part * faults.length - seventh;
    const inBurst = within > 0.5 && within <= 0.5 + burstShare;
    const brokenService = serviceNames[seventh % serviceNames.length];
    const brokenPeer = inBurst || !bursts ? peers[brokenService][0] : '';

    const client = clients[Math.floor(clients.length * random() ** 3)];
    const page = Math.floor(pages.length * random() ** 2);
    const number = Math.floor(100_000 * random() ** 2);
    const host = hosts[Math.floor(hosts.length * random() ** 3)];
    const fails = random() < (inBurst ? failingInBurst : failingElsewhere);
    const scattered = fails && brokenPeer === '';
    const service = fails && !scattered ? brokenService : services[page];
    const target = pages[fails && !scattered ? services.indexOf(service) : page].replace('{}', number);
    const method = page % 7 === 4 || scattered ? 'POST' : 'GET';
    const picked = peers[service][Math.floor(3 * random())];
    const healthy = picked === brokenPeer ? peers[service][1] : picked;

    let status = number % 50 === 0 ? '404' : number % 40 === 1 ? '304' : '200';
    let upstream = healthy;
    let connect = number % 10 === 0 ? '0.001' : '0.000';
    let took = seconds[3 + Math.floor(600 * random() ** 4)];
    let header = took;
    let size = 200 + (number % 40_000);
    if (fails) {
      const fault = scattered ? faults[4] : faults[seventh];
      upstream = scattered ? healthy : brokenPeer;
      status = scattered && number % 4 === 0 ? '500' : `${fault.status}`;
      took = seconds[fault.afterMs + (number % 4)];
      connect = fault.connected ? '0.000' : '-';
      header = status === '500' ? took : '-';
      size = 157;
      if (status !== '500') {
        error += `${errorTime} [error] 1201#1201: *${line} ${fault.words}, client: ${client}, server: ${host}, request: "${method} ${target} HTTP/1.1", upstream: "http://${upstream}${target}", host: "${host}"\n`;
      }
    }
    const agent = agents[Math.floor(agents.length * random() ** 2)];
    const referrer = referrers[Math.floor(referrers.length * random())];
    const id = `${hex[(random() * 65_536) | 0]}${hex[(line >>> 16) & 65_535]}${hex[line & 65_535]}${hex[(random() * 65_536) | 0]}${hex[number & 65_535]}${hex[(random() * 65_536) | 0]}a5c3${hex[(random() * 65_536) | 0]}`;
    access += lineOf({
      client,
      now,
      accessTime,
      line,
      method,
      target,
      status,
      size,
      referrer,
      agent,
      took,
      connect,
      header,
      upstream,
      host,
      service,
      id,
    });
    if ((line + 1) % linesPerChunk === 0 || line + 1 === lines) {
      yield { access, error };
      access = '';
      error = '';
    }
  }
}

function timeLocal(ms) {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(ms).toUTCString());
  return `${day}/${month}/${year}:${time} +0000`;
}
