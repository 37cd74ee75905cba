import {
  httpStatus,
  type Instant,
  instant,
  millis,
  type RequestRecord,
  type Result,
  type RowRef,
  says,
  supports,
} from '@why502/model';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createClassifier, identity, type Resumption } from '../src/index.ts';
import { columnsOf, errorLine, mechanism, names, request } from './sample.ts';

const refusal = mechanism('refusal', [supports('symptom', 20, says('connect_refused'), 'refused')]);
const minute = 60_000;

/** Half an hour with a failure every seven seconds, of two services. */
const requests: readonly RequestRecord[] = Array.from({ length: 1_800 }, (_, index) => {
  const failing = index % 7 === 0;
  return request({
    at: index * 1_000,
    status: failing ? 502 : 200,
    duration: 1,
    service: index % 2 === 0 ? 'a' : 'b',
    attempts: [{ peer: '192.0.2.10:9000', status: httpStatus(failing ? 502 : 200), response: millis(1) }],
  });
});
const errors = requests.flatMap((one) => (one.status === 502 ? [errorLine(one, 'connect_refused')] : []));
const start = requests[0]!.end;

interface Part {
  /** Rows that are read, by their ends. */
  readonly from: number;
  readonly to: number;
  readonly resume?: Resumption;
}

/** Reads a part of the log in steps of ten seconds, as far as its rows go; to its end where nothing is to follow. */
function read({ from, to, resume }: Part) {
  const table = names();
  const results: Result[] = [];
  const classifier = createClassifier({
    mechanisms: [refusal],
    names: table,
    emit: (result) => results.push(JSON.parse(JSON.stringify(result))),
    traffic: true,
    growing: true,
    calibration: identity,
    resume,
  });
  let watermark = Number.NEGATIVE_INFINITY;
  for (const one of requests) {
    if (one.end < from || one.end >= to) continue;
    const rows = columnsOf([one], table);
    classifier.count(rows, 0, 1, 'nginx');
    for (const error of errors)
      if (error.wall === Math.floor(one.end / 1_000) * 1_000 && one.status === 502) classifier.take(error);
    if (one.status === 502) classifier.take(one);
    const step = Math.floor((one.end - minute) / 10_000) * 10_000;
    if (step <= watermark) continue;
    watermark = step;
    classifier.advance(instant(step), 'watermark');
  }
  if (to === Number.POSITIVE_INFINITY) classifier.advance(instant(8.64e15), 'end_of_input');
  const known = Number.isFinite(watermark) ? instant(watermark) : undefined;
  return { results, watermark: known, memory: classifier.remember() };
}

function resumption({ results, watermark, memory }: ReturnType<typeof read>, to: number): Resumption {
  const finals = results.flatMap((one) => (one.kind === 'verdict' ? [one.verdict] : []));
  const last = finals.at(-1);
  const mark = {
    last: last === undefined ? undefined : { time: last.time as Instant, id: last.id },
    isNew: ({ line }: RowRef) => requests.some(({ row, end }) => row.line === line && end >= to),
  };
  return { memory: JSON.parse(JSON.stringify(memory)), watermark, remembered: mark, published: mark };
}

const told = (kind: Result['kind'], results: readonly Result[]) =>
  results.filter((one) => one.kind === kind).map((one) => JSON.stringify(one));

it('a memory that is older than what was handed out is made up for without a word', () => {
  const whole = read({ from: start, to: Number.POSITIVE_INFINITY }).results;
  const older = read({ from: start, to: start + 12 * minute });
  const to = start + 15 * minute;
  const newer = read({ from: start, to });
  const resume = {
    ...resumption(newer, to),
    memory: older.memory,
    remembered: resumption(older, start + 12 * minute).remembered,
  };
  const after = read({ from: start, to: Number.POSITIVE_INFINITY, resume });
  expect([...told('verdict', newer.results), ...told('verdict', after.results)]).toEqual(
    told('verdict', whole),
  );
  const sizes = (results: readonly Result[]) =>
    new Map(
      results.flatMap((one) =>
        one.kind === 'incident' ? [[one.incident.id, one.incident.requests] as const] : [],
      ),
    );
  expect(sizes(after.results)).toEqual(sizes(whole));
});

it('a classifier that resumes says what was left to say, and nothing twice', () => {
  const whole = read({ from: start, to: Number.POSITIVE_INFINITY }).results;
  expect(told('verdict', whole).length).toBe(errors.length);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 30 * 60 }), (seconds) => {
      const to = start + seconds * 1_000;
      const before = read({ from: start, to });
      const again = before.watermark === undefined ? start : before.watermark - 18 * minute;
      const resume = resumption(before, to);
      const after = read({ from: again, to: Number.POSITIVE_INFINITY, resume });
      const both = [...before.results, ...after.results];
      expect(told('verdict', both)).toEqual(told('verdict', whole));
      expect(told('traffic', both)).toEqual(told('traffic', whole));
      const last = (results: readonly Result[]) => [
        ...new Map(
          results.flatMap((one) =>
            one.kind === 'incident' ? [[one.incident.id, { ...one.incident, revision: 0 }] as const] : [],
          ),
        ).values(),
      ];
      expect(last(both)).toEqual(last(whole));
    }),
    { numRuns: 20 },
  );
});
