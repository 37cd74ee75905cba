import { type ExplainedFailure, hopOf, type Symptom } from '@why502/model';
import { hopWords } from './hop-words.ts';
import type { LookName } from './looks.ts';
import { sightingWords } from './sighting-words.ts';
import { statusWords } from './status-words.ts';
import { symptomWords } from './symptom-words.ts';

interface Words {
  readonly means: string;
  readonly looks: readonly LookName[];
}

/** The symptom that a failure is told by: of several lines the last, as it is the one that the client's status came from. */
export function symptomOf({ errors, request }: ExplainedFailure): Symptom | undefined {
  return (
    errors.findLast(({ symptom }) => symptom !== 'other' && symptom !== 'peer_disabled')?.symptom ??
    errors.at(-1)?.symptom ??
    request?.said?.symptom
  );
}

export function words(failure: ExplainedFailure): Words {
  if (failure.sighting !== undefined) return sightingWords[failure.sighting];
  const row = failure.verdict.rows[0];
  const there = row === undefined ? undefined : hopWords(failure, hopOf(row.source));
  if (there !== undefined) return there;
  const symptom = symptomOf(failure);
  return symptom === undefined ? statusWords(failure.verdict.status ?? 0) : symptomWords[symptom];
}
