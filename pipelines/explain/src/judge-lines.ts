import { accompanies, createClassifier } from '@why502/classifier';
import { createNames } from '@why502/formats';
import {
  type ErrorRecord,
  instant,
  type Mechanism,
  type RequestRecord,
  type RowRef,
  type Sighting,
  type Verdict,
} from '@why502/model';

const endOfTime = instant(8.64e15);

export interface PickedLines {
  readonly errors: readonly ErrorRecord[];
  readonly requests: readonly RequestRecord[];
  /** What other programs said. */
  readonly sightings: readonly Sighting[];
  readonly mechanisms: readonly Mechanism[];
}

/**
 * A verdict for every request, and for every error line that no request claims. Lines that only accompany a failure
 * have one where there is no failure to accompany. In order of (time, id).
 */
export function judgeLines(lines: PickedLines): readonly Verdict[] {
  const ofRequests = lines.requests.length === 0 ? [] : run(lines, false);
  const claimed = new Set(ofRequests.flatMap(({ rows }) => rows.filter(isErrorRow).map(({ line }) => line)));
  const alone = lines.errors.filter(({ row }) => !claimed.has(row.line));
  const telling = alone.filter(({ symptom }) => !accompanies(symptom));
  const isTold = ofRequests.length > 0 || telling.length > 0;
  const errors = isTold ? alone.filter((line) => tells(line)) : alone;
  const ofLines = errors.length === 0 ? [] : run({ ...lines, errors, requests: [] }, true);
  return [...ofRequests, ...ofLines].sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1));
}

/** A peer is put aside for a failure, which the verdict then names. */
function tells({ symptom }: ErrorRecord): boolean {
  return symptom === 'peer_disabled' || !accompanies(symptom);
}

function isErrorRow({ source }: RowRef): boolean {
  return source === 'nginx_error';
}

function run({ errors, requests, sightings, mechanisms }: PickedLines, errorLogAlone: boolean): Verdict[] {
  const verdicts: Verdict[] = [];
  const classifier = createClassifier({
    mechanisms,
    names: createNames(),
    errorLogAlone,
    errorLogZoneMin: requests.find(({ zoneOffsetMin }) => zoneOffsetMin !== undefined)?.zoneOffsetMin ?? 0,
    picked: { sightings },
    emit: (result) => {
      // Incidents are not handed out, so their ids would lead nowhere.
      if (result.kind === 'verdict') verdicts.push({ ...result.verdict, incident: undefined });
    },
  });
  for (const record of [...errors, ...requests]) classifier.take(record);
  classifier.advance(endOfTime, 'end_of_input');
  return verdicts;
}
