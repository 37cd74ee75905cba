import { describe, expect, it } from 'vitest';
import type { Answer, Truth } from '../corpus.ts';
import { randomNumbers } from '../random.mjs';
import { match, type VerdictObject } from './matching.ts';
import { judge, judgeScenario, macroF1, score, scoreCauses } from './scorer.ts';

const down: Answer = { cause: 'upstream_fault', mechanism: 'process_down' };
const stale: Answer = { cause: 'dns_unpropagated', mechanism: 'stale_address' };
const partition: Answer = { cause: 'network', mechanism: 'connect_timeout' };
const silence: Answer = { cause: 'unknown', mechanism: 'unknown' };
const combinedLog = 'logs/combined.log';

function truth(number: number, label: Answer = down, accept: readonly Answer[] = []): Truth {
  return { requestId: `r${number}`, combinedLine: number, ...label, accept };
}

function verdict(
  number: number,
  said: Answer,
  confidence: number,
  more: Partial<VerdictObject> = {},
): VerdictObject {
  return {
    kind: 'verdict',
    id: `v${number}`,
    revision: 0,
    request_id: `r${number}`,
    file: 'logs/extended.log',
    line: number,
    rows: [{ file: 'logs/extended.log', line: number }],
    outcome: 'failed',
    hop: 'nginx',
    merged_into: null,
    cause: said.cause,
    mechanism: said.cause === 'unknown' ? null : said.mechanism,
    confidence,
    mechanism_confidence: confidence,
    level: 'words_and_attempts',
    ...more,
  };
}

/** The score of planted answers to `count` requests whose label is `down`. */
function planted(
  count: number,
  answer: (number: number) => { readonly said: Answer; readonly confidence: number },
) {
  const truths = Array.from({ length: count }, (_, number) => truth(number));
  const verdicts = truths.map((_, number) => {
    const { said, confidence } = answer(number);
    return verdict(number, said, confidence);
  });
  return score(match(truths, verdicts, combinedLog).matches.map((one) => judge(one)));
}

describe('planted predictions', () => {
  it('that are all right and certain score 1 without calibration error', () => {
    expect(planted(50, () => ({ said: down, confidence: 1 }))).toEqual({
      failures: 50,
      strict: 1,
      fair: 1,
      mechanismStrict: 1,
      mechanismFair: 1,
      hop: undefined,
      outcome: undefined,
      unknown: 0,
      precision: 1,
      sure: 1,
      wrongOfSure: 0,
      calibrationError: 0,
    });
  });

  it('that are all wrong and sure score 0, and all sure ones are wrong', () => {
    const result = planted(50, () => ({ said: partition, confidence: 0.97 }));
    expect(result).toMatchObject({
      strict: 0,
      fair: 0,
      mechanismFair: 0,
      unknown: 0,
      precision: 0,
      sure: 1,
      wrongOfSure: 1,
    });
    expect(result.calibrationError).toBeCloseTo(0.97, 10);
  });

  it('that always say unknown score 0, and are never wrong and sure, whatever their confidence', () => {
    expect(planted(50, () => ({ said: silence, confidence: 0.99 }))).toMatchObject({
      strict: 0,
      fair: 0,
      unknown: 1,
      sure: 0,
      wrongOfSure: undefined,
      calibrationError: undefined,
    });
  });

  it('that are right at random in 70 of 100 cases score about 0.7', () => {
    const random = randomNumbers(1);
    const result = planted(20_000, () => ({ said: random() < 0.7 ? down : stale, confidence: 0.95 }));
    expect(result.strict).toBeCloseTo(0.7, 1);
    expect(result.fair).toBe(result.strict);
    expect(result.wrongOfSure).toBeCloseTo(0.3, 1);
    expect(result.calibrationError).toBeCloseTo(0.25, 1);
  });

  it('that are as often right as they claim have almost no calibration error', () => {
    const random = randomNumbers(2);
    const honest = planted(20_000, () => {
      const confidence = random();
      return { said: random() < confidence ? down : stale, confidence };
    });
    expect(honest.calibrationError).toBeLessThan(0.02);
  });

  it('that claim 0.2 too much have a calibration error of 0.2', () => {
    const random = randomNumbers(3);
    const boastful = planted(20_000, () => {
      const chance = 0.2 + 0.6 * random();
      return { said: random() < chance ? down : stale, confidence: chance + 0.2 };
    });
    expect(boastful.calibrationError).toBeCloseTo(0.2, 1);
  });

  it('that name an accepted cause are fair but not strict', () => {
    const { matches } = match([truth(1, stale, [down])], [verdict(1, down, 0.6)], combinedLog);
    expect(score(matches.map((one) => judge(one)))).toMatchObject({
      strict: 0,
      fair: 1,
      mechanismStrict: 0,
      mechanismFair: 1,
    });
  });

  it('that say `unknown` are right where the label is open to it, and silence is not', () => {
    const open = [truth(1, down, [silence])];
    const said = match(open, [verdict(1, silence, 0)], combinedLog).matches;
    expect(score(said.map((one) => judge(one)))).toMatchObject({ fair: 1, mechanismFair: 1, unknown: 1 });
    const nothing = match(open, [], combinedLog).matches;
    expect(score(nothing.map((one) => judge(one)))).toMatchObject({ fair: 0, mechanismFair: 0, unknown: 1 });
  });

  it('are asked for hop and outcome only where the label tells', () => {
    const told = { ...truth(1), hop: 'nginx', outcome: 'failed' };
    const other = { ...truth(2), hop: 'alb', outcome: 'masked' };
    const truths = [told, other, truth(3)];
    const said = truths.map((_, index) => verdict(index + 1, down, 0.9));
    expect(score(match(truths, said, combinedLog).matches.map((one) => judge(one)))).toMatchObject({
      hop: 0.5,
      outcome: 0.5,
    });
  });

  it('that name the right cause by another mechanism are right in the cause only', () => {
    const crash: Answer = { cause: down.cause, mechanism: 'crash_mid_response' };
    const { matches } = match([truth(1)], [verdict(1, crash, 0.6)], combinedLog);
    expect(judge(matches[0]!)).toMatchObject({
      strict: true,
      fair: true,
      mechanismStrict: false,
      mechanismFair: false,
    });
  });
});

describe('matching', () => {
  it('a request without a verdict counts as unknown and wrong', () => {
    const { matches, surplus } = match([truth(1)], [], combinedLog);
    expect(matches[0]?.verdict).toBeUndefined();
    expect(surplus).toEqual([]);
    expect(score(matches.map((one) => judge(one)))).toMatchObject({ fair: 0, unknown: 1, sure: 0 });
  });

  it('a failure without a label is surplus, a masked one or one that is no error is not', () => {
    const verdicts = ['failed', 'truncated', 'masked', 'not_an_error'].map((outcome, index) =>
      verdict(index + 10, down, 0.5, { outcome }),
    );
    const { surplus } = match([truth(1)], verdicts, combinedLog);
    expect(surplus.map(({ outcome }) => outcome)).toEqual(['failed', 'truncated']);
  });

  it('a truncated answer that was truncated is not surplus, another one is', () => {
    const said = [11, 12].map((number) => verdict(number, down, 0.5, { outcome: 'truncated' }));
    expect(match([truth(1)], said, combinedLog, [truth(11)]).surplus).toEqual([said[1]]);
  });

  it('a verdict that is no error counts where the request has a label', () => {
    const left: Answer = { cause: 'client', mechanism: 'client_abort' };
    const said = verdict(1, left, 0.8, { outcome: 'not_an_error' });
    expect(match([truth(1, left)], [said], combinedLog).matches[0]?.verdict).toBe(said);
  });

  it('a second verdict about one request is surplus', () => {
    const again = verdict(1, stale, 0.9, { id: 'another' });
    const { matches, surplus } = match([truth(1)], [verdict(1, down, 0.9), again], combinedLog);
    expect(matches[0]?.verdict?.cause).toBe(down.cause);
    expect(surplus).toEqual([again]);
  });

  it('of one verdict the last revision counts, in whatever order they come', () => {
    const last = verdict(1, down, 0.9, { revision: 1 });
    for (const verdicts of [
      [verdict(1, stale, 0.4), last],
      [last, verdict(1, stale, 0.4)],
    ]) {
      expect(match([truth(1)], verdicts, combinedLog)).toEqual({
        matches: [{ truth: truth(1), verdict: last }],
        surplus: [],
      });
    }
  });

  it('a verdict that was merged into another is gone', () => {
    const merged = verdict(1, down, 0.9, { merged_into: 'outer' });
    expect(match([truth(1)], [merged], combinedLog).matches[0]?.verdict).toBeUndefined();
  });

  it('without a request id the line of the combined log decides, and of no other log', () => {
    const here = verdict(7, down, 0.9, { request_id: null, file: combinedLog });
    const elsewhere = verdict(7, down, 0.9, { id: 'e', request_id: null, file: 'logs/other.log' });
    const { matches, surplus } = match([truth(7)], [elsewhere, here], combinedLog);
    expect(matches[0]?.verdict).toBe(here);
    expect(surplus).toEqual([elsewhere]);
  });
});

describe('means', () => {
  const many = Array.from({ length: 90 }, (_, number) => truth(number));
  const few = Array.from({ length: 10 }, (_, number) => truth(number));
  const wrong = many.map((_, number) => verdict(number, partition, 0.95));
  const right = few.map((_, number) => verdict(number, down, 0.95));
  const large = match(many, wrong, combinedLog).matches;
  const small = match(few, right, combinedLog).matches;

  it('over requests follow the large scenario', () => {
    const result = score([...large, ...small].map((one) => judge(one)));
    expect(result.fair).toBeCloseTo(0.1, 10);
    expect(result.wrongOfSure).toBeCloseTo(0.9, 10);
  });

  it('over scenarios give each the same weight', () => {
    const result = score([...judgeScenario(large), ...judgeScenario(small)]);
    expect(result.fair).toBeCloseTo(0.5, 10);
    expect(result.wrongOfSure).toBeCloseTo(0.5, 10);
    expect(result.calibrationError).toBeCloseTo(0.45, 10);
  });
});

describe('scores by cause', () => {
  it('agree with a confusion matrix worked out by hand', () => {
    const truths = [truth(1), truth(2), truth(3), truth(4, stale), truth(5, stale), truth(6, partition)];
    const said = [down, down, stale, stale, silence, down];
    const verdicts = said.map((one, index) => verdict(index + 1, one, 0.5));
    const causes = scoreCauses(match(truths, verdicts, combinedLog).matches.map((one) => judge(one)));
    expect(causes).toEqual([
      { cause: 'dns_unpropagated', support: 2, precision: 1 / 2, recall: 1 / 2, f1: 1 / 2 },
      { cause: 'network', support: 1, precision: 0, recall: 0, f1: 0 },
      { cause: 'upstream_fault', support: 3, precision: 2 / 3, recall: 2 / 3, f1: 2 / 3 },
    ]);
    expect(macroF1(causes)).toBeCloseTo((1 / 2 + 0 + 2 / 3) / 3, 10);
  });

  it('take an accepted cause that was named as the right one', () => {
    const { matches } = match([truth(1, stale, [down])], [verdict(1, down, 0.5)], combinedLog);
    expect(scoreCauses(matches.map((one) => judge(one)))).toEqual([
      { cause: 'upstream_fault', support: 1, precision: 1, recall: 1, f1: 1 },
    ]);
  });

  it('show a cause that was named but never right', () => {
    const { matches } = match([truth(1)], [verdict(1, partition, 0.5)], combinedLog);
    expect(scoreCauses(matches.map((one) => judge(one))).map(({ cause, f1 }) => [cause, f1])).toEqual([
      ['network', 0],
      ['upstream_fault', 0],
    ]);
  });
});
