import {
  decibans,
  httpStatus,
  type Incident,
  instant,
  millis,
  probability,
  redactTarget,
  type Summary,
  type TrafficRow,
  type Verdict,
} from '@why502/model';

/** Results made by hand, for the tests of whoever prints them. */

const start = Date.UTC(2026, 10, 23, 7, 24, 51, 204);

export function verdict(change: Partial<Verdict> = {}): Verdict {
  return {
    id: 'v1',
    revision: 1,
    final: true,
    time: instant(start),
    rows: [
      { source: 'nginx', file: 'access.log', line: 1043 },
      { source: 'nginx_error', file: 'error.log', line: 7 },
    ],
    requestId: undefined,
    status: httpStatus(502),
    method: 'GET',
    host: 'api.example.com',
    path: redactTarget('/v1/orders?customer=17'),
    upstream: 'orders',
    peer: '10.0.0.7:8080',
    duration: millis(12),
    mergedInto: undefined,
    outcome: 'failed',
    generator: 'proxy',
    hop: 'nginx',
    decision: 'attributed',
    cause: 'upstream_fault',
    mechanism: 'process_down',
    confidence: probability(0.9404),
    mechanismConfidence: probability(0.9),
    certainty: 'direct',
    candidates: [{ cause: 'network', mechanism: 'firewall_reject', confidence: probability(0.04) }],
    evidence: [
      {
        fact: 'connect_refused',
        weight: decibans(40),
        text: 'nginx was refused the connection',
        row: { source: 'nginx_error', file: 'error.log', line: 7 },
      },
      {
        fact: 'peer_record',
        weight: decibans(6.02),
        text: 'the peer answered nothing for 11 s',
        row: undefined,
      },
    ],
    primary: undefined,
    remedy: [
      {
        where: 'upstream',
        change: 'Start the process and keep it running',
        example: 'systemctl status orders',
      },
      { where: 'nginx', change: 'Give the group a second peer' },
    ],
    wouldSettle: [],
    incident: 'i1',
    ruleset: '0123456789ab',
    ...change,
  };
}

export function incident(change: Partial<Incident> = {}): Incident {
  return {
    id: 'i1',
    revision: 0,
    mechanism: 'process_down',
    cause: 'upstream_fault',
    title: 'The process behind the proxy is down',
    upstream: 'orders',
    started: instant(start),
    ended: instant(start + 11_000),
    requests: 126,
    effects: 40,
    masked: 3,
    byStatus: { '502': 123, '200': 3 },
    clients: 57,
    mainClient: undefined,
    hops: [{ name: 'nginx', requests: 3 }],
    crawlers: [{ name: 'Googlebot', requests: 3 }],
    peers: [{ name: '10.0.0.7:8080', requests: 126 }],
    methods: [{ name: 'GET', requests: 126 }],
    routes: [
      { name: redactTarget('/v1/orders'), requests: 100 },
      { name: redactTarget('/v1/orders/*'), requests: 26 },
    ],
    confidence: probability(0.94),
    evidence: [
      {
        fact: 'connect_refused',
        text: 'nginx was refused the connection',
        requests: 86,
        row: { source: 'nginx_error', file: 'error.log', line: 7 },
      },
      { fact: 'peer_record', text: 'the peer answered nothing for 11 s', requests: 86, row: undefined },
    ],
    notAffected: [{ name: '10.0.0.8:8080', requests: 779 }],
    firstVerdict: 'v1',
    remedy: verdict().remedy,
    success: 'the peer answers again and no line says "Connection refused"',
    ...change,
  };
}

export function trafficRow(change: Partial<TrafficRow> = {}): TrafficRow {
  return {
    bucket: instant(start - 1_204),
    source: 'nginx',
    host: undefined,
    upstream: 'orders',
    peer: '10.0.0.8:8080',
    status: httpStatus(200),
    requests: 3,
    durations: [0, 1, 2, ...Array<number>(16).fill(0)],
    ...change,
  };
}

export function summary(change: Partial<Summary> = {}): Summary {
  return {
    files: [
      {
        file: 'logs/access.log',
        format: 'nginx combined',
        source: 'nginx',
        sureness: probability(1),
        lines: 905,
        faults: 0,
        faultSamples: [],
        unescaped: false,
        readInstead: undefined,
      },
      {
        file: 'logs/error.log',
        format: 'nginx error log',
        source: 'nginx_error',
        sureness: probability(0.98),
        lines: 88,
        faults: 2,
        faultSamples: [
          {
            row: { source: 'nginx_error', file: 'logs/error.log', line: 12 },
            reason: 'bad_time',
            column: 4,
          },
        ],
        unescaped: false,
        readInstead: undefined,
      },
    ],
    lines: 993,
    faults: 2,
    requests: 905,
    failures: 123,
    masked: 3,
    byCause: { upstream_fault: 123 },
    byMechanism: { process_down: 123 },
    byStatus: { '502': 123 },
    incidents: 1,
    errorLines: 86,
    errorLinesJoined: 86,
    errorLinesSuspect: 0,
    from: instant(start - 60_000),
    to: instant(start + 60_000),
    problems: [],
    ...change,
  };
}
