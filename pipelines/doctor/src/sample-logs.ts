import { createClassifier } from '@why502/classifier';
import { advised, combined, createNames, errorFormat, textFormat } from '@why502/formats';
import {
  type Columns,
  columns,
  type Decoder,
  instant,
  type Logged,
  type LogRecord,
  type Mechanism,
  type MechanismCase,
  type MechanismId,
  type Names,
  ofInterest,
  type Verdict,
} from '@why502/model';

const endOfTime = instant(8.64e15);

/** Keys that the samples hold. */
const sampled: ReadonlySet<string> = new Set(['rt', 'uct', 'uht', 'urt', 'ua', 'us', 'ubr', 'host']);

/** Candidates below one in a hundred are not told, so this is what is left for them. */
const leastShown = 0.01;

/** What is logged. */
export interface LoggedSet {
  readonly fields: ReadonlySet<Logged>;
  /** There is an access log at all. */
  readonly access: boolean;
}

/** How well a sample log of a mechanism tells it. */
export interface Told {
  readonly mechanism: MechanismId;
  /** Probability that its verdicts give to the mechanism, on the mean. */
  readonly sureness: number;
  /** Share of its verdicts that name it. */
  readonly named: number;
}

interface Sample {
  readonly mechanism: MechanismId;
  readonly lines: readonly { readonly head: string; readonly values: ReadonlyMap<string, string> }[];
  readonly errors: readonly string[];
}

/**
 * The sample logs that every mechanism brings, with their answers, written anew as logs of some format would have
 * them: so it can be measured what each field of a log is good for, by the classifier itself.
 */
export class SampleLogs {
  readonly #mechanisms: readonly Mechanism[];
  readonly #samples: readonly Sample[];

  /** @param words the proxy's error log is at hand: samples without one are left out where there are others */
  constructor(mechanisms: readonly Mechanism[], words: boolean) {
    this.#mechanisms = mechanisms;
    this.#samples = mechanisms.flatMap(({ id, cases }) => {
      const samples = cases()
        .filter((one) => isAnswered(one, id))
        .map((one) => sampleOf(id, one));
      const worded = samples.filter(({ errors }) => errors.length > 0);
      return words && worded.length > 0 ? worded : samples;
    });
  }

  /** @param only samples of these mechanisms; all unless given */
  told(logged: LoggedSet, only?: ReadonlySet<MechanismId>): readonly Told[] {
    const reading = new Reading(logged);
    return this.#samples
      .filter(({ mechanism }) => only?.has(mechanism) !== false)
      .map((sample) => toldBy(sample.mechanism, this.#verdicts(sample, reading)));
  }

  #verdicts(sample: Sample, reading: Reading): readonly Verdict[] {
    const verdicts: Verdict[] = [];
    const errors = reading.errorLines(sample);
    const classifier = createClassifier({
      mechanisms: this.#mechanisms,
      names: reading.names,
      errorLog: errors.length > 0,
      errorLogAlone: !reading.logged.access,
      emit: (result) => {
        if (result.kind === 'verdict' && result.verdict.final) verdicts.push(result.verdict);
      },
    });
    if (reading.logged.access) {
      const requests = reading.access(sample, (rows) => classifier.count(rows, 0, rows.count, 'nginx'));
      for (const request of requests) classifier.take(request);
    }
    for (const line of errors) classifier.take(line);
    classifier.advance(endOfTime, 'end_of_input');
    return verdicts;
  }
}

/** Reads samples as logs with these fields would be read. Its tables of names are large, and shared by all samples. */
class Reading {
  readonly logged: LoggedSet;
  readonly names: Names = createNames();
  readonly #keys: readonly string[];
  readonly #accessLog: Decoder;
  readonly #errorLog: Decoder = errorFormat.decoder('error.log', this.names);

  constructor(logged: LoggedSet) {
    this.logged = logged;
    const held = advised.filter(
      ([key, , field]) => field !== undefined && logged.fields.has(field) && sampled.has(key),
    );
    this.#keys = held.map(([key]) => key);
    const tail = held.map(([key, variable]) => ` ${key}="$${variable}"`).join('');
    this.#accessLog = textFormat(combined + tail).decoder('access.log', this.names);
  }

  access({ lines }: Sample, count: (rows: Columns) => void): readonly LogRecord[] {
    const tail = (values: ReadonlyMap<string, string>) =>
      this.#keys.map((key) => ` ${key}="${values.get(key) ?? '-'}"`).join('');
    return recordsOf(
      this.#accessLog,
      lines.map(({ head, values }) => head + tail(values)),
      count,
    );
  }

  errorLines({ errors }: Sample): readonly LogRecord[] {
    const { fields } = this.logged;
    if (!fields.has('error_log')) return [];
    const written = fields.has('warnings')
      ? errors
      : errors.filter((line) => !/\[(?:warn|notice|info)\]/.test(line));
    return recordsOf(this.#errorLog, written);
  }
}

function recordsOf(
  decoder: Decoder,
  lines: readonly string[],
  count?: (rows: Columns) => void,
): readonly LogRecord[] {
  if (lines.length === 0) return [];
  const bytes = Buffer.from(`${lines.join('\n')}\n`);
  const rows = columns(lines.length);
  decoder.scan(bytes, 0, bytes.length, true, rows);
  count?.(rows);
  const records: LogRecord[] = [];
  for (let row = 0; row < rows.count; row++) {
    if ((rows.flags[row]! & ofInterest) === 0) continue;
    const record = decoder.read(bytes, rows.from[row]!, rows.to[row]!, rows.line[row]!);
    if ('kind' in record) records.push(record);
  }
  return records;
}

/** Only logs of nginx are written anew. What only a configuration decides is no matter of what is logged. */
function isAnswered({ expect, configurations = [], ...logs }: MechanismCase, id: MechanismId): boolean {
  const isOfNginx = logs.access !== undefined || logs.error !== undefined;
  return isOfNginx && 'is' in expect && expect.is === id && configurations.length === 0;
}

function sampleOf(mechanism: MechanismId, { access = '', error }: MechanismCase): Sample {
  return {
    mechanism,
    lines: access.split('\n').map((line) => {
      const [head = '', tail = ''] = line.split(/(?<="x")(?= )/);
      const pairs = [...tail.matchAll(/(\w+)=(?:"([^"]*)"|(\S+))/g)];
      return { head, values: new Map(pairs.map(([, key, quoted, bare]) => [key!, quoted ?? bare ?? ''])) };
    }),
    errors: error === undefined ? [] : error.split('\n'),
  };
}

function toldBy(mechanism: MechanismId, verdicts: readonly Verdict[]): Told {
  const mean = (of: (verdict: Verdict) => number) =>
    verdicts.length === 0 ? 0 : verdicts.reduce((sum, one) => sum + of(one), 0) / verdicts.length;
  return {
    mechanism,
    sureness: Math.max(
      leastShown,
      mean((verdict) => surenessOf(verdict, mechanism)),
    ),
    named: mean((verdict) => (verdict.mechanism === mechanism ? 1 : 0)),
  };
}

function surenessOf({ mechanism, mechanismConfidence, candidates }: Verdict, id: MechanismId): number {
  if (mechanism === id) return mechanismConfidence;
  return candidates.find((one) => one.mechanism === id)?.confidence ?? 0;
}
