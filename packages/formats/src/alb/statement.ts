import type { Statement, Symptom } from '@why502/model';

/** What a line says of how the load balancer came to its answer. Each is undefined where the line has `-` or nothing. */
export interface Outcome {
  readonly status: number;
  readonly targetStatus: number | undefined;
  readonly target: string | undefined;
  readonly targetGroup: string | undefined;
  readonly actions: readonly string[];
  readonly reason: string | undefined;
  readonly transformStatus: string | undefined;
  readonly classification: string | undefined;
  readonly classificationReason: string | undefined;
}

/**
 * What the load balancer states by a code; undefined where it does not. Codes: user guide, "Error reason codes" and
 * "Classification reasons"; statuses: "Troubleshoot your Application Load Balancers". Codes that came later are known by
 * how they begin.
 */
export function statementOf(outcome: Outcome): Statement | undefined {
  const { status, reason, transformStatus, actions } = outcome;
  const ofReason = reason === undefined ? undefined : symptomOfReason(reason);
  if (ofReason !== undefined) return { symptom: ofReason, code: reason! };
  if (transformStatus !== undefined && transformStatus !== 'TransformSuccess' && status >= 500)
    return { symptom: 'rewrite_failed', code: transformStatus };
  const ofAction = actions.length === 0 ? undefined : symptomOfActions(outcome);
  if (ofAction !== undefined) return { symptom: ofAction, code: actions.at(-1)! };
  const ofStatus = symptomOfStatus(outcome);
  if (ofStatus !== undefined) return { symptom: ofStatus, code: String(status).padStart(3, '0') };
  if (status === 400 && outcome.classification === 'Severe')
    return { symptom: 'client_invalid', code: outcome.classificationReason ?? 'Severe' };
  return undefined;
}

/** Rows of beginnings of codes, the first that fits counting. */
const reasons: readonly (readonly [RegExp, Symptom])[] = [
  [
    /^Lambda(Throttling|ENILimitReached|SubnetIPAddressLimitReached|EC2Throttled|TooManyRequests)/,
    'function_throttled',
  ],
  [/^Lambda(InvalidResponse|ResponseTooLarge)/, 'function_answer_invalid'],
  [/^Lambda(ConnectionError|ConnectionTimeout|Service)/, 'function_unreachable'],
  [/^LambdaRequestTooLarge/, 'client_invalid'],
  [/^LambdaUnhandled/, 'function_failed'],
  [
    /^Lambda(AccessDenied|BadRequest|EC2|EFS|Invalid|KMS|ResourceNotFound|ResourceConflict|Runtime|Websocket)/,
    'function_set_up_wrong',
  ],
  [/^Lambda/, 'function_failed'],
  // What a visitor brings to the login by cookie or query, or fails to.
  [/^Auth(InvalidCookie|InvalidStateParam|InvalidAWSALBAuthNonce|Missing)/, 'login_refused'],
  [/^Auth/, 'login_service_failed'],
  [/^AWSALBTGCookieInvalid/, 'client_invalid'],
  [/^(WAF|WeightedTargetGroups)/, 'hop_failed'],
  [/^Transform/, 'rewrite_failed'],
];

function symptomOfReason(reason: string): Symptom | undefined {
  return reasons.find(([beginning]) => beginning.test(reason))?.[1];
}

function symptomOfActions({ actions, targetStatus, target, status }: Outcome): Symptom | undefined {
  const last = actions.at(-1);
  if (last === 'fixed-response' || last === 'redirect') return 'answered_by_rule';
  if (target !== undefined || targetStatus !== undefined) return undefined;
  if (last === 'waf-failed') return 'hop_failed';
  // The firewall lets a request on to the next action, unless it refuses it.
  if (last === 'waf' && status < 500) return 'answered_by_rule';
  return undefined;
}

function symptomOfStatus({
  status,
  target,
  targetStatus,
  targetGroup,
  actions,
}: Outcome): Symptom | undefined {
  if (targetStatus !== undefined) return undefined;
  if (status === 460) return 'client_closed';
  // More than thirty addresses in X-Forwarded-For: proxies that ask each other, or a client that made them up.
  if (status === 463) return 'request_loop';
  if (status === 464) return 'protocol_version_refused';
  if (status === 401) return 'login_refused';
  if (status === 561) return 'login_service_failed';
  if (status === 0) return 'client_invalid';
  const isForwarded = actions.length === 0 || actions.includes('forward');
  const hasNoTarget = target === undefined && targetGroup !== undefined;
  return status === 503 && isForwarded && hasNoTarget ? 'no_peer_registered' : undefined;
}
