import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createClassifier, identity } from '@why502/classifier';
import { createNames, recognise } from '@why502/formats';
import { mechanisms } from '@why502/mechanisms';
import { type Classifier, columns, instant, type Names, ofInterest } from '@why502/model';
import { resultLine } from '@why502/report';
import { corpusFolder, type Scenario } from '../corpus.ts';
import { type Match, match, type VerdictObject } from './matching.ts';
import type { Condition } from './replay.ts';

const endOfTime = instant(8.64e15);

/**
 * The verdicts about a scenario's failures with raw posteriors for confidences. A recording is small and lasts minutes,
 * so it is read whole and one watermark at its end does.
 */
export function posteriors(scenario: Scenario, condition: Condition): readonly Match[] {
  const verdicts: VerdictObject[] = [];
  const names = createNames();
  const classifier = createClassifier({
    mechanisms,
    names,
    calibration: identity,
    emit: (result) => {
      if (result.kind !== 'verdict') return;
      const { confidence, mechanismConfidence: mechanism_confidence } = result.verdict;
      verdicts.push({ ...JSON.parse(resultLine(result)), confidence, mechanism_confidence });
    },
  });
  for (const path of condition.logs(scenario)) feed(path, names, classifier);
  classifier.advance(endOfTime, 'end_of_input');
  return match(scenario.truth, verdicts, scenario.combined).matches;
}

function feed(path: string, names: Names, classifier: Classifier): void {
  const file = readFileSync(join(corpusFolder, path));
  const bytes = path.endsWith('.gz') ? gunzipSync(file) : file;
  const format = recognise(bytes)?.format;
  if (format === undefined) return;
  const decoder = format.decoder(path, names);
  const rows = columns(4_096);
  for (let at = 0; at < bytes.length; ) {
    rows.count = 0;
    at = decoder.scan(bytes, at, bytes.length, true, rows);
    if (format.source !== 'nginx_error') classifier.count(rows, 0, rows.count, format.source);
    for (let row = 0; row < rows.count; row++) {
      if ((rows.flags[row]! & ofInterest) === 0) continue;
      const record = decoder.read(bytes, rows.from[row]!, rows.to[row]!, rows.line[row]!);
      if ('kind' in record) classifier.take(record);
    }
  }
}
