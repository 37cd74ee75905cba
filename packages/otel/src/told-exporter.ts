import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { Problem } from '@why502/model';
import { exportProblem } from './export-problem.ts';
import { type PartialSuccess, partialSuccess } from './partial-success.ts';

export interface Told {
  /** Why a collector did not take metrics. */
  readonly onFailure: (problem: Problem) => void;
  /** How many data points it refuses for good, though it took the others. */
  readonly onPartly: (partly: PartialSuccess) => void;
}

/** An exporter that says when a collector does not take metrics: the SDK's reader keeps that to itself. */
export function toldExporter(
  exporter: PushMetricExporter,
  { onFailure, onPartly }: Told,
): PushMetricExporter {
  const told = (result: ExportResult, metrics: ResourceMetrics): ExportResult => {
    if (result.code !== ExportResultCode.SUCCESS) onFailure(exportProblem(result.error, 'METRICS'));
    const partly = partialSuccess('METRICS', pointsOf(metrics));
    if (partly !== undefined) onPartly(partly);
    return result;
  };
  return {
    export: (metrics, done) => exporter.export(metrics, (result) => done(told(result, metrics))),
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
    ...(exporter.selectAggregationTemporality === undefined
      ? {}
      : { selectAggregationTemporality: (kind) => exporter.selectAggregationTemporality!(kind) }),
    ...(exporter.selectAggregation === undefined
      ? {}
      : { selectAggregation: (kind) => exporter.selectAggregation!(kind) }),
  };
}

function pointsOf({ scopeMetrics }: ResourceMetrics): number {
  return scopeMetrics
    .flatMap(({ metrics }) => metrics)
    .reduce((sum, { dataPoints }) => sum + dataPoints.length, 0);
}
