import type { Counter, Meter } from '@opentelemetry/api';
import type {
  AttemptCounts,
  Cause,
  HopSource,
  Incident,
  Instant,
  Result,
  SinkCounts,
  SourceKind,
  TrafficRow,
  Verdict,
} from '@why502/model';
import { type Breakdown, errorType, FailureAttributes, hopName, keys } from './attributes.ts';
import type { DurationCounts } from './duration-producer.ts';

/** First looks that are remembered until their final verdicts come. */
const mostLooks = 10_000;

/** What was read so far. */
export interface Reading {
  readonly files: readonly {
    readonly source: SourceKind | undefined;
    readonly lines: number;
    readonly faults: number;
  }[];
  /** The last request in the logs of each hop, by log time. */
  readonly latest: ReadonlyMap<HopSource, Instant>;
  /** How often lines may have been lost between the copy of a log and its truncation. Default 0. */
  readonly gaps?: number;
}

export interface InstrumentOptions {
  /** What failures are told apart by besides cause, mechanism and status. */
  readonly by: readonly Breakdown[];
  /** Puts the unit behind the name, as Prometheus has it, where OpenTelemetry keeps it apart. */
  readonly unitInName: boolean;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** What is measured. Every request and every failure is counted once, when what is said of it is final. */
export class Instruments {
  readonly #requests: Counter;
  readonly #failures: Counter;
  readonly #masked: Counter;
  readonly #attempts: Counter;
  readonly #incidents: Counter;
  readonly #revisions: Counter;
  readonly #retried: Counter;
  readonly #refusedPoints: Counter;
  readonly #attributes: FailureAttributes;
  readonly #durations: DurationCounts;
  readonly #looks = new Map<string, Cause>();
  #reading: Reading = { files: [], latest: new Map() };
  #sinks: () => readonly SinkCounts[] = () => [];

  constructor(meter: Meter, durations: DurationCounts, { by, unitInName, now }: InstrumentOptions) {
    const counter = (name: string, unit: string, description: string) =>
      meter.createCounter(`why502.${name}`, { unit: `{${unit}}`, description });
    this.#attributes = new FailureAttributes(by);
    this.#durations = durations;
    this.#requests = counter('requests', 'request', 'Requests in the logs, by status.');
    this.#failures = counter('failures', 'request', 'Requests that failed, by what made them fail.');
    this.#masked = counter('masked', 'request', 'Requests that failed at first and that a retry answered.');
    this.#attempts = counter('upstream.attempts', 'attempt', 'Tries at peers, by what became of them.');
    this.#incidents = counter('incidents', 'incident', 'Incidents that began.');
    this.#revisions = counter(
      'verdict.revisions',
      'verdict',
      'First looks whose cause was another in the end.',
    );
    this.#retried = counter('outbox.retried', 'result', 'Results that a sink was offered again, each time.');
    this.#refusedPoints = counter(
      'data_points.refused',
      'data_point',
      'Points of these metrics that a collector refused.',
    );
    this.#observeSinks(meter);
    meter
      .createObservableCounter('why502.lines', {
        unit: '{line}',
        description: 'Lines read, by whether they fit their format.',
      })
      .addCallback((observer) => {
        for (const [source, { lines, faults }] of this.#lines) {
          observer.observe(lines - faults, { [keys.source]: source, result: 'parsed' });
          observer.observe(faults, { [keys.source]: source, result: 'rejected' });
        }
      });
    meter
      .createObservableCounter('why502.gaps', {
        unit: '{gap}',
        description: 'Logs that were copied and truncated: what was written in between is lost.',
      })
      .addCallback((observer) => observer.observe(this.#reading.gaps ?? 0));
    meter
      .createObservableGauge(`why502.lag${unitInName ? '.seconds' : ''}`, {
        unit: 's',
        description: 'How far the last request in the logs of a hop is behind the clock.',
      })
      .addCallback((observer) => {
        for (const [hop, time] of this.#reading.latest)
          observer.observe(Math.max(0, now() - time) / 1_000, { [keys.source]: hop });
      });
  }

  /** Takes a final result, each once. */
  add(result: Result): void {
    if (result.kind === 'verdict') this.#addVerdict(result.verdict);
    else if (result.kind === 'incident') this.#addIncident(result.incident);
    else {
      for (const row of result.rows) this.#addTraffic(row);
      const [row] = result.rows;
      if (row !== undefined && result.attempts !== undefined) this.#addAttempts(row, result.attempts);
    }
  }

  /** Takes a first look, which a final verdict will follow. */
  look({ id, cause }: Verdict): void {
    this.#looks.set(id, cause);
    const [oldest] = this.#looks.keys();
    if (this.#looks.size > mostLooks && oldest !== undefined) this.#looks.delete(oldest);
  }

  /** Takes what was read so far. */
  read(reading: Reading): void {
    this.#reading = reading;
  }

  /** From now on tells what became of results at sinks as this has it. */
  follow(sinks: () => readonly SinkCounts[]): void {
    this.#sinks = sinks;
  }

  /** Counts results that a sink is offered again. */
  retried(sink: string, results: number): void {
    this.#retried.add(results, { sink });
  }

  /** Counts points of metrics that a collector refuses for good. */
  refusePoints(points: number): void {
    this.#refusedPoints.add(points);
  }

  /** All of it is of one moment: what was accepted is the sum of the others. */
  #observeSinks(meter: Meter): void {
    const unit = '{result}';
    const results = meter.createObservableCounter('why502.results', {
      unit,
      description: 'Results by what became of them at a sink.',
    });
    const accepted = meter.createObservableCounter('why502.outbox.accepted', {
      unit,
      description: 'Results that were handed over to a sink.',
    });
    const waiting = meter.createObservableUpDownCounter('why502.outbox.waiting', {
      unit,
      description: 'Results that a sink has not taken yet.',
    });
    meter.addBatchObservableCallback(
      (observer) => {
        for (const { sink, dropped = 0, ...counts } of this.#sinks()) {
          observer.observe(accepted, counts.accepted, { sink });
          observer.observe(waiting, counts.waiting, { sink });
          observer.observe(results, counts.delivered, { sink, result: 'delivered' });
          observer.observe(results, counts.refused, { sink, result: 'refused' });
          observer.observe(results, dropped, { sink, result: 'dropped' });
        }
      },
      [results, accepted, waiting],
    );
  }

  get #lines(): ReadonlyMap<string, { lines: number; faults: number }> {
    const bySource = new Map<string, { lines: number; faults: number }>();
    for (const { source, lines, faults } of this.#reading.files) {
      const name = source ?? 'other';
      const sum = bySource.get(name) ?? { lines: 0, faults: 0 };
      bySource.set(name, sum);
      sum.lines += lines;
      sum.faults += faults;
    }
    return bySource;
  }

  #addVerdict(verdict: Verdict): void {
    const { id, final, mergedInto, outcome, cause } = verdict;
    if (!final) return;
    const looked = this.#looks.get(id);
    if (looked !== undefined) {
      this.#looks.delete(id);
      if (looked !== cause) this.#revisions.add(1, { from: looked, to: cause });
    }
    if (mergedInto !== undefined || outcome === 'not_an_error') return;
    (outcome === 'masked' ? this.#masked : this.#failures).add(1, this.#attributes.of(verdict));
  }

  #addIncident(incident: Incident): void {
    if (incident.revision > 0) return;
    this.#incidents.add(1, { [keys.cause]: incident.cause, [keys.errorType]: errorType(incident) });
  }

  #addAttempts({ source }: TrafficRow, attempts: AttemptCounts): void {
    for (const [result, count] of Object.entries(attempts))
      if (count > 0) this.#attempts.add(count, { [keys.source]: hopName(source), result });
  }

  #addTraffic({ source, status, requests, durations }: TrafficRow): void {
    const hop = hopName(source);
    this.#requests.add(requests, { [keys.source]: hop, [keys.status]: status });
    this.#durations.add(hop, durations);
  }
}
