import type { Logged } from '@why502/model';

/** What to add for it, and what it says; for people who do not know the variable. */
export const loggedWords: Readonly<Record<Logged, { readonly name: string; readonly says: string }>> = {
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
};
