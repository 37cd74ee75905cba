import type { Format, LoggedField } from '@why502/model';
import { accessFormat } from './access.ts';
import { type AccessField, accessFields } from './fields.ts';
import { classic, quotingAt } from './layout.ts';
import { placeWords } from './words.ts';

/** The fields of a line that a thing is told by. Vended delivery lets each be chosen. */
const fieldsFor: Partial<Readonly<Record<LoggedField, readonly AccessField[]>>> = {
  attempts: ['target_port'],
  attempt_status: ['target_status_code'],
  attempt_connect: ['request_processing_time'],
  attempt_header: ['target_processing_time'],
  attempt_response: ['request_creation_time'],
  duration: ['request_creation_time', 'response_processing_time'],
  host: ['request_line'],
  method: ['request_line'],
  service: ['target_group_arn'],
  code: ['error_reason', 'actions_executed', 'request_transform_status'],
  client: ['client_port'],
  user_agent: ['user_agent'],
  place: ['ip_address'],
  trail: ['trace_id', 'conn_trace_id'],
};

/** Names to choose for a delivery, so that its lines tell these things. */
export function albFieldsFor(told: readonly LoggedField[]): readonly string[] {
  return [...new Set(told.flatMap((field) => fieldsFor[field] ?? []))];
}

/** A log as a delivery with few fields would write it. */
export interface LogSubset {
  readonly format: Format;
  /** A line of all fields as the delivery would write it. */
  line(whole: string): string;
}

/** What a delivery writes that was told to write what these things are told by. */
export function albSubset(told: ReadonlySet<LoggedField>): LogSubset {
  const chosen = new Set<string>(['time', 'elb_status_code', ...albFieldsFor([...told])]);
  const fields = accessFields.filter((field) => chosen.has(field));
  const layout = { ...classic.access, fields, header: fields.join(' ') };
  const spans = new Int32Array(2 * accessFields.length);
  return {
    format: accessFormat(layout),
    line(whole) {
      const bytes = Buffer.from(whole);
      placeWords(bytes, 0, bytes.length, spans, layout.separator, (word) => quotingAt(classic.access, word));
      const words = fields.map((field) => {
        const at = accessFields.indexOf(field);
        return spans[2 * at]! < 0 ? '-' : `"${bytes.toString('utf8', spans[2 * at], spans[2 * at + 1])}"`;
      });
      return words.join(' ');
    },
  };
}
