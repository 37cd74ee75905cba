import { advised, combined, createNames, errorFormat, textFormat } from '@why502/formats';
import type { Columns, Decoder, LogRecord, MechanismCase, Names } from '@why502/model';
import type { LoggedSet, SampleReading, SampleWriting } from './sample-logs.ts';
import { recordsOf } from './sample-records.ts';

/** Keys that the samples hold. */
const sampled: ReadonlySet<string> = new Set(['rt', 'uct', 'uht', 'urt', 'ua', 'us', 'ubr', 'host']);

interface NginxSample {
  readonly lines: readonly { readonly head: string; readonly values: ReadonlyMap<string, string> }[];
  readonly errors: readonly string[];
}

/** Access logs as some format would have them, and the error log where one is kept. */
export const nginxSamples: SampleWriting<NginxSample> = {
  source: 'nginx',
  sampleOf({ access, error }: MechanismCase) {
    if (access === undefined && error === undefined) return undefined;
    return {
      lines: (access ?? '').split('\n').map((line) => {
        const [head = '', tail = ''] = line.split(/(?<="x")(?= )/);
        const pairs = [...tail.matchAll(/(\w+)=(?:"([^"]*)"|(\S+))/g)];
        return { head, values: new Map(pairs.map(([, key, quoted, bare]) => [key!, quoted ?? bare ?? ''])) };
      }),
      errors: error === undefined ? [] : error.split('\n'),
    };
  },
  hasWords: ({ errors }) => errors.length > 0,
  reading: (logged) => new NginxReading(logged),
};

/** Reads samples as logs with these fields would be read. Its tables of names are large, and shared by all samples. */
class NginxReading implements SampleReading<NginxSample> {
  readonly #logged: LoggedSet;
  readonly names: Names = createNames();
  readonly #keys: readonly string[];
  readonly #accessLog: Decoder;
  readonly #errorLog: Decoder = errorFormat.decoder('error.log', this.names);

  constructor(logged: LoggedSet) {
    this.#logged = logged;
    const held = advised.filter(
      ([key, , field]) => field !== undefined && logged.fields.has(field) && sampled.has(key),
    );
    this.#keys = held.map(([key]) => key);
    const tail = held.map(([key, variable]) => ` ${key}="$${variable}"`).join('');
    this.#accessLog = textFormat(combined + tail).decoder('access.log', this.names);
  }

  requests({ lines }: NginxSample, count: (rows: Columns) => void): readonly LogRecord[] {
    const tail = (values: ReadonlyMap<string, string>) =>
      this.#keys.map((key) => ` ${key}="${values.get(key) ?? '-'}"`).join('');
    return recordsOf(
      this.#accessLog,
      lines.map(({ head, values }) => head + tail(values)),
      count,
    );
  }

  beside({ errors }: NginxSample): readonly LogRecord[] {
    const { fields } = this.#logged;
    if (!fields.has('error_log')) return [];
    const written = fields.has('warnings')
      ? errors
      : errors.filter((line) => !/\[(?:warn|notice|info)\]/.test(line));
    return recordsOf(this.#errorLog, written);
  }
}
