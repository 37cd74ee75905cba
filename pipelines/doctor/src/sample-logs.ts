import { createClassifier } from '@why502/classifier';
import {
  type Columns,
  type DiagnosedHop,
  instant,
  type Logged,
  type LogRecord,
  type Mechanism,
  type MechanismCase,
  type MechanismId,
  type Names,
  type Verdict,
} from '@why502/model';

const endOfTime = instant(8.64e15);

/** Candidates below one in a hundred are not told, so this is what is left for them. */
const leastShown = 0.01;

/** What is logged. */
export interface LoggedSet {
  readonly fields: ReadonlySet<Logged>;
  /** There is a log of requests at all. */
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

/** How the samples of one hop are written anew. */
export interface SampleWriting<S> {
  readonly source: DiagnosedHop;
  /** The logs of a case; undefined where it has none of this hop. */
  sampleOf(one: MechanismCase): S | undefined;
  /** Whether it brings words of the hop beside its requests. */
  hasWords(sample: S): boolean;
  reading(logged: LoggedSet): SampleReading<S>;
}

/** Reads samples as logs with certain fields would be read. Its tables of names are large, and shared by all samples. */
export interface SampleReading<S> {
  readonly names: Names;
  requests(sample: S, count: (rows: Columns) => void): readonly LogRecord[];
  /** What the hop says beside the requests. */
  beside(sample: S): readonly LogRecord[];
}

/**
 * The sample logs that every mechanism brings, with their answers, written anew as logs of some format would have
 * them: so it can be measured what each field of a log is good for, by the classifier itself.
 */
export class SampleLogs<S> {
  readonly #mechanisms: readonly Mechanism[];
  readonly #writing: SampleWriting<S>;
  readonly #samples: readonly { readonly mechanism: MechanismId; readonly sample: S }[];

  /** @param words the words of the hop are at hand: samples without any are left out where there are others */
  constructor(writing: SampleWriting<S>, mechanisms: readonly Mechanism[], words: boolean) {
    this.#writing = writing;
    this.#mechanisms = mechanisms;
    this.#samples = mechanisms.flatMap(({ id, cases }) => {
      const samples = cases().flatMap((one) => {
        const sample = isAnswered(one, id) ? writing.sampleOf(one) : undefined;
        return sample === undefined ? [] : [{ mechanism: id, sample }];
      });
      const worded = samples.filter(({ sample }) => writing.hasWords(sample));
      return words && worded.length > 0 ? worded : samples;
    });
  }

  /** @param only samples of these mechanisms; all unless given */
  told(logged: LoggedSet, only?: ReadonlySet<MechanismId>): readonly Told[] {
    const reading = this.#writing.reading(logged);
    return this.#samples
      .filter(({ mechanism }) => only?.has(mechanism) !== false)
      .map(({ mechanism, sample }) => toldBy(mechanism, this.#verdicts(sample, reading, logged)));
  }

  #verdicts(sample: S, reading: SampleReading<S>, logged: LoggedSet): readonly Verdict[] {
    const { source } = this.#writing;
    const verdicts: Verdict[] = [];
    const beside = reading.beside(sample);
    const classifier = createClassifier({
      mechanisms: this.#mechanisms,
      names: reading.names,
      errorLog: source === 'nginx' && beside.length > 0,
      errorLogAlone: !logged.access,
      emit: (result) => {
        if (result.kind === 'verdict' && result.verdict.final) verdicts.push(result.verdict);
      },
    });
    if (logged.access) {
      const requests = reading.requests(sample, (rows) => classifier.count(rows, 0, rows.count, source));
      for (const request of requests) classifier.take(request);
    }
    for (const line of beside) classifier.take(line);
    classifier.advance(endOfTime, 'end_of_input');
    return verdicts;
  }
}

/** What only a configuration decides is no matter of what is logged. */
function isAnswered({ expect, configurations = [] }: MechanismCase, id: MechanismId): boolean {
  return 'is' in expect && expect.is === id && configurations.length === 0;
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
