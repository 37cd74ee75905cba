/**
 * The fields of the dataset http_requests that are read, by Cloudflare's names
 * (developers.cloudflare.com/logs/logpush/logpush-job/datasets/zone/http_requests). Which of them a log holds, and in which
 * order, whoever set the job up chose.
 */
export const fieldNames = [
  // Of every line, for the columns.
  'EdgeResponseStatus',
  'EdgeEndTimestamp',
  'EdgeStartTimestamp',
  'EdgeTimeToFirstByteMs',
  'ClientRequestHost',
  'ClientRequestURI',
  'ClientRequestPath',
  'OriginIP',
  'OriginResponseStatus',
  'OriginTCPHandshakeDurationMs',
  'OriginTLSHandshakeDurationMs',
  'EdgeColoCode',
  'ClientRequestSource',
  'WorkerSubrequest',
  'RayID',
  // Of failures.
  'ParentRayID',
  'ClientIP',
  'ClientRequestMethod',
  'ClientRequestProtocol',
  'ClientRequestUserAgent',
  'EdgeResponseBytes',
  'EdgeServerIP',
  'EdgePathingSrc',
  'EdgePathingOp',
  'EdgePathingStatus',
  'CacheCacheStatus',
  'OriginDNSResponseTimeMs',
  'OriginResponseHeaderReceiveDurationMs',
  'OriginResponseDurationMs',
  'OriginResponseTime',
  'OriginResponseBytes',
  'WorkerStatus',
  'RequestHeaders',
  'ResponseHeaders',
] as const;

export type FieldName = (typeof fieldNames)[number];

/** So many of the fields, the first ones, are looked at in every line. */
export const scannedFields: number = fieldNames.indexOf('ParentRayID');

/** The place of each field in `Values.spans`. */
export const fieldAt: Readonly<Record<FieldName, number>> = Object.fromEntries(
  fieldNames.map((name, field) => [name, field]),
) as Record<FieldName, number>;

/** Fields that say the same as another, and less well: each counts in lines without the better one. */
export const lesserFields: ReadonlyMap<number, number> = new Map([
  [fieldAt.ClientRequestPath, fieldAt.ClientRequestURI],
  [fieldAt.WorkerSubrequest, fieldAt.ClientRequestSource],
]);

const byPlainName = new Map(fieldNames.map((name, field) => [plain(name), field]));

/**
 * The field that a key or the head of a column names, -1 for none. Templates and databases write the names in a case of
 * their own, such as `edge_response_status`.
 */
export function fieldOfKey(key: string): number {
  return byPlainName.get(plain(key)) ?? -1;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[_\s.-]/g, '');
}
