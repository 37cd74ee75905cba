import { expect, test } from 'vitest';
import { asksTheSame, requestKey } from '../src/join/same-request.ts';

test('an access log without the protocol names the same request as the error log', () => {
  expect(asksTheSame('GET /a?b HTTP/1.1', 'GET /a?b')).toBe(true);
  expect(asksTheSame('GET /a HTTP/1.1', 'GET /a HTTP/2.0')).toBe(true);
  expect(asksTheSame('GET /a HTTP/1.1', 'POST /a HTTP/1.1')).toBe(false);
  expect(asksTheSame('GET /a', 'GET /a/b HTTP/1.1')).toBe(false);
  expect(requestKey('203.0.113.7', 'GET /a HTTP/1.1')).toBe(requestKey('203.0.113.7', 'GET /a'));
  expect(requestKey('203.0.113.7', 'GET /a')).not.toBe(requestKey('203.0.113.8', 'GET /a'));
});
