import { type HrTime, ValueType } from '@opentelemetry/api';
import { millisToHrTime } from '@opentelemetry/core';
import { emptyResource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  type CollectionResult,
  DataPointType,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics';
import { durationBoundsMs } from '@why502/model';
import { keys } from './attributes.ts';
import { scope } from './scope.ts';

/** What counts durations by the hop that logged them; counts per bound of `durationBoundsMs` and one above. */
export interface DurationCounts {
  add(hop: string, counts: readonly number[]): void;
}

/**
 * A histogram of the durations of all requests. They come counted, as buckets of traffic, and an instrument of the API takes
 * one value at a time; so the points are made here. Cumulative, without sums, which nobody counted.
 */
export class DurationProducer implements MetricProducer, DurationCounts {
  readonly #name: string;
  readonly #started: HrTime;
  readonly #now: () => number;
  readonly #byHop = new Map<string, number[]>();

  /**
   * @param name of the metric
   * @param now ms since the epoch
   */
  constructor(name: string, now: () => number) {
    this.#name = name;
    this.#now = now;
    this.#started = millisToHrTime(now());
  }

  add(hop: string, counts: readonly number[]): void {
    const sums = this.#byHop.get(hop) ?? new Array<number>(durationBoundsMs.length + 1).fill(0);
    this.#byHop.set(hop, sums);
    counts.forEach((count, i) => {
      sums[i]! += count;
    });
  }

  async collect(): Promise<CollectionResult> {
    const endTime = millisToHrTime(this.#now());
    const boundaries = durationBoundsMs.map((ms) => ms / 1_000);
    const dataPoints = [...this.#byHop].map(([hop, counts]) => ({
      startTime: this.#started,
      endTime,
      attributes: { [keys.source]: hop },
      value: {
        buckets: { boundaries, counts: [...counts] },
        count: counts.reduce((sum, count) => sum + count, 0),
      },
    }));
    const metric = {
      descriptor: {
        name: this.#name,
        description: 'How long requests took, of those whose log tells.',
        unit: 's',
        valueType: ValueType.DOUBLE,
      },
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      dataPointType: DataPointType.HISTOGRAM as const,
      dataPoints,
    };
    const metrics = dataPoints.length === 0 ? [] : [metric];
    return {
      resourceMetrics: { resource: emptyResource(), scopeMetrics: [{ scope, metrics }] },
      errors: [],
    };
  }
}
