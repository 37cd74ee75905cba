/**
 * The fields of an access log line in their order, as the user guide of Application Load Balancers names them ("Access
 * logs", syntax table; the last three by the AWS CDK, `CfnLoadBalancerAlbAccessLogsRecordFields`). New fields are added at
 * the end: the oldest lines have 17.
 */
export const accessFields = [
  'type',
  'time',
  'elb',
  'client:port',
  'target:port',
  'request_processing_time',
  'target_processing_time',
  'response_processing_time',
  'elb_status_code',
  'target_status_code',
  'received_bytes',
  'sent_bytes',
  'request',
  'user_agent',
  'ssl_cipher',
  'ssl_protocol',
  'target_group_arn',
  'trace_id',
  'domain_name',
  'chosen_cert_arn',
  'matched_rule_priority',
  'request_creation_time',
  'actions_executed',
  'redirect_url',
  'error_reason',
  'target:port_list',
  'target_status_code_list',
  'classification',
  'classification_reason',
  'conn_trace_id',
  'transformed_host',
  'transformed_uri',
  'request_transform_status',
  'ip_address',
  'target_error_code',
  'elb_error_code',
] as const;

export type AccessField = (typeof accessFields)[number];

/** Those that stand in quotes. */
export const quotedFields: ReadonlySet<AccessField> = new Set([
  'request',
  'user_agent',
  'trace_id',
  'domain_name',
  'chosen_cert_arn',
  'actions_executed',
  'redirect_url',
  'error_reason',
  'target:port_list',
  'target_status_code_list',
  'classification',
  'classification_reason',
  'transformed_host',
  'transformed_uri',
  'request_transform_status',
]);

/** The places of fields in a line; -1 for a field that it does not hold. */
export type FieldPlaces = Readonly<Record<AccessField, number>>;

export function placesOf(fields: readonly string[]): FieldPlaces {
  const places = accessFields.map((field) => [field, fields.indexOf(field)] as const);
  return Object.fromEntries(places) as Record<AccessField, number>;
}
