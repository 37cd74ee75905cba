import type { Evidence, HopSource, LoggedField, Mechanism, Wish } from '@why502/model';

type Field = Wish['field'];

const ofNginx: Readonly<Record<LoggedField, string>> = {
  attempts: 'add $upstream_addr to the log_format: which peers were tried',
  attempt_status: 'add $upstream_status to the log_format: what each try ended in',
  attempt_connect: 'add $upstream_connect_time to the log_format: whether the connection came up',
  attempt_header: 'add $upstream_header_time to the log_format: whether the upstream itself answered',
  attempt_response: 'add $upstream_response_time to the log_format: when each try ended',
  attempt_bytes_received:
    'add $upstream_bytes_received to the log_format: whether the peer had begun to answer',
  duration: 'add $request_time to the log_format: how long the request took',
  host: 'add $host to the log_format: which site was asked',
  service: 'add $proxy_host to the log_format: which upstream group was asked',
  request_id: 'add $request_id to the log_format: the same request in other logs',
  connection: 'add $connection to the log_format: it equals the *N of the error log',
  client: 'add $remote_addr to the log_format',
  method: 'add "$request" to the log_format',
  user_agent: 'add "$http_user_agent" to the log_format',
  place: 'name the log file after the host it is of',
  code: 'give the error log of the same time as well',
  trail: 'add $http_cf_ray or $http_x_amzn_trace_id to the log_format: the same request at other hops',
};

/** A log in a bucket holds all of them; what is delivered by way of CloudWatch Logs holds the fields that were chosen. */
const ofBalancer: Partial<Record<LoggedField, string>> = {
  attempts: 'choose the field target:port for the delivery of the log: which target was asked',
  attempt_status: 'choose the field target_status_code: whether the target itself answered',
  attempt_connect: 'choose the field request_processing_time: whether the connection came up',
  attempt_header: 'choose the field target_processing_time: when the target answered',
  attempt_response: 'choose the field request_creation_time: how long the request took',
  duration: 'choose the field request_creation_time: how long the request took',
  host: 'choose the fields request and domain_name: which site was asked',
  service: 'choose the field target_group_arn: which target group was asked',
  client: 'choose the field client:port',
  method: 'choose the field request',
  user_agent: 'choose the field user_agent',
  code: 'choose the fields error_reason and actions_executed: what the load balancer says itself',
  trail: 'choose the field trace_id: the same request at other hops',
};

/** Fields of Logpush's `http_requests`. The edge has no connection or request id but its ray. */
const ofEdge: Partial<Record<LoggedField, string>> = {
  attempts: 'add OriginIP to the fields of the job: which origin was asked',
  attempt_status: 'add OriginResponseStatus to the fields of the job: whether the origin itself answered',
  attempt_connect:
    'add OriginTCPHandshakeDurationMs and OriginTLSHandshakeDurationMs to the fields of the job: whether the connection came up',
  attempt_header:
    'add OriginResponseHeaderReceiveDurationMs to the fields of the job: when the origin began to answer',
  attempt_response: 'add OriginResponseDurationMs to the fields of the job: how long the origin took',
  duration: 'add EdgeStartTimestamp and EdgeEndTimestamp to the fields of the job: how long the request took',
  host: 'add ClientRequestHost to the fields of the job: which site was asked',
  service: 'add ClientRequestHost to the fields of the job: which site was asked',
  client: 'add ClientIP to the fields of the job',
  method: 'add ClientRequestMethod to the fields of the job',
  user_agent: 'add ClientRequestUserAgent to the fields of the job',
  place: 'add EdgeColoCode to the fields of the job: whether one place of the edge fails alone',
  code: 'add the response header cf-error-type to the custom fields of the job, and WorkerStatus to its fields: what the edge says itself',
  trail: 'add RayID and ParentRayID to the fields of the job: the same request at other hops',
};

const fieldTexts: Partial<Record<HopSource, Partial<Record<LoggedField, string>>>> = {
  nginx: ofNginx,
  alb: ofBalancer,
  cloudflare: ofEdge,
};

const errorLog = 'give the error log of the same time as well, with error_log … warn';

const healthChecks =
  'turn on the health check logs of the load balancer (health_check_logs.s3.enabled) and give them as well: whether the target failed for all or for this request only';

const nextHop: Partial<Record<HopSource, string>> = {
  nginx:
    'give the log of the gateway behind nginx as well, for the same minutes: it says what it answered for',
  alb: 'give the log of the targets as well, nginx or the application, for the same minutes: whether the request came there, and what became of it',
  cloudflare:
    'give the log of the origin as well, its load balancer or web server, for the same minutes: whether the request came there, and what became of it',
};

/** What is known when wishes are made. */
export interface Known {
  readonly hop: HopSource;
  readonly logged: ReadonlySet<LoggedField>;
  /** The error log has something to say, or has had nothing. */
  readonly errorLine: boolean;
  readonly evidence: readonly Evidence[];
  /** The verdict is sure already. */
  readonly sure: boolean;
}

/** What the best candidates need and the logs did not hold, most wanted first. */
export function wishes(candidates: readonly Mechanism[], known: Known): readonly Wish[] {
  const { hop, logged, errorLine, evidence, sure } = known;
  const wanted = new Set<Field>();
  // Who only passed an error on says nothing of its reason, however sure that is.
  if (evidence.some(({ fact }) => isOfGateway(fact)) && !sees(evidence, 'inner_hop')) wanted.add('next_hop');
  if (!sure) {
    for (const { needs, weigh } of candidates) {
      for (const need of needs) {
        if (need !== 'error_log') {
          if (!logged.has(need)) wanted.add(need);
        } else if (hop === 'nginx') {
          if (!errorLine) wanted.add('error_log');
        } else if (!sees(evidence, 'inner_hop')) wanted.add('next_hop');
      }
      const asksForChecks = hop === 'alb' && weigh.some(({ kind }) => kind === 'health');
      if (asksForChecks && sees(evidence, 'registration') && !sees(evidence, 'health'))
        wanted.add('health_checks');
    }
  }
  return [...wanted]
    .flatMap((field) => {
      const text = textOf(field, hop);
      return text === undefined ? [] : [{ field, text }];
    })
    .slice(0, 4);
}

function isOfGateway(fact: Evidence['fact']): boolean {
  return fact.kind === 'relayed' && (fact.status === 502 || fact.status === 504);
}

function sees(evidence: readonly Evidence[], kind: Evidence['fact']['kind']): boolean {
  return evidence.some(({ fact }) => fact.kind === kind);
}

/** Undefined for what the hop cannot log. */
function textOf(field: Field, hop: HopSource): string | undefined {
  if (field === 'error_log') return errorLog;
  if (field === 'health_checks') return healthChecks;
  return field === 'next_hop' ? nextHop[hop] : fieldTexts[hop]?.[field];
}
