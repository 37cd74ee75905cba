import { describe, expect, it } from 'vitest';
import { randomNumbers } from '../random.mjs';
import { analysisOf } from './analysis.ts';
import { moment } from './moment.ts';
import { secrets } from './secrets.ts';

const start = Date.UTC(2026, 10, 23, 7, 0, 0);
const messages = [
  'connect() failed (111: Connection refused) while connecting to upstream',
  'upstream timed out (110: Connection timed out) while reading response header from upstream',
];

/** Two requests a second of one client, which differ only in what is masked, and their error lines the other way round. */
function twins(tokens: readonly string[]) {
  const access: string[] = [];
  const error: string[] = [];
  for (let second = 0; 2 * second + 1 < tokens.length; second++) {
    const { local, error: wall } = moment(start + second * 1_000);
    const requests = [0, 1].map((i) => `GET /reset/${tokens[2 * second + i]} HTTP/1.1`);
    for (const request of requests)
      access.push(`203.0.113.9 - - [${local}] "${request}" 502 157 "-" "curl/8.5.0"`);
    for (const i of [1, 0])
      error.push(
        `${wall} [error] 7#7: *${2 * second + i + 1} ${messages[i]}, client: 203.0.113.9, server: shop, request: "${requests[i]}", upstream: "http://10.0.0.7:80${requests[i]!.split(' ')[1]}", host: "shop.example.com"`,
      );
  }
  return { access, error };
}

describe('requests that look alike once they are redacted', () => {
  it('are joined each with the error line about it', async () => {
    const tokens = secrets('outside ids', 2_000, randomNumbers(3)).map(({ text }) => text);
    const { access, error } = twins(tokens);
    const { summary, verdicts } = await analysisOf({
      'access.log': access.join('\n'),
      'error.log': error.join('\n'),
    });
    expect(summary.errorLinesJoined).toBe(error.length);
    expect(verdicts).toHaveLength(access.length);
    for (const { rows, path } of verdicts) {
      expect(path).toBe('/reset/***');
      const [request, line] = rows;
      // The error lines of each second stand in the other order.
      const partner = request!.line % 2 === 1 ? request!.line + 1 : request!.line - 1;
      expect(line?.line).toBe(partner);
    }
  });
});
