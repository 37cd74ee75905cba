// Speed of `scan` alone: `npm run build && node packages/formats/test/scan.bench.mjs [million lines]`. MB/s of user CPU.

import { createNames, recognise } from '@why502/formats';
import { columns } from '@why502/model';

const agents = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15',
  'curl/8.5.0',
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
];
const paths = [
  '/',
  '/products',
  '/products/184',
  '/api/v1/cart',
  '/search?q=lamp&page=3',
  '/static/app.5f3a.js',
];
let seed = 1;
function number(below) {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  return (seed >> 8) % below;
}
const pick = (list) => list[number(list.length)];

function line(index) {
  const at = new Date(Date.UTC(2026, 10, 23, 6, 0, 0) + Math.floor(index / 300) * 1000);
  const clock = at.toISOString().slice(11, 19);
  const failed = index % 200 === 0;
  const rt = (number(300) / 1000).toFixed(3);
  const peer = `10.20.0.${11 + number(8)}:3000`;
  return {
    client: `198.51.100.${number(250)}`,
    clock,
    request: `${pick(['GET', 'GET', 'GET', 'POST'])} ${pick(paths)} HTTP/1.1`,
    status: failed ? 502 : 200,
    bytes: number(30000),
    agent: pick(agents),
    rt,
    peer,
    host: pick(['shop.example.com', 'shop.example.com', 'www.example.com']),
    rid: `${(index * 2654435761) % 4294967296}`.padStart(32, '0'),
  };
}

const text = (l) =>
  `${l.client} - - [23/Nov/2026:${l.clock} +0000] "${l.request}" ${l.status} ${l.bytes} "https://shop.example.com/products" "${l.agent}" rt=${l.rt} uct="0.000" uht="${l.rt}" urt="${l.rt}" ua="${l.peer}" us="${l.status}" host="${l.host}" rid=${l.rid}\n`;
const json = (l) =>
  `{"time":"2026-11-23T${l.clock}+00:00","remote_addr":"${l.client}","request":"${l.request}","status":${l.status},"body_bytes_sent":${l.bytes},"referer":"https://shop.example.com/products","user_agent":"${l.agent}","host":"${l.host}","request_id":"${l.rid}","request_time":${l.rt},"upstream_addr":"${l.peer}","upstream_status":"${l.status}","upstream_connect_time":"0.000","upstream_header_time":"${l.rt}","upstream_response_time":"${l.rt}"}\n`;

/** As much as a source reads at once, so that the bytes are as near to the processor as they are in use. */
const chunkSize = 256 * 1024;
const millions = Number(process.argv[2] ?? 2);
for (const [name, write] of [
  ['text', text],
  ['json', json],
]) {
  const lines = Array.from({ length: 2_000 }, (_, index) => write(line(index)));
  const whole = Buffer.from(lines.join(''));
  const bytes = whole.subarray(0, whole.lastIndexOf(10, chunkSize) + 1);
  const format = recognise(bytes).format;
  const rows = columns(16 * 1024);
  const decoder = format.decoder('bench', createNames());
  const pass = () => {
    rows.count = 0;
    decoder.scan(bytes, 0, bytes.length, true, rows);
  };
  for (let i = 0; i < 50; i++) pass();
  const passes = Math.ceil((millions * 1e6) / rows.count);
  const before = process.cpuUsage();
  for (let i = 0; i < passes; i++) pass();
  const { user } = process.cpuUsage(before);
  const perLine = (user * 1000) / (passes * rows.count);
  const speed = (bytes.length * passes) / user;
  const width = (bytes.length / rows.count).toFixed(0);
  console.log(`${name}: ${speed.toFixed(0)} MB/s, ${perLine.toFixed(0)} ns a line of ${width} bytes`);
}
