import {
  type Incident,
  instant,
  millis,
  probability,
  type Result,
  type TrafficRow,
  type Verdict,
} from '@why502/model';

/** A verdict about nothing in particular. */
export function verdict(fields: Partial<Verdict> = {}): Verdict {
  return {
    id: '00000000000000a1',
    revision: 0,
    final: true,
    time: instant(Date.UTC(2026, 10, 23, 7)),
    rows: [{ source: 'nginx', file: 'access.log', line: 7 }],
    requestId: undefined,
    status: 502 as Verdict['status'],
    method: 'GET',
    host: 'shop.example',
    path: '/orders/17?page=2' as Verdict['path'],
    upstream: 'app',
    peer: '10.0.0.7:8080',
    duration: millis(12.5),
    mergedInto: undefined,
    outcome: 'failed',
    generator: 'proxy',
    hop: 'nginx',
    decision: 'attributed',
    cause: 'upstream_fault',
    mechanism: 'some_mechanism' as Verdict['mechanism'],
    confidence: probability(0.93),
    mechanismConfidence: probability(0.9),
    certainty: 'direct',
    candidates: [],
    evidence: [],
    primary: undefined,
    remedy: [{ where: 'upstream', change: 'mend it' }],
    wouldSettle: [{ field: 'attempts', text: 'log more' }],
    incident: '00000000000000b1',
    ...fields,
  };
}

export function incident(fields: Partial<Incident> = {}): Incident {
  return {
    id: '00000000000000b1',
    revision: 0,
    mechanism: 'some_mechanism' as Incident['mechanism'],
    cause: 'upstream_fault',
    title: 'Something fails',
    upstream: 'app',
    started: instant(Date.UTC(2026, 10, 23, 7)),
    ended: instant(Date.UTC(2026, 10, 23, 7, 5)),
    requests: 3,
    effects: 0,
    masked: 0,
    byStatus: { '502': 3 },
    hops: [{ name: 'nginx', requests: 3 }],
    clients: 2,
    mainClient: undefined,
    crawlers: [{ name: 'Googlebot', requests: 1 }],
    peers: [],
    methods: [],
    routes: [],
    confidence: probability(0.9),
    evidence: [],
    notAffected: [],
    firstVerdict: '00000000000000a1',
    remedy: [],
    success: 'It works',
    ...fields,
  };
}

export function traffic(requests: number, fields: Partial<TrafficRow> = {}): TrafficRow {
  return {
    bucket: instant(Date.UTC(2026, 10, 23, 7)),
    source: 'nginx',
    host: 'shop.example',
    upstream: 'app',
    peer: '10.0.0.7:8080',
    status: 200 as TrafficRow['status'],
    requests,
    durations: [requests],
    ...fields,
  };
}

export function verdicts(count: number, fields: (at: number) => Partial<Verdict> = () => ({})): Result[] {
  return Array.from({ length: count }, (_, at) => ({
    kind: 'verdict',
    verdict: verdict({ id: at.toString(16).padStart(16, '0'), ...fields(at) }),
  }));
}
