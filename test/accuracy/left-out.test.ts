import { calibrated, calibration, type EvidenceLevel } from '@why502/classifier';
import { expect, it } from 'vitest';
import type { Scenario } from '../corpus.ts';
import { claims } from './claims.ts';
import { calibratedMatch, Fitting } from './left-out.ts';
import { nginxLevels } from './levels.ts';
import type { Match } from './matching.ts';
import { conditions, type Replay } from './replay.ts';

/** A failure that was said to be a fault of the upstream, and what it was. */
function match(number: number, right: boolean, posterior: number, level: EvidenceLevel): Match {
  const label = { cause: right ? 'upstream_fault' : 'network', mechanism: 'process_down' };
  return {
    truth: { ...label, accept: [] },
    verdict: {
      kind: 'verdict',
      id: `v${number}`,
      revision: 0,
      request_id: `r${number}`,
      file: 'access.log',
      line: number,
      rows: [{ file: 'access.log', line: number }],
      hop: 'nginx',
      outcome: 'failed',
      merged_into: null,
      cause: 'upstream_fault',
      mechanism: 'process_down',
      confidence: posterior,
      mechanism_confidence: posterior,
      level,
    },
  };
}

function replay(name: string, condition: number, matches: readonly Match[]): Replay {
  const scenario: Scenario = {
    name,
    corpus: 'nginx-lab',
    extended: '',
    error: '',
    combined: '',
    json: '',
    configurations: [],
    truth: [],
    healthy: false,
    truncated: [],
  };
  return { scenario, condition: conditions[condition]!, matching: { matches, surplus: [] }, incidents: 0 };
}

const storm = (name: string, condition: number, right: boolean, level: EvidenceLevel = 'words') =>
  replay(
    name,
    condition,
    Array.from({ length: 50 }, (_, number) => match(number, right, 0.8, level)),
  );

it('a storm of equal verdicts, seen under several conditions, weighs one scenario', () => {
  const all = claims([storm('a', 0, true), storm('a', 1, true), storm('b', 0, false)], 'cause');
  expect(all).toHaveLength(2);
  for (const one of all) {
    expect(one.weight).toBeCloseTo(1);
    expect(one.posterior).toBeCloseTo(0.8, 2);
  }
});

it('a scenario weighs at a level what its failures of that level are of all', () => {
  const mixed = replay('a', 0, [match(1, true, 0.8, 'words'), match(2, true, 0.8, 'attempts')]);
  expect(claims([mixed], 'cause').map(({ level, weight }) => [level, weight])).toEqual([
    ['words', 0.5],
    ['attempts', 0.5],
  ]);
});

it('a scenario left out has no say in how its own claims are mapped', () => {
  const others = Array.from({ length: 10 }, (_, number) => storm(`other ${number}`, 0, number > 1));
  const with_ = (right: boolean) => new Fitting([...others, storm('a', 0, right)], nginxLevels).leaveOneOut();
  expect(with_(true)('a')('words')).toEqual(with_(false)('a')('words'));
  expect(with_(true)('other 3')('words')).not.toEqual(with_(false)('other 3')('words'));
});

it('each level has its own maps', () => {
  const replays = [
    ...Array.from({ length: 10 }, (_, number) => storm(`w${number}`, 0, true, 'words')),
    ...Array.from({ length: 10 }, (_, number) => storm(`s${number}`, 0, number > 7, 'status')),
  ];
  const maps = new Fitting(replays, nginxLevels).maps();
  expect(calibrated(0.8, maps.get('words')!.cause)).toBeGreaterThan(0.85);
  expect(calibrated(0.8, maps.get('status')!.cause)).toBeLessThan(0.6);
  expect([...maps.keys()]).toEqual(nginxLevels);
});

it('the maps of a level that the scenarios are not asked about stay as they are shipped', () => {
  const replays = Array.from({ length: 10 }, (_, number) => storm(`w${number}`, 0, number > 7, 'words'));
  const leftOut = new Fitting(replays, ['alb']).leaveOneOut()('w1');
  expect(leftOut('words')).toEqual(calibration('words'));
  expect(leftOut('alb')).not.toEqual(calibration('words'));
});

it('what names no cause stays at confidence 0', () => {
  const maps = new Fitting([], nginxLevels).leaveOneOut()('a');
  const { truth, verdict } = match(1, true, 0, 'words');
  const silent: Match = { truth, verdict: { ...verdict!, cause: 'unknown', mechanism: null } };
  expect(calibratedMatch(silent, maps)).toBe(silent);
});
