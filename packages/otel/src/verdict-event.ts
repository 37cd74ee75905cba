import {
  type Attributes,
  type LogRecord,
  ROOT_CONTEXT,
  SeverityNumber,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import type { Outcome, Verdict } from '@why502/model';
import { errorType, keys, sourceOf } from './attributes.ts';

const severities: Readonly<Record<Outcome, readonly [SeverityNumber, string]>> = {
  failed: [SeverityNumber.ERROR, 'ERROR'],
  truncated: [SeverityNumber.WARN, 'WARN'],
  masked: [SeverityNumber.WARN, 'WARN'],
  not_an_error: [SeverityNumber.DEBUG, 'DEBUG'],
};

/** Texts of the evidence that are told, the most telling first. */
const mostEvidence = 8;

/**
 * A verdict as an event. Its time is that of the request; a better answer is another event of the same id with a higher
 * revision. What is said of the request is what the report says: redacted, without client or query.
 */
export function verdictEvent(
  verdict: Verdict,
  titleOf: (mechanism: string) => string | undefined,
): LogRecord {
  const [severityNumber, severityText] = severities[verdict.outcome];
  return {
    eventName: 'why502.verdict',
    timestamp: verdict.time,
    severityNumber,
    severityText,
    body: sentence(verdict, titleOf),
    attributes: attributesOf(verdict),
    ...contextOf(verdict),
  };
}

/** No log tells whether the trace was sampled. */
function contextOf({ trace: told }: Verdict): Pick<LogRecord, 'context'> {
  if (told === undefined) return {};
  const { traceId, spanId = '' } = told;
  const span = { traceId, spanId, traceFlags: TraceFlags.NONE, isRemote: true };
  return { context: trace.setSpanContext(ROOT_CONTEXT, span) };
}

function sentence(
  { status, mechanism, cause, confidence, peer }: Verdict,
  titleOf: (mechanism: string) => string | undefined,
): string {
  const failed = status === undefined ? 'A request failed' : `Status ${status}`;
  if (mechanism === undefined) return `${failed}: the logs do not tell why`;
  const where = peer === undefined ? '' : ` (${peer})`;
  return `${failed}: ${titleOf(mechanism) ?? mechanism}${where}; ${cause}, ${Math.floor(100 * confidence)} % sure`;
}

function attributesOf(verdict: Verdict): Attributes {
  const [row] = verdict.rows;
  const told: Readonly<Record<string, Attributes[string] | undefined>> = {
    [keys.status]: verdict.status,
    [keys.method]: verdict.method,
    [keys.host]: verdict.host,
    // The path alone is what the name stands for; the names of a query's parts are left out with their values.
    [keys.path]: verdict.path?.split('?', 1)[0],
    ...peerOf(verdict.peer),
    [keys.service]: verdict.upstream,
    [keys.errorType]: errorType(verdict),
    [keys.source]: sourceOf(verdict),
    [keys.cause]: verdict.cause,
    [keys.outcome]: verdict.outcome,
    [keys.certainty]: verdict.certainty,
    [keys.generator]: verdict.generator,
    [keys.hop]: verdict.hop,
    'why502.verdict.id': verdict.id,
    'why502.verdict.revision': verdict.revision,
    'why502.verdict.final': verdict.final,
    'why502.ruleset': verdict.ruleset,
    'why502.decision': verdict.decision,
    'why502.confidence': verdict.confidence,
    'why502.candidates': verdict.candidates.map(
      ({ mechanism, confidence }) => `${mechanism} ${confidence.toFixed(3)}`,
    ),
    'why502.evidence': evidenceOf(verdict),
    'why502.would_settle': verdict.wouldSettle.map(({ text }) => text),
    'why502.incident': verdict.incident,
    'why502.primary': verdict.primary,
    'why502.merged_into': verdict.mergedInto,
    'why502.request_id': verdict.requestId,
    'log.file.path': row?.file,
    'why502.log.line': row?.line,
  };
  return Object.fromEntries(
    Object.entries(told).filter(([, value]) => value !== undefined && !isEmpty(value)),
  );
}

function isEmpty(value: Attributes[string]): boolean {
  return Array.isArray(value) && value.length === 0;
}

function evidenceOf({ evidence }: Verdict): readonly string[] {
  return evidence
    .toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
    .slice(0, mostEvidence)
    .map(({ text }) => text);
}

/** `10.0.0.7:8080` in two, and a path of a socket as it is (`network.peer.address` may be one). */
function peerOf(peer: string | undefined): Attributes {
  if (peer === undefined) return {};
  const parts = /^(.*):(\d{1,5})$/.exec(peer);
  if (parts === null) return { [keys.peer]: peer };
  return { [keys.peer]: parts[1]!.replace(/^\[|\]$/g, ''), [keys.port]: Number(parts[2]) };
}
