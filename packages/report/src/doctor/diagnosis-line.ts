import { type Diagnosis, visible, type Written } from '@why502/model';
import { orNull, rounded } from '../json/spelling.ts';

/** A diagnosis as a line of JSON, with a line break at the end. */
export function diagnosisLine({
  hop,
  logs,
  missing,
  traffic,
  basis,
  gains,
  reach,
  findings,
  advice,
}: Diagnosis): string {
  const object = {
    kind: 'diagnosis',
    hop,
    logs: logs.map((log) => ({
      file: log.file,
      format: orNull(log.format),
      source: orNull(log.source),
      lines: log.lines,
      faults: log.faults,
      missing: orNull(log.missing),
    })),
    missing,
    requests: traffic.requests,
    failures: traffic.failures,
    unexplained: traffic.unexplained,
    basis,
    gains: gains.map(({ field, bits, helps }) => ({ field, bits: rounded(bits, 3), helps })),
    reach: reach.map((one) => ({
      mechanism: one.mechanism,
      cause: one.cause,
      now: rounded(one.now, 3),
      advised: rounded(one.advised, 3),
      needs: orNull(one.needs),
      named: one.named,
    })),
    findings: findings.map(({ kind, written }) => ({ finding: kind, ...placed(written) })),
    advice: advice.map(({ place, written, addedTo, lines }) => ({
      place,
      lines,
      added_to: orNull(addedTo),
      ...placed(written),
    })),
  };
  return `${JSON.stringify(object, (_, value: unknown) => (typeof value === 'string' ? shown(value) : value))}\n`;
}

function placed(written: Written | undefined) {
  return { replaces: orNull(written?.text), file: orNull(written?.file), line: orNull(written?.line) };
}

/** Lines to write keep their line breaks. */
function shown(text: string): string {
  return text.split('\n').map(visible).join('\n');
}
