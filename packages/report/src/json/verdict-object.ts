import type { Verdict } from '@why502/model';
import { isoTime, orNull, place, remedyObject, rounded } from './spelling.ts';

/** A verdict under its public names. `source`, `file` and `line` repeat the outermost row for those who need no other. */
export function verdictObject(verdict: Verdict) {
  const outermost = verdict.rows[0];
  return {
    kind: 'verdict',
    id: verdict.id,
    revision: verdict.revision,
    final: verdict.final,
    time: isoTime(verdict.time),
    source: orNull(outermost?.source),
    ...place(outermost),
    request_id: orNull(verdict.requestId),
    trace_id: orNull(verdict.trace?.traceId),
    span_id: orNull(verdict.trace?.spanId),
    status: orNull(verdict.status),
    method: orNull(verdict.method),
    host: orNull(verdict.host),
    path: orNull(verdict.path),
    upstream: orNull(verdict.upstream),
    peer: orNull(verdict.peer),
    duration_ms: verdict.duration === undefined ? null : rounded(verdict.duration, 3),
    rows: verdict.rows.map((row) => ({ source: row.source, ...place(row) })),
    merged_into: orNull(verdict.mergedInto),
    outcome: verdict.outcome,
    generator: verdict.generator,
    hop: verdict.hop,
    decision: verdict.decision,
    cause: verdict.cause,
    mechanism: orNull(verdict.mechanism),
    confidence: rounded(verdict.confidence, 3),
    mechanism_confidence: rounded(verdict.mechanismConfidence, 3),
    certainty: verdict.certainty,
    candidates: verdict.candidates.map(({ cause, mechanism, confidence }) => ({
      cause,
      mechanism,
      confidence: rounded(confidence, 3),
    })),
    evidence: verdict.evidence.map(({ fact, weight, text, row }) => ({
      fact,
      weight_db: rounded(weight, 1),
      text,
      ...place(row),
    })),
    primary: orNull(verdict.primary),
    remedy: verdict.remedy.map(remedyObject),
    would_settle: verdict.wouldSettle.map(({ field, text }) => ({ field, text })),
    incident: orNull(verdict.incident),
    ruleset: orNull(verdict.ruleset),
  };
}
