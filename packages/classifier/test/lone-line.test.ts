import { type ErrorRecord, instant, type Verdict } from '@why502/model';
import { describe, expect, test } from 'vitest';
import { createClassifier } from '../src/index.ts';
import { peerAddress, portContradicts } from '../src/observe/peer-address.ts';
import { errorLine, mechanism, names, request } from './sample.ts';

const endOfTime = instant(8.64e15);

function verdicts(
  lines: readonly ErrorRecord[],
  sightings: readonly 'process_crashed'[] = [],
): readonly Verdict[] {
  const found: Verdict[] = [];
  const classifier = createClassifier({
    mechanisms: [mechanism('any', [])],
    names: names(),
    errorLogAlone: true,
    picked: { sightings },
    emit: (result) => {
      if (result.kind === 'verdict') found.push(result.verdict);
    },
  });
  for (const line of lines) classifier.take(line);
  classifier.advance(endOfTime, 'end_of_input');
  return found;
}

function lone(symptom: ErrorRecord['symptom'], changes: Partial<ErrorRecord> = {}): ErrorRecord {
  return { ...errorLine(request({ at: 0 }), symptom), ...changes };
}

/** Texts of the facts of a kind. */
function facts(verdict: Verdict | undefined, fact: string): readonly string[] {
  return verdict?.evidence.filter((one) => one.fact === fact).map(({ text }) => text) ?? [];
}

describe('a line that somebody picked', () => {
  test('is a failure of its own, also without a connection', () => {
    const [only] = verdicts([lone('name_not_found', { connection: undefined })]);
    expect(only?.evidence.map(({ fact }) => fact)).toContain('name_not_found');
    expect(only?.status).toBeUndefined();
  });

  test.each([
    ['GET /live/?EIO=4&transport=websocket HTTP/1.1', 'a WebSocket'],
    ['GET /ws HTTP/1.1', 'a WebSocket'],
    ['POST /shop.v1.Cart/Add HTTP/2.0', 'gRPC'],
  ])('shows what %s asks for', (requestLine, text) => {
    const [only] = verdicts([lone('closed_before_header', { requestLine })]);
    expect(facts(only, 'lone_request')).toEqual([expect.stringContaining(text)]);
  });

  test('shows nothing of an ordinary request', () => {
    const [only] = verdicts([
      lone('closed_before_header', { requestLine: 'POST /wsdl/a.b HTTP/1.1', client: '192.0.2.1' }),
    ]);
    expect(facts(only, 'lone_request')).toEqual([]);
  });

  test('is told of what other programs said', () => {
    const [only] = verdicts([lone('reset_before_header')], ['process_crashed']);
    expect(facts(only, 'witness')).toEqual(['another program says: a process crashed']);
  });

  test('is told when the same peer refused connections right after', () => {
    const [closed] = verdicts([
      lone('closed_before_header', { peer: '192.0.2.1:80' }),
      lone('connect_refused', { peer: '192.0.2.1:80', wall: instant(lone('other').wall + 3_000) }),
    ]);
    expect(facts(closed, 'burst')).toHaveLength(1);
  });

  test('repeats the failure before it, when it says that the peer was put aside', () => {
    const found = verdicts([lone('closed_before_header'), lone('peer_disabled')]);
    const closed = found.find((one) => facts(one, 'closed_before_header').length > 0);
    const aside = found.find((one) => facts(one, 'peer_disabled').length > 0);
    expect(aside?.primary).toBe(closed?.id);
  });
});

describe('an address', () => {
  test.each([
    ['127.0.0.1:80', 'loopback_v4'],
    ['127.8.0.1', 'loopback_v4'],
    ['[::1]:80', 'loopback_v6'],
    ['localhost', 'localhost'],
    ['localhost:3000', 'localhost'],
    ['0.0.0.1', 'unspecified'],
    ['10.0.0.7:8080', 'address_v4'],
    ['[2001:db8::1]:80', 'address_v6'],
    ['app:8000', 'bare_name'],
    ['app.example.com:443', 'full_name'],
    ['down', 'keyword'],
    ['weight=5', 'keyword'],
    ['unix:/run/a.sock', 'socket'],
    ['x.x.x.x:80', undefined],
    ['<ip>', undefined],
    ['10.*.*.7:80', undefined],
    ['[REDACTED]:80', undefined],
  ])('%s is %s', (peer, address) => {
    expect(peerAddress(peer)).toBe(address);
  });

  test.each([
    ['http', '192.0.2.1:8443', true],
    ['https', '192.0.2.1:80', true],
    ['https', '192.0.2.1:8443', false],
    ['http', '192.0.2.1:9000', false],
    ['fastcgi', '127.0.0.1:443', false],
    ['http', 'unix:/run/a:443', false],
    [undefined, '192.0.2.1:443', false],
  ])('%s to %s: port against scheme %s', (scheme, peer, contradicts) => {
    expect(portContradicts(scheme, peer)).toBe(contradicts);
  });
});
