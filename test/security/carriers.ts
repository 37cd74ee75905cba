import type { Kind } from './secrets.ts';

/** The fields of one failed request that come from outside, each harmless. */
export interface Asked {
  readonly request: string;
  readonly host: string;
  readonly referrer: string;
  readonly userAgent: string;
  readonly user: string;
  readonly requestId: string;
  readonly upstreamUri: string;
  /** Of an error line; the message of nginx. */
  readonly message: string;
}

/** A place in a request or its lines where a secret may stand. */
export interface Carrier {
  readonly name: string;
  /** What may stand there without being masked as a matter of course. */
  readonly kind: Kind;
  place(secret: string): Partial<Asked>;
}

function get(target: string): Partial<Asked> {
  return { request: `GET ${target} HTTP/1.1`, upstreamUri: target };
}

export const carriers: readonly Carrier[] = [
  { name: 'path', kind: 'outside ids', place: (s) => get(`/files/${s}/view`) },
  { name: 'last segment', kind: 'outside ids', place: (s) => get(`/f/${s}`) },
  { name: 'first segment', kind: 'outside ids', place: (s) => get(`/${s}`) },
  { name: 'file name', kind: 'outside ids', place: (s) => get(`/files/${s}.pdf`) },
  { name: 'reset link', kind: 'by place', place: (s) => get(`/account/reset-password/${s}`) },
  { name: 'invitation', kind: 'by place', place: (s) => get(`/invite/${s}/accept`) },
  { name: 'magic link', kind: 'by place', place: (s) => get(`/magic/${s}`) },
  { name: 'query', kind: 'by place', place: (s) => get(`/search?q=${s}`) },
  { name: 'second query value', kind: 'by place', place: (s) => get(`/cb?state=1&code=${s}&x=y`) },
  {
    name: 'harmless query key',
    kind: 'outside ids',
    place: (s) => get(`/list?page=${s}&format=${s}&order=${s}`),
  },
  { name: 'query without key', kind: 'by place', place: (s) => get(`/verify?${s}`) },
  { name: 'query key', kind: 'outside ids', place: (s) => get(`/verify?${s}=1`) },
  { name: 'nested query', kind: 'by place', place: (s) => get(`/go?to=https://a.test/?token=${s}`) },
  { name: 'escaped query', kind: 'outside ids', place: (s) => get(`/go%3Ftoken%3D${s}`) },
  { name: 'path parameter', kind: 'by place', place: (s) => get(`/cart;jsessionid=${s}/pay`) },
  { name: 'fragment', kind: 'by place', place: (s) => get(`/app#access_token=${s}`) },
  {
    name: 'user info',
    kind: 'by place',
    place: (s) => get(`http://me:${s.replaceAll('@', '%40')}@shop.example.com/a`),
  },
  { name: 'referrer', kind: 'by place', place: (s) => ({ referrer: `https://a.test/?t=${s}` }) },
  { name: 'referrer path', kind: 'by place', place: (s) => ({ referrer: `https://a.test/${s}` }) },
  { name: 'user agent', kind: 'by place', place: (s) => ({ userAgent: `curl/8.5.0 ${s}` }) },
  { name: 'user', kind: 'by place', place: (s) => ({ user: s }) },
  { name: 'host', kind: 'outside ids', place: (s) => ({ host: s }) },
  { name: 'label of a host', kind: 'outside ids', place: (s) => ({ host: `${s}.example.com` }) },
  { name: 'user info of a host', kind: 'by place', place: (s) => ({ host: `me:${s}@example.com` }) },
  { name: 'request id', kind: 'anywhere', place: (s) => ({ requestId: s }) },
  { name: 'no request line', kind: 'by place', place: (s) => ({ request: s }) },
  { name: 'unknown method', kind: 'by place', place: (s) => ({ request: `${s} / HTTP/1.1` }) },
  { name: 'upstream', kind: 'by place', place: (s) => ({ upstreamUri: `/internal?key=${s}` }) },
  { name: 'message', kind: 'by place', place: (s) => ({ message: `FastCGI sent in stderr: "token ${s}"` }) },
  {
    name: 'file in the message',
    kind: 'by place',
    place: (s) => ({ message: `open() "/srv/${s}" failed (2: No such file or directory)` }),
  },
];
