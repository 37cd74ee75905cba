import {
  decibans,
  httpStatus,
  type Incident,
  instant,
  millis,
  probability,
  type Result,
  redactTarget,
  type Summary,
  type Verdict,
} from '@why502/model';

/** A made-up night: a process goes down for eleven seconds, one connection is reset, and one failure stays open. */

const began = Date.UTC(2026, 10, 23, 6, 58, 59, 204);

const refused = { source: 'nginx_error', file: 'logs/error.log', line: 7 } as const;

function refusal(change: Partial<Verdict> = {}): Verdict {
  return {
    id: 'v',
    revision: 0,
    final: true,
    time: instant(began),
    rows: [{ source: 'nginx', file: 'logs/access.log', line: 1043 }, refused],
    requestId: undefined,
    status: httpStatus(502),
    method: 'GET',
    host: 'shop.example.com',
    path: redactTarget('/v1/orders?customer=17'),
    upstream: 'orders',
    peer: '10.20.0.11:3000',
    duration: millis(12),
    mergedInto: undefined,
    outcome: 'failed',
    generator: 'proxy',
    hop: 'nginx',
    decision: 'attributed',
    cause: 'upstream_fault',
    mechanism: 'process_down',
    confidence: probability(0.97),
    mechanismConfidence: probability(0.95),
    certainty: 'direct',
    candidates: [],
    evidence: [
      {
        fact: 'connect_refused',
        weight: decibans(22),
        text: 'the error log says: connection refused',
        row: refused,
      },
    ],
    primary: undefined,
    remedy: [],
    wouldSettle: [],
    incident: 'i',
    ...change,
  };
}

export function reset(change: Partial<Verdict> = {}): Verdict {
  return refusal({
    time: instant(began + 8_000),
    rows: [{ source: 'nginx', file: 'logs/access.log', line: 1201 }],
    method: 'POST',
    path: redactTarget('/v1/payments'),
    decision: 'ambiguous',
    cause: 'misconfiguration',
    mechanism: 'keepalive_mismatch',
    confidence: probability(0.61),
    certainty: 'corroborated',
    candidates: [{ cause: 'upstream_fault', mechanism: 'crash_mid_response', confidence: probability(0.31) }],
    evidence: [
      {
        fact: 'imprint',
        weight: decibans(8),
        text: 'the peer was connected and sent no valid header: 502 after 1 ms',
        row: { source: 'nginx', file: 'logs/access.log', line: 1201 },
      },
      {
        fact: 'peer_record',
        weight: decibans(6),
        text: 'the peer answered 40 and failed 1 within about 10 s',
        row: undefined,
      },
      { fact: 'load', weight: decibans(-2), text: 'twice the usual requests in flight', row: undefined },
    ],
    remedy: [
      {
        where: 'upstream',
        change: 'Keep idle connections longer than the proxy does: nginx keeps them 60 s',
        example: 'server.keepAliveTimeout = 75_000; server.headersTimeout = 76_000 // Node.js, ms',
      },
      { where: 'nginx', change: 'Or let the proxy give them up sooner', example: 'keepalive_timeout 4s;' },
    ],
    wouldSettle: [
      {
        field: 'attempt_bytes_received',
        text: 'add $upstream_bytes_received to the log_format: whether the peer had begun to answer',
      },
    ],
    ...change,
  });
}

function unexplained(change: Partial<Verdict> = {}): Verdict {
  return refusal({
    time: instant(began + 9_000),
    rows: [{ source: 'nginx', file: 'logs/access.log', line: 1207 }],
    decision: 'unexplained',
    cause: 'unknown',
    mechanism: undefined,
    confidence: probability(0),
    certainty: 'guess',
    peer: undefined,
    evidence: [],
    wouldSettle: [
      { field: 'error_log', text: 'give the error log of the same time as well, with error_log … warn' },
      {
        field: 'attempt_bytes_received',
        text: 'add $upstream_bytes_received to the log_format: whether the peer had begun to answer',
      },
    ],
    ...change,
  });
}

export function outage(change: Partial<Incident> = {}): Incident {
  return {
    id: 'i',
    revision: 0,
    mechanism: 'process_down',
    cause: 'upstream_fault',
    title: 'The process behind the peer is down',
    upstream: 'orders',
    started: instant(began),
    ended: instant(began + 11_000),
    requests: 1_126,
    effects: 40,
    masked: 3,
    byStatus: { '200': 3, '502': 1_123 },
    clients: 57,
    mainClient: undefined,
    hops: [{ name: 'nginx', requests: 3 }],
    crawlers: [{ name: 'Googlebot', requests: 3 }],
    peers: [{ name: '10.20.0.11:3000', requests: 1_086 }],
    methods: [{ name: 'GET', requests: 126 }],
    routes: [
      { name: redactTarget('/v1/orders'), requests: 1_000 },
      { name: redactTarget('/v1/orders/*'), requests: 126 },
    ],
    confidence: probability(0.97),
    evidence: [
      {
        fact: 'connect_refused',
        text: 'the error log says: connection refused',
        requests: 1_086,
        row: refused,
      },
      {
        fact: 'peer_record',
        text: 'the peer answered 0 and failed 126 within about 10 s, 779 answers in the 15 min before, 12 in the 90 s after',
        requests: 1_086,
        row: undefined,
      },
    ],
    notAffected: [{ name: '10.20.0.12:3000', requests: 779 }],
    firstVerdict: 'v',
    remedy: [
      {
        where: 'upstream',
        change: 'Start the process again, and read its own log from just before the first refusal',
        example: 'systemctl status app; journalctl -u app --since "10 min ago"',
      },
      {
        where: 'upstream',
        change:
          'If this was a restart, take the peer out of rotation first, or run two and restart them in turn',
      },
    ],
    success: 'The peer answers again, and no more connections to it are refused',
    ...change,
  };
}

export function night(change: Partial<Summary> = {}): Summary {
  return {
    files: [
      {
        file: 'logs/access.log',
        format: 'nginx combined',
        source: 'nginx',
        sureness: probability(1),
        lines: 9_050,
        faults: 0,
        faultSamples: [],
        unescaped: false,
        readInstead: undefined,
      },
      {
        file: 'logs/error.log',
        format: 'nginx error log',
        source: 'nginx_error',
        sureness: probability(0.988),
        lines: 1_088,
        faults: 2,
        faultSamples: [
          { row: { source: 'nginx_error', file: 'logs/error.log', line: 12 }, reason: 'bad_time', column: 4 },
        ],
        unescaped: false,
        readInstead: undefined,
      },
      {
        file: 'logs/access.json',
        format: 'nginx JSON',
        source: 'nginx',
        sureness: probability(1),
        lines: 0,
        faults: 0,
        faultSamples: [],
        unescaped: false,
        readInstead: 'logs/access.log',
      },
    ],
    lines: 10_138,
    faults: 2,
    requests: 9_050,
    failures: 1_125,
    masked: 3,
    byCause: { upstream_fault: 1_123, misconfiguration: 1, unknown: 1 },
    byMechanism: { process_down: 1_123, keepalive_mismatch: 1 },
    byStatus: { '502': 1_125 },
    incidents: 1,
    errorLines: 1_086,
    errorLinesJoined: 1_084,
    errorLinesSuspect: 0,
    from: instant(began - 60_000),
    to: instant(began + 3_600_000),
    problems: [],
    ...change,
  };
}

/** Everything the classifier says about that night, in order. */
export function results(): Result[] {
  const times = <T>(count: number, item: (i: number) => T): T[] =>
    Array.from({ length: count }, (_, i) => item(i));
  const verdicts = [
    ...times(1_123, (i) => refusal({ id: `v${i}`, time: instant(began + i * 9) })),
    ...times(3, (i) => refusal({ id: `m${i}`, outcome: 'masked', status: httpStatus(200) })),
    reset({ id: 'reset' }),
    unexplained({ id: 'open' }),
  ];
  return [
    ...verdicts.map((verdict) => ({ kind: 'verdict', verdict }) as const),
    { kind: 'incident', incident: outage() },
  ];
}
