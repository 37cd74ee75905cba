import { albFieldsFor } from '@why502/formats';
import type { AdvicePlace, DiagnosedLog, Logged, LoggedField, LoggingAdvice } from '@why502/model';

/** What the rule of the edge sets, so that the load balancer logs the ray with its trace and hands it on. */
const rayRule = 'X-Amzn-Trace-Id    concat("CFRay=", cf.ray_id)';

/** By the user guide of Application Load Balancers, "Enable health check logs". */
const healthLog = [
  'aws elbv2 modify-load-balancer-attributes --load-balancer-arn ARN --attributes \\',
  '  Key=health_check_logs.s3.enabled,Value=true Key=health_check_logs.s3.bucket,Value=BUCKET',
].join('\n');

/** What to switch on at a load balancer, and in front of it. */
export function balancerAdvice(
  missing: readonly Logged[],
  logs: readonly DiagnosedLog[],
): readonly LoggingAdvice[] {
  // What is put into a bucket as of old holds all that a load balancer of its age knows.
  const chosen = logs.filter(({ missing: lacks, format }) => lacks !== undefined && isChosen(format));
  const lacking = new Set(chosen.flatMap(({ missing: lacks }) => lacks ?? []));
  const fields = albFieldsFor([...lacking].filter((field): field is LoggedField => field !== 'request_id'));
  return [
    ...(missing.includes('health_log') ? [written('balancer_attributes', healthLog)] : []),
    ...(fields.length > 0 ? [written('delivery_fields', fields.join('\n'))] : []),
    ...(missing.includes('request_id') ? [written('request_header_rule', rayRule)] : []),
  ];
}

/** Whether somebody chose the fields of these logs. */
function isChosen(format: string | undefined): boolean {
  return /JSON|chosen/.test(format ?? '');
}

function written(place: AdvicePlace, lines: string): LoggingAdvice {
  return { place, written: undefined, addedTo: undefined, lines };
}
