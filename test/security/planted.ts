import { randomNumbers } from '../random.mjs';
import { type Asked, carriers } from './carriers.ts';
import { moment } from './moment.ts';
import { type Secret, secrets } from './secrets.ts';

/** Logs whose every request failed and holds one secret. */
export interface Planted {
  readonly secrets: readonly Secret[];
  readonly extended: string;
  readonly combined: string;
  readonly json: string;
  readonly error: string;
}

const harmless: Asked = {
  request: 'GET /orders/17 HTTP/1.1',
  host: 'shop.example.com',
  referrer: '-',
  userAgent: 'curl/8.5.0',
  user: '-',
  requestId: '-',
  upstreamUri: '/orders/17',
  message: 'connect() failed (111: Connection refused) while connecting to upstream',
};

/** Every shape comes into every carrier where it can be known. */
export function planted(count: number, seed: number): Planted {
  const random = randomNumbers(seed);
  const perCarrier = carriers.map(({ kind }) => secrets(kind, Math.ceil(count / carriers.length), random));
  const logs = { extended: '', combined: '', json: '', error: '' };
  const all: Secret[] = [];
  for (let i = 0; i < count; i++) {
    const carrier = carriers[i % carriers.length]!;
    const secret = perCarrier[i % carriers.length]![Math.floor(i / carriers.length)]!;
    all.push({ ...secret, shape: `${secret.shape} as ${carrier.name}` });
    const lines = linesOf({ ...harmless, ...carrier.place(secret.text) }, i);
    for (const log of ['extended', 'combined', 'json', 'error'] as const) logs[log] += `${lines[log]}\n`;
  }
  return { secrets: all, ...logs };
}

/** One failure every 40 ms. */
function linesOf(asked: Asked, i: number) {
  const { request, host, referrer, userAgent, user, requestId, upstreamUri, message } = asked;
  const at = moment(Date.UTC(2026, 10, 23, 7, 0, 0, i * 40));
  const peer = '10.0.0.7:8080';
  const combined = `203.0.113.9 - ${user} [${at.local}] "${request}" 502 157 "${referrer}" "${userAgent}"`;
  return {
    combined,
    extended: `${combined} rt=0.004 uct="-" uht="-" urt="0.004" ua="${peer}" us="502" host="${host}" rid=${requestId} conn=${i + 1}`,
    json: JSON.stringify({
      time: at.iso,
      remote_addr: '203.0.113.9',
      remote_user: user,
      request,
      uri: request.split(' ')[1] ?? '',
      status: 502,
      referer: referrer,
      user_agent: userAgent,
      host,
      request_id: requestId,
      connection: String(i + 1),
      request_time: 0.004,
      upstream_addr: peer,
      upstream_status: '502',
      upstream_response_time: '0.004',
    }),
    error: `${at.error} [error] 77#77: *${i + 1} ${message}, client: 203.0.113.9, server: shop.example.com, request: "${request}", upstream: "http://${peer}${upstreamUri}", host: "${host}"${referrer === '-' ? '' : `, referrer: "${referrer}"`}`,
  };
}
