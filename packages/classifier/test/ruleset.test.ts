import { decibans, httpStatus, type Mechanism, millis, says, supports, type Verdict } from '@why502/model';
import { expect, it } from 'vitest';
import { type Calibration, createClassifier, identity } from '../src/index.ts';
import { mechanism, names, request } from './sample.ts';

const refused = supports('symptom', 20, says('connect_refused'), 'the peer refused');
const status = supports('bare_status', 12, () => true, 'any status');
const rules: readonly Mechanism[] = [mechanism('refusal', [refused, status]), mechanism('other', [status])];

/** The ruleset that verdicts by these rules name. */
function named(mechanisms: readonly Mechanism[], calibration: Calibration = identity): string | undefined {
  const told: Verdict[] = [];
  const classifier = createClassifier({
    mechanisms,
    calibration,
    names: names(),
    emit: (result) => result.kind === 'verdict' && told.push(result.verdict),
  });
  classifier.take(
    request({
      at: 1_000,
      status: 502,
      attempts: [{ peer: '192.0.2.10:9000', status: httpStatus(502), response: millis(1) }],
    }),
  );
  classifier.advance(request({ at: 3_600_000, status: 200 }).end, 'end_of_input');
  expect(told).toHaveLength(1);
  return told[0]!.ruleset;
}

it('the same rules have the same name on every machine', () => {
  expect(named(rules)).toBe('2bf604d1e064');
});

it('what is said of a mechanism, or shown as an example, changes no name', () => {
  const [first, ...rest] = rules;
  const told = { ...first!, title: 'Refused', summary: 'Longer', success: 'Gone', references: [] };
  expect(named([told, ...rest])).toBe(named(rules));
});

it.each<[string, readonly Mechanism[], Calibration?]>([
  ['a weight', [mechanism('refusal', [refused, { ...status, db: decibans(13) }]), rules[1]!]],
  [
    'what a weight is about',
    [mechanism('refusal', [{ ...refused, why: 'the host did' }, status]), rules[1]!],
  ],
  ['a prior', [{ ...rules[0]!, prior: decibans(-11) }, rules[1]!]],
  ['a cause', [{ ...rules[0]!, cause: 'network' }, rules[1]!]],
  ['the order, by which ties are settled', rules.toReversed()],
  ['a mechanism less', rules.slice(0, 1)],
  [
    'the calibration of one level',
    rules,
    (level) => {
      const { cause, mechanism } = identity(level);
      return { cause, mechanism: level === 'code' ? { ...mechanism, cap: 0.9 } : mechanism };
    },
  ],
])('%s that is another makes another name', (_, mechanisms, calibration) => {
  expect(named(mechanisms, calibration)).toMatch(/^[0-9a-f]{12}$/);
  expect(named(mechanisms, calibration)).not.toBe(named(rules));
});
