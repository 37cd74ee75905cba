import { edgeFieldsFor } from '@why502/formats';
import type { Logged, LoggedField, LoggingAdvice } from '@why502/model';

/** What a rule for answers sets, so that the code of the edge's own error pages is in a header that can be logged. */
const codeRule = [
  'when   cf.response.error_type ne ""',
  'set    cf-error-code    to_string(cf.response.1xxx_code)',
].join('\n');

/** The same header, and the one that the edge itself may send, among the custom fields of answers. */
const codeFields = 'response_fields    cf-error-type, cf-error-code';

/** What to add to the job that delivers the logs, and to the rules of the zone. */
export function edgeAdvice(missing: readonly Logged[]): readonly LoggingAdvice[] {
  const fields = edgeFieldsFor(missing.filter((field): field is LoggedField => field !== 'code'));
  const advice = (place: LoggingAdvice['place'], lines: string): LoggingAdvice => ({
    place,
    written: undefined,
    addedTo: undefined,
    lines,
  });
  return [
    ...(fields.length > 0 ? [advice('job_fields', fields.join('\n'))] : []),
    ...(missing.includes('code')
      ? [advice('response_header_rule', codeRule), advice('job_custom_fields', codeFields)]
      : []),
  ];
}
