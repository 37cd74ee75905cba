import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type HopSource, hopOf, type SourceKind } from '@why502/model';
import { type Answer, corpusFolder, type Label, linesOf, type Recording } from './corpus.ts';

/** A line of a log. */
export interface LabelledRow {
  readonly source: HopSource;
  /** As the command names it that is given the folders of a recording from within its `logs`. */
  readonly file: string;
  /** Decompressed, from 1. */
  readonly line: number;
  /** It is a line of an error log. */
  readonly error: boolean;
}

/** What is known about one request that failed somewhere on its way. */
export interface ChainTruth extends Label {
  readonly requestKey: string;
  readonly outcome: string;
  /** Every line about it, those of the outermost hop first and those of error logs last. */
  readonly rows: readonly LabelledRow[];
}

/** One recording of one or more hops that requests passed. */
export interface ChainRecording extends Recording {
  readonly truth: readonly ChainTruth[];
  /** Those whose logs it holds, the outermost first. */
  readonly hops: readonly HopSource[];
  /** The folder below which each hop has one, relative to `corpusFolder`. */
  readonly logs: string;
}

/** `chain-sim` was at hand while the mechanisms were written. */
const chainCorpora = ['chain-sim', 'chain-own'] as const;

/** The order in which a request meets them. */
export const hopsInOrder: readonly HopSource[] = ['cloudflare', 'alb', 'nginx'];

/** All recordings of the chain, in order of corpus and name; none of a corpus that is not there. */
export function chainRecordings(): readonly ChainRecording[] {
  return chainCorpora.flatMap((corpus) => {
    const folder = join(corpusFolder, corpus);
    if (!existsSync(folder)) return [];
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => recording(corpus, name))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  });
}

function recording(corpus: string, name: string): ChainRecording {
  const folder = join(corpus, name);
  const logs = join(folder, 'logs');
  const { faults }: ScenarioFile = JSON.parse(linesOf(join(folder, 'scenario.json')).join('\n'));
  return {
    name,
    corpus,
    truth: linesOf(join(folder, 'truth.jsonl')).map(truth),
    healthy: faults.every(({ cause }) => cause === undefined),
    hops: hopsInOrder.filter((hop) => existsSync(join(corpusFolder, logs, hop))),
    logs,
  };
}

interface ScenarioFile {
  /** What was done to the system; what does no harm has no cause. */
  readonly faults: readonly { readonly cause?: string }[];
}

interface TruthLine extends Answer {
  readonly request_key: string;
  readonly outcome: string;
  readonly generator_hop: string;
  readonly rows: readonly {
    readonly source: SourceKind;
    readonly file: string;
    readonly line: number;
    readonly kind?: string;
  }[];
  readonly accept?: readonly Answer[];
}

function truth(line: string): ChainTruth {
  const { request_key, cause, mechanism, outcome, generator_hop, rows, accept }: TruthLine = JSON.parse(line);
  return {
    requestKey: request_key,
    cause,
    mechanism,
    accept: accept ?? [],
    outcome,
    // Nobody got the status of a client that was gone: it has a writer and no maker.
    ...(mechanism === 'client_abort' ? {} : { hop: generator_hop }),
    rows: rows
      .map(({ source, file, line, kind }) => ({ source: hopOf(source), file, line, error: kind === 'error' }))
      .sort((a, b) => Number(a.error) - Number(b.error) || rank(a) - rank(b)),
  };
}

function rank({ source }: LabelledRow): number {
  return hopsInOrder.indexOf(source);
}
