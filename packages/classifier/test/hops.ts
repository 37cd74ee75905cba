import {
  type Attempt,
  type HopSource,
  hopOf,
  httpStatus,
  instant,
  type LoggedField,
  type Mechanism,
  millis,
  type RequestIdentity,
  type RequestRecord,
  type Result,
  type SourceKind,
  statusGetsVerdict,
  supports,
  type Verdict,
} from '@why502/model';
import { createClassifier } from '../src/index.ts';
import { columnsOf, mechanism, names, request } from './sample.ts';

const logged: ReadonlySet<LoggedField> = new Set([
  'attempts',
  'attempt_status',
  'attempt_connect',
  'attempt_header',
  'attempt_response',
  'duration',
  'host',
  'service',
  'client',
  'method',
  'user_agent',
  'trail',
]);

/** What one hop logs of a request. */
export interface AtHop {
  readonly source: SourceKind;
  /** Start and end by its own clock, ms after the start of the sample. */
  readonly from: number;
  readonly to: number;
  readonly status: number;
  /** What the hop behind answered; undefined where it did not, `nobody` where none was asked. */
  readonly got?: number | 'nobody';
  readonly peer?: string;
  readonly file?: string;
  readonly ids?: readonly RequestIdentity[];
  readonly target?: string;
  readonly agent?: string;
  readonly client?: string;
  readonly egress?: string;
  readonly resolution?: number;
  readonly asker?: RequestRecord['asker'];
}

export function atHop(at: AtHop): RequestRecord {
  const { source, from, to, status, got, target = '/a', agent, client = '198.51.100.1' } = at;
  const base = request({ at: to, status, route: target, client });
  const attempt: Attempt = {
    pass: 0,
    peer: at.peer ?? '192.0.2.10:80',
    status: got === undefined || got === 'nobody' ? undefined : httpStatus(got),
    connect: millis(0),
    header: got === undefined || got === 'nobody' ? undefined : millis(to - from),
    response: millis(to - from),
    bytesReceived: undefined,
    bytesSent: undefined,
  };
  return {
    ...base,
    row: { source, file: at.file ?? `${source}.log`, line: base.row.line },
    start: source === 'nginx' ? undefined : instant(base.end - (to - from)),
    duration: millis(to - from),
    resolution: millis(at.resolution ?? 1),
    userAgent: agent,
    host: 'a.test',
    service: source === 'nginx' ? undefined : `behind ${source}`,
    trail: { ids: at.ids ?? [], forwardedFor: undefined, egress: at.egress },
    asker: at.asker ?? 'visitor',
    attempts: got === 'nobody' ? [] : [attempt],
    logged,
  };
}

export function ray(value: number | string): RequestIdentity {
  return { kind: 'ray', value: String(value) };
}

export function root(value: number | string): RequestIdentity {
  return { kind: 'trace_root', value: `1-${value}` };
}

/** Made up; each needs no more than what the failed row itself shows. */
const made: readonly Mechanism[] = [
  mechanism('unanswered', [
    supports('imprint', 30, ({ phase, status }) => phase === 'waiting' && status === 502, ''),
  ]),
  mechanism('timer', [
    supports('imprint', 30, ({ phase, status }) => phase === 'waiting' && status === 504, ''),
  ]),
  mechanism('own_answer', [supports('relayed', 30, () => true, '')]),
  mechanism('gone', [supports('client_left', 30, () => true, '')], { cause: 'client' }),
];

export interface Told {
  readonly results: readonly Result[];
  readonly verdicts: readonly Verdict[];
  readonly classifier: ReturnType<typeof createClassifier>;
}

/** What a classifier says of rows that are read in the order of time, a minute ahead of what is certain. */
export function told(
  records: readonly RequestRecord[],
  options: {
    readonly hops?: readonly HopSource[];
    readonly mechanisms?: readonly Mechanism[];
    readonly absorbed?: boolean;
  } = {},
): Told {
  const results: Result[] = [];
  const table = names();
  const classifier = createClassifier({
    mechanisms: options.mechanisms ?? made,
    names: table,
    emit: (result) => results.push(result),
    hops: new Set(options.hops ?? records.map(({ row }) => hopOf(row.source))),
    absorbed: options.absorbed ?? false,
  });
  let reached = Number.NEGATIVE_INFINITY;
  for (const record of [...records].sort((a, b) => a.end - b.end)) {
    const step = Math.floor((record.end - 60_000) / 10_000) * 10_000;
    if (step > reached) classifier.advance(instant(step), 'watermark');
    reached = Math.max(reached, step);
    classifier.count(columnsOf([record], table), 0, 1, record.row.source);
    if (statusGetsVerdict(record.status) || classifier.seeks(record.end)) classifier.take(record);
  }
  classifier.advance(instant(8.64e15), 'end_of_input');
  const verdicts = results.flatMap((one) => (one.kind === 'verdict' ? [one.verdict] : []));
  return { results, verdicts, classifier };
}

/** How the hops that a verdict is about are called, from the outside in. */
export function sources({ rows }: Verdict): string {
  return rows.map(({ source }) => source).join(' ');
}

/** One request at an edge, a load balancer and a server, with the ids that each logs. */
export function through(
  n: number,
  at: number,
  status: { readonly edge: number; readonly balancer: number; readonly server: number },
  took: number = 100,
  skew = 0,
): readonly RequestRecord[] {
  return [
    atHop({
      source: 'cloudflare',
      from: at,
      to: at + took + 20,
      status: status.edge,
      got: status.balancer,
      ids: [ray(n)],
    }),
    atHop({
      source: 'alb',
      from: at + 10,
      to: at + took + 10,
      status: status.balancer,
      got: status.server,
      ids: [root(n)],
    }),
    atHop({
      source: 'nginx',
      from: at + 15 + skew,
      to: at + took + 5 + skew,
      status: status.server,
      peer: '192.0.2.99:3000',
      ids: [ray(n), root(n)],
      ...(status.server >= 500 ? {} : { got: status.server }),
    }),
  ];
}

export const fine = { edge: 200, balancer: 200, server: 200 };
export const relayed = { edge: 502, balancer: 502, server: 502 };

/** Traffic that goes well, every half second for so many seconds. */
export function calm(seconds: number, skew = 0): readonly RequestRecord[] {
  return Array.from({ length: seconds * 2 }, (_, index) =>
    through(10_000 + index, index * 500, fine, 100, skew),
  ).flat();
}
