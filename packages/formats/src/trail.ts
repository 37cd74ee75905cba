import type { RequestIdentity } from '@why502/model';

/** Cloudflare's id of a request: 16 hex digits, sent on with the place of the data centre behind it. */
const ray = /^([0-9a-f]{16})(?:-[A-Z]{3})?$/i;

/** A name in X-Amzn-Trace-Id by which people send Cloudflare's id on, as ALB keeps fields that it does not know. */
const rayField = /^cf-?ray$/i;

const traceparent = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/i;

/** The ray of a `Cf-Ray` header or a `RayID`; none for text that is no ray, such as `00`. */
export function rayIds(text: string | undefined): readonly RequestIdentity[] {
  const value = text === undefined ? undefined : ray.exec(text)?.[1];
  return value === undefined ? [] : [{ kind: 'ray', value: value.toLowerCase() }];
}

/** The ids in `Root=1-…;Self=1-…;CFRay=…`, the value of X-Amzn-Trace-Id. */
export function amazonTraceIds(text: string | undefined): readonly RequestIdentity[] {
  const ids: RequestIdentity[] = [];
  for (const part of text?.split(';') ?? []) {
    const at = part.indexOf('=');
    const name = part.slice(0, at).trim();
    const value = part.slice(at + 1).trim();
    if (name === 'Root') ids.push({ kind: 'trace_root', value });
    else if (name === 'Self') ids.push({ kind: 'trace_self', value });
    else if (rayField.test(name)) ids.push(...rayIds(value));
  }
  return ids;
}

/** The trace id of a W3C `traceparent` header (https://www.w3.org/TR/trace-context/#traceparent-header). */
export function traceparentIds(text: string | undefined): readonly RequestIdentity[] {
  const value = text === undefined ? undefined : traceparent.exec(text)?.[1];
  return value === undefined ? [] : [{ kind: 'traceparent', value: value.toLowerCase() }];
}
