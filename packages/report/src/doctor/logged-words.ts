import type { DiagnosedHop, Logged } from '@why502/model';

interface Words {
  /** What to add for it, by the name that the hop gives it. */
  readonly name: string;
  /** What it says; for people who do not know the field. */
  readonly says: string;
}

const ofNginx: Readonly<Record<Logged, Words>> = {
  error_log: { name: 'the error log', says: 'why an attempt failed, in the words of nginx' },
  warnings: { name: 'error_log … warn', says: 'when a peer was put aside, and which answers were odd' },
  attempts: { name: '$upstream_addr', says: 'which peers were tried' },
  attempt_status: { name: '$upstream_status', says: 'what each try ended in, also where a retry hid it' },
  attempt_connect: { name: '$upstream_connect_time', says: 'whether the connection came up' },
  attempt_header: { name: '$upstream_header_time', says: 'whether the upstream itself answered' },
  attempt_response: {
    name: '$upstream_response_time',
    says: 'when each try ended, and so which timer ended it',
  },
  attempt_bytes_received: { name: '$upstream_bytes_received', says: 'whether the peer had begun to answer' },
  duration: { name: '$request_time', says: 'how long a request took: load and timers' },
  host: { name: '$host', says: 'which site was asked' },
  service: { name: '$proxy_host', says: 'which group of peers was asked' },
  request_id: { name: '$request_id', says: 'the same request in other logs' },
  connection: { name: '$connection', says: 'the *N of the error log: joins both logs for sure' },
  client: { name: '$remote_addr', says: 'how many clients were hit' },
  method: { name: '"$request"', says: 'what was asked, and whether it could be repeated' },
  place: { name: 'the place at the hop', says: 'whether one place alone fails' },
  code: { name: 'the code of the failure', says: 'what the hop itself says of it' },
  trail: { name: '$http_x_amzn_trace_id or $http_cf_ray', says: 'the same request at other hops' },
  user_agent: { name: '"$http_user_agent"', says: 'which crawlers were hit' },
  health_log: { name: 'the health check log', says: 'whether a target was well before and after' },
};

const ofBalancer: Partial<Readonly<Record<Logged, Words>>> = {
  attempts: { name: 'target_port', says: 'which target was asked' },
  attempt_status: { name: 'target_status_code', says: 'whether the target itself answered, and what' },
  attempt_connect: { name: 'request_processing_time', says: 'whether the request came to the target' },
  attempt_header: { name: 'target_processing_time', says: 'how long the target took' },
  attempt_response: {
    name: 'request_creation_time',
    says: 'when it began, and so which timer ended it',
  },
  duration: { name: 'request_creation_time', says: 'how long a request took: load and timers' },
  host: { name: 'request_line', says: 'which site was asked' },
  method: { name: 'request_line', says: 'what was asked, and whether it could be repeated' },
  service: { name: 'target_group_arn', says: 'which target group was asked' },
  code: { name: 'error_reason, actions_executed', says: 'what the load balancer itself says of it' },
  client: { name: 'client_port', says: 'how many clients were hit' },
  user_agent: { name: 'user_agent', says: 'which crawlers were hit' },
  place: { name: 'ip_address', says: 'whether one node alone fails' },
  trail: { name: 'trace_id', says: 'the same request in the log of the target' },
  request_id: { name: "Cloudflare's ray in trace_id", says: "the same request in the edge's log" },
};

const ofEdge: Partial<Readonly<Record<Logged, Words>>> = {
  attempts: { name: 'OriginIP', says: 'which origin was asked' },
  attempt_status: { name: 'OriginResponseStatus', says: 'whether the origin itself answered, and what' },
  attempt_connect: { name: 'OriginTCPHandshakeDurationMs', says: 'whether the connection came up' },
  attempt_header: { name: 'OriginResponseHeaderReceiveDurationMs', says: 'how long the origin took' },
  attempt_response: { name: 'OriginResponseDurationMs', says: 'when it ended, and so which timer ended it' },
  duration: {
    name: 'EdgeStartTimestamp, EdgeEndTimestamp',
    says: 'how long a request took: load and timers',
  },
  host: { name: 'ClientRequestHost', says: 'which site was asked' },
  method: { name: 'ClientRequestMethod', says: 'what was asked, and whether it could be repeated' },
  service: { name: 'ClientRequestHost', says: 'which site was asked' },
  code: { name: 'cf-error-type', says: 'which of its own errors the edge showed' },
  client: { name: 'ClientIP', says: 'how many clients were hit' },
  user_agent: { name: 'ClientRequestUserAgent', says: 'which crawlers were hit' },
  place: { name: 'EdgeColoCode', says: 'whether one data centre alone fails' },
  trail: { name: 'RayID', says: 'the same request at other hops' },
};

const ofHop: Readonly<Record<DiagnosedHop, Partial<Readonly<Record<Logged, Words>>>>> = {
  nginx: ofNginx,
  alb: ofBalancer,
  cloudflare: ofEdge,
};

/** What a thing that can be logged is called at a hop, and what it says. */
export function loggedWords(hop: DiagnosedHop, field: Logged): Words {
  return ofHop[hop][field] ?? ofNginx[field];
}
