import { Problem, type Source } from '@why502/model';
import { describe, expect, it } from 'vitest';
import { tellStory } from '../src/index.ts';

const ray = '84a1b2c3d4e5f607';
const trace = (second: number) => `1-65f02d0${second}-0123456789abcdef01234567`;

function edge(second: number, status: number): string {
  return JSON.stringify({
    ClientRequestHost: 'shop.example',
    ClientRequestMethod: 'GET',
    ClientRequestURI: '/cart',
    EdgeStartTimestamp: `2026-03-12T10:15:0${second}Z`,
    EdgeEndTimestamp: `2026-03-12T10:15:0${second}Z`,
    EdgeResponseStatus: status,
    OriginIP: '203.0.113.20',
    OriginResponseStatus: status,
    RayID: second === 3 ? ray : `84a1b2c3d4e5f60${second}`.padEnd(16, '0'),
  });
}

function balancer(second: number, status: number): string {
  const cf = second === 3 ? ray : `84a1b2c3d4e5f6a${second}`;
  return `https 2026-03-12T10:15:0${second}.030000Z app/shop/50dc6c495c0c9188 172.70.0.1:40000 10.0.0.7:80 0.001 0.010 0.000 ${status} ${status} 300 559 "GET https://shop.example:443/cart HTTP/1.1" "curl/8.5.0" ECDHE TLSv1.2 arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/73e2d6bc24d8a067 "Root=${trace(second)};CFRay=${cf}" "shop.example" "-" 0 2026-03-12T10:15:0${second}.018000Z "forward" "-" "-" "10.0.0.7:80" "${status}" "-" "-"`;
}

function proxy(second: number, status: number): string {
  const time = status === 200 ? '0.004' : '-';
  return `10.0.0.1 - - [12/Mar/2026:11:15:0${second} +0100] "GET /cart HTTP/1.1" ${status} 559 "-" "curl/8.5.0" rt=0.004 uct="${time}" uht="${time}" urt="0.001" ua="10.0.0.9:3000" us="${status}" host="shop.example" conn=${second} trace="Root=${trace(second)}"`;
}

const words =
  '2026/03/12 11:15:03 [error] 31#31: *3 connect() failed (111: Connection refused) while connecting to upstream, client: 10.0.0.1, server: shop.example, request: "GET /cart HTTP/1.1", upstream: "http://10.0.0.9:3000/cart", host: "shop.example"';

const log = (line: (second: number, status: number) => string) =>
  [1, 2, 3, 4, 5].map((second) => line(second, second === 3 ? 502 : 200)).join('\n');

function source(name: string, text: string, once = false): Source {
  return {
    name,
    ...(once ? { once: true as const } : {}),
    async *chunks() {
      // In pieces, as a disk gives them: an id may lie across two.
      for (let at = 0; at < text.length + 1; at += 701) yield Buffer.from(`${text}\n`).subarray(at, at + 701);
    },
  };
}

const logs = [
  source('access.log', log(proxy)),
  source('error.log', words),
  source('edge.ndjson', log(edge)),
  source('alb.log', log(balancer)),
];

describe('the story of a request', () => {
  it.each([
    ['a ray', ray],
    ['a ray with its place', `${ray}-FRA`],
    ['a header', `cf-ray: ${ray}-FRA`],
    ['a trace', trace(3)],
    ['a trace by its name', `Root=${trace(3)}`],
  ])('is found by %s at every hop, the outermost first', async (_, id) => {
    const { rows, verdicts } = await tellStory({ id, sources: logs });
    expect(rows.map(({ record }) => `${record.row.file}:${record.row.line}`)).toEqual([
      'edge.ndjson:3',
      'alb.log:3',
      'access.log:3',
      'error.log:1',
    ]);
    expect(verdicts.map(({ hop, mechanism }) => [hop, mechanism])).toEqual([['nginx', 'process_down']]);
  });

  it('tells the time of an error line by the zone of its requests', async () => {
    const { rows } = await tellStory({ id: ray, sources: logs });
    expect(rows.map(({ at }) => new Date(at).toISOString().slice(0, 19))).toEqual(
      Array(4).fill('2026-03-12T10:15:03'),
    );
  });

  it('of a request that went well has no verdict', async () => {
    const { rows, verdicts } = await tellStory({ id: trace(2), sources: logs });
    expect(rows.map(({ record }) => record.row.file)).toContain('alb.log');
    expect(verdicts).toEqual([]);
  });

  it('does not take part of an id for the id', async () => {
    const { rows } = await tellStory({ id: trace(3).slice(0, -1), sources: logs });
    expect(rows).toEqual([]);
  });
});

describe('a request that no hop saw', () => {
  it('is told from one that the log could not know', async () => {
    const { rows, logs: searched } = await tellStory({ id: '94a1b2c3d4e5f607', sources: logs });
    expect(rows).toEqual([]);
    const holding = searched.filter(({ holdsSuchIds }) => holdsSuchIds).map(({ file }) => file);
    expect(holding.sort()).toEqual(['alb.log', 'edge.ndjson']);
    expect(searched.every(({ from, to }) => from !== undefined && to !== undefined)).toBe(true);
  });
});

describe('what cannot be told', () => {
  it.each([
    ['an id that is none', { id: 'a b', sources: logs }],
    ['a log that can be read once only', { id: ray, sources: [source('-', log(edge), true)] }],
  ])('%s is said', async (_, request) => {
    await expect(tellStory(request)).rejects.toThrow(Problem);
  });

  it('an id that many requests share is cut short, and how many are left is said', async () => {
    const many = Array.from({ length: 500 }, (_, i) =>
      balancer(3, 200).replace('"curl/8.5.0"', `"curl/${i}"`),
    );
    const { rows, untold } = await tellStory({ id: trace(3), sources: [source('alb.log', many.join('\n'))] });
    expect(rows.length + untold).toBe(500);
    expect(rows.length).toBeLessThan(100);
  });
});
