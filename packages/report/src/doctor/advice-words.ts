import type { AdvicePlace } from '@why502/model';

/** Where lines are to be written, and what is to be done then; for people who have done neither before. */
export const adviceWords: Readonly<Record<AdvicePlace, { readonly where: string; readonly after?: string }>> =
  {
    nginx_conf: { where: 'in the http block of nginx.conf:', after: 'nginx -t && nginx -s reload' },
    delivery_fields: {
      where: 'among the record fields of the delivery of these logs (load balancer, Integrations):',
    },
    balancer_attributes: {
      where: 'in a shell, with your load balancer and a bucket that it may write to:',
    },
    job_fields: { where: 'among the fields of the Logpush job of http_requests:' },
    job_custom_fields: { where: 'among the custom fields of the Logpush job:' },
    request_header_rule: {
      where: 'at Cloudflare, as a request header transform rule, set dynamic:',
    },
    response_header_rule: {
      where: 'at Cloudflare, as a response header transform rule, set dynamic:',
    },
  };
