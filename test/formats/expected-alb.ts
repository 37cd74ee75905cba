import type { Disagreement, Expected } from './expected.ts';

const format = 'ALB access log';

export const albTable: Readonly<Record<string, Expected>> = {
  'examples-from-docs.log': { format, requests: 6, strange: [1, 2, 3, 4] },
  'aws-alb-http-bad-user-agent.log': { format, requests: 4 },
  'aws-alb-logs.log': { format, requests: 14 },
  'classic_loadbalancer_http_entry.csv': { format: 'Classic Load Balancer access log', strange: [1] },
  'loadbalancer_cloudfront_forward.csv': { format, requests: 1, failed: { 502: 1 } },
  'loadbalancer_cloudfront_forward_h2.csv': { format, requests: 1, failed: { 502: 1 } },
  'loadbalancer_cloudfront_forward_refused.csv': { format, requests: 1, failed: { 502: 1 } },
  'loadbalancer_http2_entry.csv': { format, requests: 1 },
  'loadbalancer_http2_entry_auth_error.csv': { format, requests: 1 },
  'loadbalancer_http2_entry_auth_missing.csv': { format, requests: 1 },
  'loadbalancer_http_entry.csv': { format, requests: 1 },
  'loadbalancer_https_entry.csv': { format, requests: 1 },
  'loadbalancer_lambda_entry.csv': { format, requests: 1 },
  'loadbalancer_lambda_failed_entry.csv': { format, requests: 1, failed: { 502: 1 } },
  'loadbalancer_secured_websockets_entry.csv': { format, requests: 1 },
  'loadbalancer_websockets_entry.csv': { format, requests: 1 },
  '20190519T1900Z_3.9.40.91_3p9141h0.log': { format, requests: 44 },
  // Four lines of a Classic Load Balancer and two of a Network Load Balancer stand behind ours.
  'aws_elb_access.log': { format, requests: 10, strange: [11, 12, 13, 14, 15, 16] },
  'alb_al_insufficient_fields.log': { format: 'not recognised', strange: [1] },
  // Refused by its own project for its type, `invalid`. The user guide has unknown types ignored, and all else is there.
  'alb_al_invalid_syntax.log': { format, requests: 1 },
  'alb_al_valid_logs.log': { format, requests: 2 },
  'AppELBLog.log': { format, requests: 668 },
  'AppELBLogWithNewFields.log': { format, requests: 1 },
  'UrlEncodedPath.log': { format: 'Classic Load Balancer access log', strange: [1] },
  'multipart-zst.log': { format, requests: 12, failed: { 503: 12 } },
};

export const albDisagreements: readonly Disagreement[] = [];
