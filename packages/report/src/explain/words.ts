import type { ExplainedFailure, Symptom } from '@why502/model';
import type { LookName } from './looks.ts';
import { sightingWords } from './sighting-words.ts';
import { statusWords } from './status-words.ts';
import { symptomWords } from './symptom-words.ts';

interface Words {
  readonly means: string;
  readonly looks: readonly LookName[];
}

/** The symptom that a failure is told by: of several lines the last, as it is the one that the client's status came from. */
export function symptomOf({ errors }: ExplainedFailure): Symptom | undefined {
  return (
    errors.findLast(({ symptom }) => symptom !== 'other' && symptom !== 'peer_disabled')?.symptom ??
    errors.at(-1)?.symptom
  );
}

export function words(failure: ExplainedFailure): Words {
  if (failure.sighting !== undefined) return sightingWords[failure.sighting];
  const symptom = symptomOf(failure);
  return symptom === undefined ? statusWords(failure.verdict.status ?? 0) : symptomWords[symptom];
}
