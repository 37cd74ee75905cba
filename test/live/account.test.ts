import { discover, FormatChoice } from '@why502/pipeline-analyze';
import { tail } from '@why502/pipeline-tail';
import { expect, it } from 'vitest';
import { MadeUpFiles } from './made-up-files.ts';

const begin = Date.UTC(2026, 10, 23, 7);

function iso(seconds: number): string {
  return new Date(begin + seconds * 1_000).toISOString().slice(0, 19);
}

function nginx(seconds: number): string {
  return `{"time":"${iso(seconds)}+00:00","status":200,"request":"GET / HTTP/1.1","host":"shop.example","request_time":0.010}\n`;
}

function nginxError(seconds: number): string {
  const time = iso(seconds).replace('T', ' ').replaceAll('-', '/');
  return `${time} [notice] 7#7: signal 17 (SIGCHLD) received from 8\n`;
}

function alb(seconds: number): string {
  return `http ${iso(seconds)}.000000Z app/web/50dc6c495c0c9188 203.0.113.9:2817 10.0.0.1:80 0.000 0.001 0.000 200 200 34 366 "GET http://shop.example:80/ HTTP/1.1" "curl/7.46.0" - - arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/web/73e2d6bc24d8a067 "Root=1-58337262-36d228ad5d99923122bbe354" "-" "-" 0 ${iso(seconds)}.000000Z "forward" "-" "-" "10.0.0.1:80" "200" "-" "-" TID_0123456789abcdef\n`;
}

function linesOf(line: (seconds: number) => string, from: number, to: number): Buffer {
  return Buffer.from(Array.from({ length: to - from }, (_, at) => line(from + at)).join(''));
}

it('tells of each hop its last request: no line of an error log, and none of another hop', async () => {
  const files = new MadeUpFiles();
  files.write('access.log', linesOf(nginx, 0, 300));
  files.write('error.log', linesOf(nginxError, 0, 500));
  files.write('balancer.log', linesOf(alb, 0, 200));
  files.end();
  let latest: ReadonlyMap<string, number> = new Map();
  await tail({
    discovery: await discover([], new FormatChoice({})),
    follow: async (from) => files.follow(from),
    onFinal: async () => {},
    onAccount: (account) => {
      latest = account.latest;
    },
  });
  const seconds = [...latest].map(([hop, time]) => [hop, (time - begin) / 1_000]);
  expect(Object.fromEntries(seconds)).toEqual({ nginx: 299, alb: 199 });
});
