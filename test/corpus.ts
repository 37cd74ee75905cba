import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** An answer about one request: the label, or another that a fair judge also counts as right. */
export interface Answer {
  readonly cause: string;
  readonly mechanism: string;
}

/** What a request is judged by. */
export interface Label extends Answer {
  readonly accept: readonly Answer[];
  /** Who made the final status, as in a verdict; absent where that is not known or says nothing. */
  readonly hop?: string;
  /** Absent where every label of the recording is about a failure. */
  readonly outcome?: string;
}

/** What is known about one failed request of a recording, from what was done to the system. */
export interface Truth extends Label {
  readonly requestId: string;
  /** Line in the combined log, decompressed, from 1. */
  readonly combinedLine: number;
}

/** What recordings of every kind have. */
export interface Recording {
  readonly name: string;
  /** The folder below `corpusFolder` that it lies in. */
  readonly corpus: string;
  readonly truth: readonly Label[];
  /** Nothing was done to the system, so that nothing is to be found but visitors who left. */
  readonly healthy: boolean;
}

/** One recording of nginx. Paths are relative to `corpusFolder`, so that output which names them is the same everywhere. */
export interface Scenario extends Recording {
  readonly corpus: Corpus;
  readonly extended: string;
  readonly error: string;
  readonly combined: string;
  readonly json: string;
  /** Versions of nginx.conf, oldest first. */
  readonly configurations: readonly string[];
  readonly truth: readonly Truth[];
  /** Requests that were broken off after a status that is no failure. They are not in the truth. */
  readonly truncated: readonly Truth[];
}

/** The folder of this workspace, whether the caller runs from its sources or from what was built of them. */
export const testFolder = dirname(createRequire(import.meta.url).resolve('@why502/test/package.json'));

export const corpusFolder = join(testFolder, 'corpus');

/** Of nginx: `nginx-lab` was at hand while the mechanisms were written, `nginx-own` comes from `lab/`. */
export type Corpus = (typeof corpora)[number];

export const corpora = ['nginx-lab', 'nginx-own'] as const;

/** All recordings of a corpus, in order of their names; none where it is not there. */
export function scenarios(corpus: Corpus = 'nginx-lab'): readonly Scenario[] {
  const folder = join(corpusFolder, corpus);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => scenario(corpus, name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function scenario(corpus: Corpus, name: string): Scenario {
  const folder = join(corpus, name);
  const truth = truths(join(folder, 'truth.jsonl'));
  return {
    name,
    corpus,
    extended: maybePacked(join(folder, 'logs', 'access.extended.log')),
    error: maybePacked(join(folder, 'logs', 'error.log')),
    combined: join(folder, 'same-traffic', 'access.combined.log.gz'),
    json: join(folder, 'same-traffic', 'access.json.log.gz'),
    configurations: configurationsOf(folder),
    truth,
    healthy: truth.length === 0,
    truncated: truths(join(folder, 'truncated.jsonl')),
  };
}

/** None where there is no such file. */
function truths(path: string): readonly Truth[] {
  return existsSync(join(corpusFolder, path)) ? linesOf(path).map(truth) : [];
}

/** Of a file below `corpusFolder` that may be packed, without empty ones. */
export function linesOf(path: string): readonly string[] {
  const found = maybePacked(path);
  const bytes = readFileSync(join(corpusFolder, found));
  const lines = (found.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString().split('\n');
  return lines.filter((line) => line !== '');
}

function maybePacked(path: string): string {
  return existsSync(join(corpusFolder, path)) ? path : `${path}.gz`;
}

/** The last one has no number behind its name. */
function configurationsOf(folder: string): readonly string[] {
  const names = readdirSync(join(corpusFolder, folder)).filter((name) => name.startsWith('nginx.conf.'));
  return [...names.sort(), 'nginx.conf'].map((name) => join(folder, name));
}

interface TruthLine extends Answer {
  readonly request_id: string;
  readonly line: number;
  readonly accept: readonly Answer[];
}

function truth(line: string): Truth {
  const { request_id, line: combinedLine, cause, mechanism, accept }: TruthLine = JSON.parse(line);
  return { requestId: request_id, combinedLine, cause, mechanism, accept };
}
