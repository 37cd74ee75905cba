import type { RequestIdentity, TraceContext } from '@why502/model';
import { contextOfAmazon, contextOfTraceparent } from './trace-context.ts';

/** Cloudflare's id of a request: 16 hex digits, sent on with the place of the data centre behind it. */
const ray = /^([0-9a-f]{16})(?:-[A-Z]{3})?$/i;

/** A name in X-Amzn-Trace-Id by which people send Cloudflare's id on, as ALB keeps fields that it does not know. */
const rayField = /^cf-?ray$/i;

/** The ray of a `Cf-Ray` header or a `RayID`; none for text that is no ray, such as `00`. */
export function rayIds(text: string | undefined): readonly RequestIdentity[] {
  const value = text === undefined ? undefined : ray.exec(text)?.[1];
  return value === undefined ? [] : [{ kind: 'ray', value: value.toLowerCase() }];
}

/** The ids in `Root=1-…;Self=1-…;CFRay=…`, the value of X-Amzn-Trace-Id. */
export function amazonTraceIds(text: string | undefined): readonly RequestIdentity[] {
  const ids: RequestIdentity[] = [];
  for (const [name, value] of amazonParts(text)) {
    if (name === 'Root') ids.push({ kind: 'trace_root', value });
    else if (name === 'Self') ids.push({ kind: 'trace_self', value });
    else if (rayField.test(name)) ids.push(...rayIds(value));
  }
  return ids;
}

/** The trace that X-Amzn-Trace-Id names. */
export function amazonTrace(text: string | undefined): TraceContext | undefined {
  const parts = new Map(amazonParts(text));
  return contextOfAmazon(parts.get('Root'), parts.get('Parent'));
}

/** The trace id of a W3C `traceparent` header. */
export function traceparentIds(text: string | undefined): readonly RequestIdentity[] {
  return traceIds(contextOfTraceparent(text));
}

/** The trace ids of several contexts, each once. */
export function traceIds(...contexts: readonly (TraceContext | undefined)[]): readonly RequestIdentity[] {
  const values = new Set(contexts.flatMap((context) => context?.traceId ?? []));
  return [...values].map((value) => ({ kind: 'traceparent', value }));
}

function amazonParts(text: string | undefined): readonly (readonly [name: string, value: string])[] {
  return (text?.split(';') ?? []).map((part) => {
    const at = part.indexOf('=');
    return [part.slice(0, at).trim(), part.slice(at + 1).trim()];
  });
}
