import { httpStatus, millis, says, supports, type Verdict } from '@why502/model';
import { describe, expect, it } from 'vitest';
import { createClassifier, FirstLook, identity } from '../src/index.ts';
import { columnsOf, errorLine, mechanism, names, request } from './sample.ts';

const refusal = mechanism('refusal', [supports('symptom', 20, says('connect_refused'), 'refused')]);

const refused = (at: number) =>
  request({
    at,
    status: 502,
    duration: 1,
    attempts: [{ peer: '192.0.2.10:9000', status: httpStatus(502), response: millis(1) }],
  });

function firstLook(options: { readonly errorLogAlone?: boolean } = {}) {
  const said: Verdict[] = [];
  const look = new FirstLook({
    mechanisms: [refusal],
    names: names(),
    emit: (verdict) => said.push(verdict),
    calibration: identity,
    ...options,
  });
  return { look, said };
}

describe('a first look', () => {
  it('says within the call what a failure shows of itself, under the id of its final verdict', () => {
    const { look, said } = firstLook();
    const failed = refused(1_000);
    look.take(errorLine(failed, 'connect_refused'));
    look.take(failed);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatchObject({ revision: 0, final: false, mechanism: 'refusal', time: failed.end });

    const table = names();
    const finals: Verdict[] = [];
    const classifier = createClassifier({
      mechanisms: [refusal],
      names: table,
      emit: (result) => result.kind === 'verdict' && finals.push(result.verdict),
    });
    const rows = columnsOf([failed], table);
    classifier.count(rows, 0, rows.count, 'nginx');
    classifier.take(failed);
    classifier.advance(8.64e15 as typeof failed.end, 'end_of_input');
    expect(finals.map(({ id }) => id)).toEqual([said[0]!.id]);
  });

  it('is revised when a line about the request comes after it, and only if that says something else', () => {
    const { look, said } = firstLook();
    const failed = refused(1_000);
    look.take(failed);
    look.reconsider();
    expect(said.map(({ mechanism }) => mechanism)).toEqual([undefined]);
    look.take(errorLine(failed, 'connect_refused'));
    look.reconsider();
    expect(said.map(({ revision, mechanism }) => [revision, mechanism])).toEqual([
      [0, undefined],
      [1, 'refusal'],
    ]);
    look.take(errorLine(failed, 'other'));
    look.reconsider();
    expect(said).toHaveLength(2);
  });

  it('says nothing of what went well, and of lines only where there is no access log', () => {
    const { look, said } = firstLook();
    look.take(request({ at: 1_000 }));
    look.take(errorLine(refused(1_000), 'connect_refused', '7'));
    look.reconsider();
    expect(said).toEqual([]);
    const alone = firstLook({ errorLogAlone: true });
    alone.look.take(errorLine(refused(1_000), 'connect_refused', '7'));
    expect(alone.said.map(({ mechanism, status }) => [mechanism, status])).toEqual([['refusal', undefined]]);
  });
});
