import type { TraceContext } from '@why502/model';

const traceparent = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}/i;

/** `Root` of X-Amzn-Trace-Id: a version, the second of the first request, and what is random. */
const amazonRoot = /^1-([0-9a-f]{8})-([0-9a-f]{24})$/i;

/** Of digits that may be none, are too few or all zeros, which stand for "no trace" (https://www.w3.org/TR/trace-context/#trace-id). */
export function traceContext(
  traceId: string | undefined,
  spanId: string | undefined,
): TraceContext | undefined {
  const trace = idOf(traceId, 32);
  return trace === undefined ? undefined : { traceId: trace, spanId: idOf(spanId, 16) };
}

/**
 * Of a W3C `traceparent` header. One whose version is ff or whose span is zeros counts as none
 * (https://www.w3.org/TR/trace-context/#version, #parent-id).
 */
export function contextOfTraceparent(text: string | undefined): TraceContext | undefined {
  const [, version, traceId, spanId] = (text === undefined ? null : traceparent.exec(text)) ?? [];
  const context = version?.toLowerCase() === 'ff' ? undefined : traceContext(traceId, spanId);
  return context?.spanId === undefined ? undefined : context;
}

/**
 * Of X-Amzn-Trace-Id, by its parts `Root` and `Parent`. Both hyphens left out, a root is the trace id that OpenTelemetry knows
 * (https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-traceids).
 */
export function contextOfAmazon(
  root: string | undefined,
  parent: string | undefined,
): TraceContext | undefined {
  const [, second, random] = (root === undefined ? null : amazonRoot.exec(root)) ?? [];
  return second === undefined ? undefined : traceContext(`${second}${random}`, parent);
}

function idOf(text: string | undefined, digits: number): string | undefined {
  if (text?.length !== digits || !/^[0-9a-f]+$/i.test(text) || /^0+$/.test(text)) return undefined;
  return text.toLowerCase();
}
