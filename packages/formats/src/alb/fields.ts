/**
 * The fields of an access log line in their order, by the names of vended delivery (AWS CDK,
 * `CfnLoadBalancerAlbAccessLogsRecordFields`); the user guide of Application Load Balancers ("Access logs", syntax table)
 * writes `client:port`, `target:port`, `target:port_list` and, for `request_line`, `request`. New fields are added at the
 * end: the oldest lines have 17. The last two are named by one public parser only, and no value of theirs is known.
 */
export const accessFields = [
  'type',
  'time',
  'elb',
  'client_port',
  'target_port',
  'request_processing_time',
  'target_processing_time',
  'response_processing_time',
  'elb_status_code',
  'target_status_code',
  'received_bytes',
  'sent_bytes',
  'request_line',
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
  'target_port_list',
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
export const quotedFields: ReadonlySet<string> = new Set<AccessField | ConnectionField>([
  'request_line',
  'user_agent',
  'trace_id',
  'domain_name',
  'chosen_cert_arn',
  'actions_executed',
  'redirect_url',
  'error_reason',
  'target_port_list',
  'target_status_code_list',
  'classification',
  'classification_reason',
  'transformed_host',
  'transformed_uri',
  'request_transform_status',
  'leaf_client_cert_subject',
]);

/** Of a health check log line (user guide, "Health check logs"; the last two by the CDK). */
export const healthFields = [
  'type',
  'time',
  'latency',
  'target_addr',
  'target_group_id',
  'status',
  'status_code',
  'reason_code',
  'elb',
  'ip_address',
] as const;

/** Of a connection log line (user guide, "Connection logs", where `time` is `timestamp`; the last two by the CDK). */
export const connectionFields = [
  'time',
  'client_ip',
  'client_port',
  'listener_port',
  'tls_protocol',
  'tls_cipher',
  'tls_handshake_latency',
  'leaf_client_cert_subject',
  'leaf_client_cert_validity',
  'leaf_client_cert_serial_number',
  'tls_verify_status',
  'conn_trace_id',
  'tls_keyexchange',
  'elb',
  'ip_address',
] as const;

type ConnectionField = (typeof connectionFields)[number];

const otherSpellings: Readonly<Record<string, string>> = { request: 'request_line', timestamp: 'time' };

/** A field by the name that is used here, however a header or a key spells it. */
export function fieldOf(name: string): string {
  const plain = name
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_');
  return otherSpellings[plain] ?? plain;
}

/** The places of fields in a line; -1 for a field that it does not hold. */
export type FieldPlaces = Readonly<Record<AccessField, number>>;

export function placesOf(fields: readonly string[]): FieldPlaces {
  const places = accessFields.map((field) => [field, fields.indexOf(field)] as const);
  return Object.fromEntries(places) as Record<AccessField, number>;
}
