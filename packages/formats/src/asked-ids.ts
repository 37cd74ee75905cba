import type { RequestIdentity } from '@why502/model';
import { amazonTraceIds, rayIds, traceparentIds } from './trail.ts';

/** The name of a field that was copied along with its value. */
const fieldName =
  /^(?:(?:cf-?ray|x-(?:request|correlation|amzn-trace|amz-cf)-id|traceparent|ray ?id|request[ _-]?id|trace[ _-]?id)["']?\s*[:=]\s*)/i;

/** `1-65b07008-1d2e3f405162738495a6b7c8`, a part of X-Amzn-Trace-Id without its name. */
const amazonId = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/i;

/** 32 hex digits or a UUID, as most proxies and applications make them. */
const madeId = /^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/** What may stand for an id in a log at all. */
const anyId = /^[\w.:+=@/-]{6,128}$/;

/** The ids that a text of one word means, the surest reading of it; empty where it can be none. */
export function askedIds(text: string): readonly RequestIdentity[] {
  const asked = text
    .trim()
    .replace(fieldName, '')
    .replace(/^["'[(]+|["'\]),;]+$/g, '');
  if (amazonId.test(asked)) return [{ kind: 'trace_root', value: asked }];
  if (/^TID_[0-9a-f]{16,64}$/i.test(asked)) return [{ kind: 'connection', value: asked }];
  const known = [...rayIds(asked), ...amazonTraceIds(asked), ...traceparentIds(asked)];
  if (known.length > 0) return known;
  return anyId.test(asked) ? [{ kind: 'request', value: asked }] : [];
}

/** Whether the text has the form of an id, so that nothing else can be meant. */
export function isIdShape(text: string): boolean {
  const [id] = askedIds(text);
  return id !== undefined && (id.kind !== 'request' || madeId.test(id.value) || fieldName.test(text.trim()));
}
