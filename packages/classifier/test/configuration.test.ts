import {
  bytes,
  type ConfiguredPeer,
  type ConfiguredRoute,
  type ConfiguredService,
  type ConfiguredTarget,
  type ErrorRecord,
  type Fact,
  type FactKind,
  httpStatus,
  instant,
  millis,
  type ProxyConfiguration,
  type RequestRecord,
  type Setting,
  supports,
  type Verdict,
} from '@why502/model';
import { describe, expect, test } from 'vitest';
import { createClassifier } from '../src/index.ts';
import { type Asked, errorLine, mechanism, names, request } from './sample.ts';

const written = { text: 'directive value', file: 'a.conf', line: 7 };
const logged = '192.0.2.10:9000';
const kinds: readonly FactKind[] = [
  'configured_peer',
  'configured_group',
  'configured_timer',
  'configured_reuse',
  'configured_answer',
  'configured_lookup',
  'configured_buffer',
  'configured_protocol',
];

function set<T>(value: T): Setting<T> {
  return { value, written };
}

function peer(address: string, rest: Partial<ConfiguredPeer> = {}): ConfiguredPeer {
  return {
    address,
    lookup: 'address',
    down: false,
    backup: false,
    maxConnections: undefined,
    maxFails: 1,
    failTimeout: millis(10_000),
    written,
    ...rest,
  };
}

function to(
  peers: readonly ConfiguredPeer[],
  rest: { scheme?: string; name?: string } = {},
): ConfiguredTarget {
  const { scheme = 'http', name = 'group' } = rest;
  return { kind: 'service', scheme, service: { name, peers }, written };
}

function route(rest: Partial<ConfiguredRoute> = {}): ConfiguredRoute {
  const minute = set(millis(60_000));
  return {
    target: to([peer(logged)]),
    timers: { connect: minute, send: minute, read: minute },
    headerBuffer: undefined,
    reuse: undefined,
    idle: minute,
    repeats: set('safe'),
    answers: [],
    tls: undefined,
    ...rest,
  };
}

/** A configuration with these routes for every request, and these services besides. */
function version(
  routes: readonly ConfiguredRoute[],
  services: readonly ConfiguredService[] = [],
): ProxyConfiguration {
  return { services, routesOf: () => routes };
}

interface Seen {
  readonly facts: readonly Fact[];
  readonly verdicts: readonly Verdict[];
}

function classified(
  records: readonly (RequestRecord | ErrorRecord)[],
  configuration: readonly ProxyConfiguration[],
): Seen {
  const facts: Fact[] = [];
  const verdicts: Verdict[] = [];
  const note = (fact: Fact) => facts.push(fact) > 0;
  const classifier = createClassifier({
    mechanisms: [
      mechanism(
        'any',
        kinds.map((kind) => supports(kind, 1, note, '')),
      ),
    ],
    names: names(),
    configuration,
    emit: (result) => {
      if (result.kind === 'verdict') verdicts.push(result.verdict);
    },
  });
  for (const record of records) classifier.take(record);
  classifier.advance(instant(8.64e15), 'end_of_input');
  return { facts, verdicts };
}

/** The facts of a kind about one failed request. */
function about(kind: FactKind, failed: Partial<Asked>, ...configuration: readonly ProxyConfiguration[]) {
  return classified([request({ at: 0, status: 502, ...failed })], configuration).facts.filter(
    (fact) => fact.kind === kind,
  );
}

const waited = (ms: number, connect = 0) => ({
  status: 504,
  duration: ms,
  attempts: [{ peer: logged, status: httpStatus(504), connect: millis(connect), response: millis(ms) }],
});
const broken = {
  attempts: [{ peer: logged, status: httpStatus(502), connect: millis(0), response: millis(1) }],
};
const ofGroup = { attempts: [{ peer: 'group', status: httpStatus(502), response: millis(0) }] };
const untried = { attempts: [] };

describe('the peer that failed, in the configuration', () => {
  test('stands there by its address', () => {
    const choices = [peer(logged), peer('192.0.2.11:9000', { down: true }), peer('192.0.2.12:9000')];
    expect(about('configured_peer', broken, version([route({ target: to(choices) })]))).toEqual([
      { kind: 'configured_peer', lookup: 'address', moved: false, choices: 2 },
    ]);
  });

  test('comes from a name with its port', () => {
    const named = to([peer('app.internal:9000', { lookup: 'once' }), peer('192.0.2.11:80')]);
    expect(about('configured_peer', broken, version([route({ target: named })]))).toMatchObject([
      { lookup: 'once' },
    ]);
  });

  test('comes from a variable', () => {
    const target: ConfiguredTarget = { kind: 'variable', scheme: 'http', resolver: set(true), written };
    expect(about('configured_peer', broken, version([route({ target })]))).toMatchObject([
      { lookup: 'again' },
    ]);
  });

  test('stands there in no version, although all peers have addresses', () => {
    const other = version([route({ target: to([peer('192.0.2.11:9000')]) })]);
    expect(about('configured_peer', broken, other)).toMatchObject([{ lookup: 'unlisted' }]);
  });

  test('belongs to another group, so the route was misjudged and nothing is said', () => {
    const service = { name: 'other', peers: [peer(logged)] };
    const other = version([route({ target: to([peer('192.0.2.11:9000')]) })], [service]);
    expect(classified([request({ at: 0, status: 502, ...broken })], [other]).facts).toEqual([]);
  });

  test('is not that of every version', () => {
    const before = version([route({ target: to([peer('192.0.2.11:9000')]) })]);
    expect(about('configured_peer', broken, before, version([route()]))).toMatchObject([{ moved: true }]);
    expect(about('configured_peer', broken, version([]), version([route()]))).toMatchObject([
      { moved: false },
    ]);
  });

  test('is not spoken of where routes name it differently', () => {
    const named = route({ target: to([peer('app.internal:9000', { lookup: 'once' })]) });
    expect(about('configured_peer', broken, version([route(), named]))).toEqual([]);
  });

  test('is sought in the group that the log names', () => {
    const named = route({ target: to([peer('app.internal:9000', { lookup: 'once' })], { name: 'app' }) });
    const failed = { ...request({ at: 0, status: 502, ...broken }), service: 'app' };
    expect(classified([failed], [version([route(), named])]).facts).toContainEqual(
      expect.objectContaining({ kind: 'configured_peer', lookup: 'once' }),
    );
  });

  test('does not fit a route that answers by itself', () => {
    const fixed = { rule: 'fixed', status: httpStatus(301), conditional: false, written } as const;
    expect(about('configured_peer', broken, version([route({ answers: [fixed] }), route()]))).toHaveLength(1);
    expect(about('configured_peer', broken, version([route({ target: undefined }), route()]))).toHaveLength(
      1,
    );
  });
});

describe('a group of which no peer was free', () => {
  test('with bounds, with servers that are down', () => {
    const capped = { maxConnections: 20 };
    const bounded = to([
      peer('a:1', capped),
      peer('b:1', capped),
      peer('c:1', { down: true }),
      peer('d:1', { backup: true }),
    ]);
    expect(about('configured_group', ofGroup, version([route({ target: bounded })]))).toEqual([
      { kind: 'configured_group', choices: 2, down: 1, maxConnections: 40 },
    ]);
  });

  test('without servers in one of the versions, which is enough, or with bounds that differ, which is not', () => {
    const down = to([peer('a:1', { down: true })]);
    const open = to([peer('a:1')]);
    const capped = to([peer('a:1', { maxConnections: 5 })]);
    const versions = (...targets: readonly ConfiguredTarget[]) =>
      targets.map((target) => version([route({ target })]));
    expect(about('configured_group', ofGroup, ...versions(open, down, open))).toMatchObject([
      { choices: 0, down: 1 },
    ]);
    expect(about('configured_group', ofGroup, ...versions(open, capped))).toEqual([]);
  });

  test('without a bound on one of them, or without any', () => {
    const half = to([peer('a:1', { maxConnections: 20 }), peer('b:1')]);
    expect(about('configured_group', ofGroup, version([route({ target: half })]))).toMatchObject([
      { choices: 2, maxConnections: undefined },
    ]);
    const none = to([peer('a:1', { down: true })]);
    expect(about('configured_group', ofGroup, version([route({ target: none })]))).toMatchObject([
      { choices: 0, down: 1, maxConnections: undefined },
    ]);
  });
});

describe('a try that ended at a timer', () => {
  const reading = (ms: number) => route({ timers: { ...route().timers, read: set(millis(ms)) } });

  test.each([
    [5_000, 5_000, 0],
    [5_000, 5_140, 0],
    [5_000, 5_300, 290],
    [200, 245, 0],
  ])('of %d ms, after %d ms with %d ms to connect', (limit, took, connect) => {
    expect(about('configured_timer', waited(took, connect), version([reading(limit)]))).toEqual([
      { kind: 'configured_timer', timer: 'read', limit, written: true, elsewhere: undefined },
    ]);
  });

  test.each([[4_900], [5_200], [9_000]])('is not one that took %d ms', (took) => {
    expect(about('configured_timer', waited(took), version([reading(5_000)]))).toEqual([]);
  });

  test('shows which version was in force, and what another one allows', () => {
    const versions = [version([reading(60_000)]), version([reading(5_000)]), version([reading(1_000)])];
    expect(about('configured_timer', waited(5_001), ...versions)).toMatchObject([
      { limit: 5_000, elsewhere: 60_000 },
    ]);
    expect(about('configured_timer', waited(60_001), ...versions)).toMatchObject([
      { limit: 60_000, elsewhere: undefined },
    ]);
  });

  test('is named by how far the try had come', () => {
    const three = { connect: set(millis(5_000)), send: set(millis(5_000)), read: set(millis(5_000)) };
    const connecting = {
      ...waited(5_000),
      attempts: [{ peer: logged, status: httpStatus(504), response: millis(5_000) }],
    };
    expect(about('configured_timer', connecting, version([route({ timers: three })]))).toMatchObject([
      { timer: 'connect' },
    ]);
    expect(about('configured_timer', waited(5_000), version([route({ timers: three })]))).toMatchObject([
      { timer: 'read' },
    ]);
  });

  test('without a duration is the shorter one of two versions, where the error log says that it ended there', () => {
    const { duration, ...rest } = request({ at: 0, connection: '5', ...waited(0) });
    const failed: RequestRecord = {
      ...rest,
      duration: undefined,
      attempts: [],
      logged: new Set(['connection']),
    };
    const versions = [version([reading(60_000)]), version([reading(5_000)])];
    const facts = (...records: (RequestRecord | ErrorRecord)[]) =>
      classified(records, versions).facts.filter(({ kind }) => kind === 'configured_timer');
    const line = { ...errorLine(failed, 'header_timed_out'), peer: logged };
    expect(facts(line, failed)).toMatchObject([{ timer: 'read', limit: 5_000, elsewhere: 60_000 }]);
    expect(facts({ ...line, symptom: 'connect_refused' }, failed)).toEqual([]);
    expect(duration).toBe(0);
  });

  test('says whether it is the default', () => {
    const unwritten = { value: millis(60_000), written: undefined };
    const timers = { connect: unwritten, send: unwritten, read: unwritten };
    expect(about('configured_timer', waited(60_010), version([route({ timers })]))).toMatchObject([
      { written: false },
    ]);
  });
});

describe('what a failed try met', () => {
  test('kept connections, where it broke', () => {
    const kept = version([route({ reuse: set(true), idle: set(millis(15_000)) })]);
    expect(about('configured_reuse', broken, kept)).toEqual([
      { kind: 'configured_reuse', reuse: true, idle: 15_000 },
    ]);
    expect(about('configured_reuse', waited(9_000), kept)).toEqual([]);
    expect(about('configured_reuse', broken, version([route()]))).toEqual([]);
    expect(about('configured_reuse', broken, kept, version([route({ reuse: set(false) })]))).toEqual([]);
  });

  test('a buffer for the header, where bytes are logged', () => {
    const sized = version([route({ headerBuffer: set(bytes(4_096)) })]);
    const received = (count: number) => ({
      attempts: [{ ...broken.attempts[0], bytesReceived: bytes(count) }],
    });
    expect(about('configured_buffer', received(4_096), sized)).toMatchObject([{ size: 4_096, filled: true }]);
    expect(about('configured_buffer', received(300), sized)).toMatchObject([{ filled: false }]);
    expect(about('configured_buffer', received(0), sized)).toEqual([]);
    expect(about('configured_buffer', broken, sized)).toEqual([]);
  });

  const tls = { verifies: set(true), sendsName: set(false) };
  const secure = version([route({ target: to([peer(logged)], { scheme: 'https' }), tls })]);

  test('a protocol', () => {
    expect(about('configured_protocol', broken, secure)).toEqual([
      { kind: 'configured_protocol', scheme: 'https', changed: false, verifies: true, sendsName: false },
    ]);
  });

  test('another protocol than before, known by the words of the error log', () => {
    const failed = request({ at: 0, status: 502, connection: '5', ...broken });
    const line = { ...errorLine(failed, 'tls_peer_speaks_plain'), scheme: 'https' };
    const facts = (...records: (RequestRecord | ErrorRecord)[]) =>
      classified(records, [version([route()]), secure]).facts.filter(
        ({ kind }) => kind === 'configured_protocol',
      );
    expect(facts(line, failed)).toMatchObject([{ scheme: 'https', changed: true }]);
    expect(facts(failed)).toMatchObject([{ scheme: undefined, changed: true, sendsName: undefined }]);
  });
});

test('whether a request is repeated, as configured', () => {
  const text = (method: string, repeats: 'none' | 'safe' | 'all') =>
    classified(
      [request({ at: 0, status: 502, method, ...broken })],
      [version([route({ repeats: set(repeats) })])],
    ).verdicts[0]?.evidence.find(({ fact }) => fact === 'repeatable')?.text;
  expect(text('GET', 'safe')).toBe('the proxy may repeat such a request by itself');
  expect(text('GET', 'none')).toBe(
    'the proxy does not repeat such a request by itself, by its configuration',
  );
  expect(text('POST', 'all')).toBe('the proxy may repeat such a request by itself, by its configuration');
  expect(text('POST', 'safe')).toBe('the proxy does not repeat such a request by itself');
});

describe('a request that was sent to no peer', () => {
  const rule = (name: 'connection_limit' | 'fixed', status: number) =>
    ({ rule: name, status: httpStatus(status), conditional: name !== 'fixed', written }) as const;

  test('may be answered by a rule of that status', () => {
    const limited = version([route({ answers: [rule('connection_limit', 503)] })]);
    expect(about('configured_answer', { ...untried, status: 503 }, limited)).toEqual([
      { kind: 'configured_answer', rule: 'connection_limit', status: 503, conditional: true },
    ]);
    expect(about('configured_answer', { ...untried, status: 500 }, limited)).toMatchObject([
      { rule: undefined },
    ]);
    expect(about('configured_answer', { ...untried, status: 502 }, limited)).toEqual([]);
    expect(
      about('configured_answer', broken, version([route({ answers: [rule('connection_limit', 502)] })])),
    ).toEqual([]);
  });

  test('is surely answered by a rule without a condition', () => {
    const closed = version([route({ target: undefined, answers: [rule('fixed', 503)] })]);
    expect(about('configured_answer', { ...untried, status: 503 }, closed)).toMatchObject([
      { rule: 'fixed', conditional: false },
    ]);
  });

  test('may have had a name that was not found', () => {
    const variable = (resolver: boolean): ConfiguredTarget => ({
      kind: 'variable',
      scheme: 'http',
      resolver: set(resolver),
      written,
    });
    const of = (target: ConfiguredTarget) =>
      about('configured_lookup', untried, version([route({ target })]));
    expect(of(variable(false))).toMatchObject([{ perRequest: true, resolver: false }]);
    expect(of(variable(true))).toMatchObject([{ perRequest: true, resolver: true }]);
    expect(of(to([peer(logged)]))).toMatchObject([{ perRequest: false }]);
    expect(about('configured_lookup', { ...untried, status: 503 }, version([route()]))).toEqual([]);
  });
});

describe('of several versions', () => {
  const before = version([route({ idle: set(millis(1_000)), reuse: set(true) })]);
  const after = version([route({ idle: set(millis(2_000)), reuse: set(true) })]);
  const first = request({ at: 0, status: 502, connection: '1', ...broken });
  const last = request({ at: 200_000, status: 502, connection: '2', ...broken });
  const reload = (at: number): ErrorRecord => ({
    ...errorLine(request({ at, status: 200 }), 'configuration_reloaded'),
    connection: undefined,
    requestLine: undefined,
    peer: undefined,
  });
  const idles = (...records: (RequestRecord | ErrorRecord)[]) =>
    classified(records, [before, after]).facts.flatMap((fact) =>
      fact.kind === 'configured_reuse' ? [fact.idle] : [],
    );

  test('the error log tells which was in force, where it shows the reload', () => {
    expect(idles(reload(60_000), first, last)).toEqual([1_000, 2_000]);
  });

  test('a reload counts where the context of the failure holds it, however early its line was read', () => {
    expect(idles(reload(150_000), first, last)).toEqual([2_000]);
  });

  test('nothing is said in which they differ, without a reload or with too many', () => {
    expect(idles(first, last)).toEqual([]);
    expect(idles(reload(70_000), reload(50_000), first, last)).toEqual([]);
  });
});

test('names of directives and files are made visible', () => {
  const evil = { text: 'server \u001b[2J', file: 'a\u202e.conf', line: 1 };
  const { verdicts } = classified(
    [request({ at: 0, status: 502, ...broken })],
    [version([route({ target: to([peer(logged, { written: evil })]) })])],
  );
  expect(verdicts[0]?.evidence.find(({ fact }) => fact === 'configured_peer')?.text).toContain(
    'server \\u{1b}[2J (a\\u{202e}.conf, line 1)',
  );
});
