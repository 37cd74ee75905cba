import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Seed } from './seeds.ts';

const folder = new URL('../corpus/chain-sim/', import.meta.url);
const linesOfEach = 300;

/** Every kind of log that a load balancer writes, in every way of delivery. */
export function albSeeds(): readonly Seed[] {
  const recorded = ['alb-quiet-day', 'alb-lambda-throttle-and-faults'].map((name) => ({
    name,
    lines: linesOf(name),
  }));
  const texts = recorded.flatMap(({ lines }) => lines).map((line) => line.toString());
  const words = texts.map((text) => text.split(' '));
  return [
    ...recorded,
    seed('alb in JSON', words.map(objectOf)),
    seed('alb with a header', [
      '#Fields: time elb_status_code target:port client:port target_status_code',
      ...words.map((word) => [1, 8, 4, 3, 9].map((index) => word[index]).join(' ')),
    ]),
    seed('alb health checks', words.map(checkOf)),
    seed('alb connections', words.map(connectionOf)),
  ];
}

function linesOf(scenario: string): readonly Buffer[] {
  const logs = new URL(`${scenario}/logs/alb/`, folder);
  const [first = ''] = readdirSync(logs).sort();
  const text = gunzipSync(readFileSync(new URL(first, logs))).toString();
  return text.split('\n', linesOfEach).map((line) => Buffer.from(line));
}

function seed(name: string, lines: readonly string[]): Seed {
  return { name, lines: lines.map((line) => Buffer.from(line)) };
}

function objectOf(word: readonly string[]): string {
  const [type, time, elb, client, target, before, inTarget, after, status, targetStatus] = word;
  return JSON.stringify({
    ...{ type, time, elb, 'client:port': client, 'target:port': target },
    ...{ request_processing_time: Number(before), target_processing_time: inTarget },
    ...{ response_processing_time: after, elb_status_code: Number(status), target_status_code: targetStatus },
    ...{ request_line: `${word[12]} ${word[13]} ${word[14]}`, user_agent: null, error_reason: '-' },
  });
}

function checkOf([, time = '', , , target = '']: readonly string[], index: number): string {
  const outcome = index % 3 === 0 ? 'FAIL 502 TargetError' : 'PASS 200 -';
  return `http ${time} 0.00${index % 10} ${target} app ${outcome}`;
}

function connectionOf([, time = '', , client = '']: readonly string[], index: number): string {
  const at = client.lastIndexOf(':');
  const outcome = index % 3 === 0 ? 'Failed:ClientCertUntrusted' : 'Success';
  return `${time} ${client.slice(0, at)} ${client.slice(at + 1)} 443 TLSv1.2 x 4.0 "CN=a b" - - ${outcome} TID_${index}`;
}
