import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import type { Problem } from '@why502/model';
import { exportProblem } from './export-problem.ts';

/** An exporter that says when a collector does not take metrics: the SDK's reader keeps that to itself. */
export function toldExporter(
  exporter: PushMetricExporter,
  onFailure: (problem: Problem) => void,
): PushMetricExporter {
  const told = (result: ExportResult): ExportResult => {
    if (result.code !== ExportResultCode.SUCCESS) onFailure(exportProblem(result.error, 'METRICS'));
    return result;
  };
  return {
    export: (metrics, done) => exporter.export(metrics, (result) => done(told(result))),
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
