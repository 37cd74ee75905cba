import type { LoggedField, Mechanism, Wish } from '@why502/model';

const texts: Readonly<Record<LoggedField | 'error_log', string>> = {
  error_log: 'give the error log of the same time as well, with error_log … warn',
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
  place: 'log the place at the hop, such as EdgeColoCode',
  code: 'log the code of the failure, such as cf-error-type',
  trail: 'add $http_cf_ray or $http_x_amzn_trace_id to the log_format: the same request at other hops',
};

/** What the best candidates need and the logs did not hold, most wanted first. */
export function wishes(
  candidates: readonly Mechanism[],
  logged: ReadonlySet<LoggedField>,
  errorLine: boolean,
): readonly Wish[] {
  const wanted = new Set<LoggedField | 'error_log'>();
  for (const { needs } of candidates) {
    for (const need of needs) if (need === 'error_log' ? !errorLine : !logged.has(need)) wanted.add(need);
  }
  return [...wanted].slice(0, 4).map((field) => ({ field, text: texts[field] }));
}
