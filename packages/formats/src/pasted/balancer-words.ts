import { type Millis, millis, type Statement, type Symptom } from '@why502/model';
import { statementOf } from '../alb/statement.ts';
import type { SeenStatus } from './seen-status.ts';

/** `HTTPCode_ELB_502_Count`, `HTTPCode_Target_5XX_Count = 0`: a metric of CloudWatch, with its value if one stands there. */
const codeMetric = /\bHTTPCode_(ELB|Target)_(5\d\d|5XX)(?:_Count)?\b(?:\s*(?:is|are|=|:)\s*(0)\b(?![.\d]))?/g;

/** Other metrics of an Application Load Balancer (AWS guide, "CloudWatch metrics"), with the status that goes with them. */
const metrics: readonly (readonly [RegExp, number, Symptom])[] = [
  [/\bTargetTLSNegotiationErrorCount\b/, 502, 'tls_refused'],
  [/\bLambdaUserError\b/, 502, 'function_failed'],
  [/\bLambdaInternalError\b/, 502, 'function_unreachable'],
  [/\bELBAuthError\b/, 500, 'login_service_failed'],
  [/\bELBAuthFailure\b/, 401, 'login_refused'],
];

/** Fields of the access log by their names, as a query of Athena prints them and people write them. */
const namedField =
  /\b(elb_status_code|target_status(?:_code)?|(?:request|target|response)_processing_time)\b["'`]?\s{0,3}(?:is|=|:|\|)?\s{0,3}["'`]?(-?\d[\d.]{0,12}|-)/gi;

/** A reason as the load balancer spells it (user guide, "Error reason codes"). */
const reasonCode = /\b((?:Lambda|Auth|WAF|Transform)(?:[A-Z][A-Za-z]{2,20}){1,6})\b/;

/** What words of a load balancer say that stand outside of its log: a metric, a reason, fields by name. */
export function balancerWords(text: string): SeenStatus | undefined {
  return ofMetric(text) ?? ofFields(text) ?? ofReason(text);
}

function ofMetric(text: string): SeenStatus | undefined {
  for (const [, whose, code, zero] of text.matchAll(codeMetric)) {
    if (zero !== undefined) continue;
    const relayed = whose === 'Target';
    const status = code === '5XX' ? (relayed ? 500 : 502) : Number(code);
    return relayed
      ? { status, source: 'other', said: undefined, relayed }
      : { status, source: 'alb', said: balancerStatement(status), relayed };
  }
  const found = metrics.find(([name]) => name.test(text));
  if (found === undefined) return undefined;
  const [name, status, symptom] = found;
  return { status, source: 'alb', said: { symptom, code: name.exec(text)![0] }, relayed: false };
}

function ofFields(text: string): SeenStatus | undefined {
  const fields = new Map<string, string>();
  for (const [, name, value] of text.matchAll(namedField))
    fields.set(name!.toLowerCase().replace(/_code$/, ''), value!);
  const own = fields.get('elb_status') ?? (fields.size > 0 ? /\b(50[0-4])\b/.exec(text)?.[1] : undefined);
  const status = Number(own);
  if (own === undefined || !(status >= 400 && status < 600)) return undefined;
  const ofTarget = Number(fields.get('target_status'));
  if (ofTarget === status) return { status, source: 'other', said: undefined, relayed: true };
  const [connect, response] = ['request_processing_time', 'target_processing_time'].map((name) =>
    seconds(fields.get(name)),
  );
  const isTimed = fields.has('request_processing_time') || fields.has('target_processing_time');
  return {
    status,
    source: 'alb',
    said: balancerStatement(status, reasonCode.exec(text)?.[1]),
    relayed: false,
    // A target that took time was connected, whatever is left out.
    ...(isTimed
      ? { attempt: { connect: connect ?? (response === undefined ? undefined : millis(0)), response } }
      : {}),
  };
}

function ofReason(text: string): SeenStatus | undefined {
  const reason = reasonCode.exec(text)?.[1];
  const status = Number(/\b([45]\d\d)\b/.exec(text)?.[1] ?? 502);
  const said = reason === undefined ? undefined : balancerStatement(status, reason);
  return said?.code === reason && said !== undefined
    ? { status, source: 'alb', said, relayed: false }
    : undefined;
}

function seconds(text: string | undefined): Millis | undefined {
  const value = Number(text);
  return text === undefined || !(value >= 0) ? undefined : millis(value * 1_000);
}

/** What a status of a load balancer says by itself, or the reason beside it. */
export function balancerStatement(status: number, reason?: string): Statement | undefined {
  return statementOf({
    status,
    targetStatus: undefined,
    target: undefined,
    // A load balancer without a target group makes no error by itself.
    targetGroup: '',
    actions: [],
    reason,
    transformStatus: undefined,
    classification: undefined,
    classificationReason: undefined,
  });
}
