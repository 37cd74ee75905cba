// Two oracles of a soak: the generator, which knows what it wrote, and `analyze` of the same files. What the tail said and what
// the store holds must be theirs.
import { spawnSync } from 'node:child_process';
import { openSync } from 'node:fs';
import { linesOf, plain, trafficOf, verdicts } from './said.mjs';

const shownDifferences = 3;
/** Of a roll-up. */
const slotSeconds = 300;

/**
 * @param ran `{main, logs, analyzed, store, environment, said}`: the command, the folder of logs, a file for what analyze says,
 *   the name of the store and what its reader needs in the environment, files with what the tail said
 * @param truth `{lines, failures}` of the generator
 * @returns figures, and whether they are as they must be
 */
export function compare(ran, truth) {
  const query = (...args) =>
    spawnSync(process.execPath, [ran.main, 'query', '--store', ran.store, ...args], {
      encoding: 'utf8',
      maxBuffer: 1 << 30,
      env: { ...process.env, ...ran.environment },
    });
  const sql = (statement) =>
    query('--format', 'json', '--sql', statement)
      .stdout.trim()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  const answer = query('top');
  if (answer.status !== 0) console.log(answer.stderr);
  const rows = new Map(
    sql('SELECT id, cause, mechanism FROM verdicts FINAL').map(({ id, ...row }) => [id, row]),
  );
  const [raw] = sql('SELECT count() AS rows FROM verdicts');
  const totals = (table) =>
    new Map(
      sql(
        `SELECT toUnixTimestamp(bucket) AS at, status, sum(requests) AS total FROM ${table} FINAL GROUP BY at, status`,
      ).map(({ at, status, total }) => [`${at} ${status}`, Number(total)]),
    );
  const stored = totals('traffic');
  const rolled = totals('traffic_rollup');

  spawnSync(process.execPath, [ran.main, 'analyze', '--format', 'json', '--traffic', '--quiet', ran.logs], {
    stdio: ['ignore', openSync(ran.analyzed, 'w'), 'ignore'],
  });
  const all = verdicts(linesOf(ran.analyzed));
  const finals = verdicts(linesOf(...ran.said), true);
  // Verdicts are said in order of (time, id): up to the last one none may lack.
  const order = ({ time, id }) => `${time} ${id}`;
  const last = [...finals.values()]
    .map(({ verdict }) => order(verdict))
    .reduce((a, b) => (a > b ? a : b), '');
  const expected = new Map([...all].filter(([, { verdict }]) => order(verdict) <= last));
  let differing = 0;
  let differingInStore = 0;
  for (const [id, { line, verdict }] of expected) {
    const final = finals.get(id)?.line;
    if (final !== undefined && plain(final) !== plain(line)) {
      differing++;
      if (differing <= shownDifferences) console.log(`differs:\n  said     ${final}\n  analyzed ${line}`);
    }
    const row = rows.get(id);
    if (row !== undefined && (row.cause !== verdict.cause || row.mechanism !== (verdict.mechanism ?? '')))
      differingInStore++;
  }
  const counted = trafficOf(linesOf(ran.analyzed));
  const judgedTo = latest(stored);
  const figures = {
    readByAnalyze: [...counted.values()].reduce((sum, total) => sum + total, 0),
    foundByAnalyze: all.size,
    judged: expected.size,
    said: finals.size,
    saidTwice: finals.repeated,
    missingOnScreen: [...expected.keys()].filter((id) => !finals.has(id)).length,
    differingOnScreen: differing,
    rowsInStore: Number(raw?.rows ?? 0),
    doubledInStore: Number(raw?.rows ?? 0) - rows.size,
    missingInStore: [...expected.keys()].filter((id) => !rows.has(id)).length,
    surplusInStore: [...rows.keys()].filter((id) => !all.has(id)).length,
    differingInStore,
    bucketsJudged: new Set([...stored.keys()].map((key) => key.split(' ')[0])).size,
    bucketsWrong: wrong(counted, stored, judgedTo),
    slotsRolled: new Set([...rolled.keys()].map((key) => key.split(' ')[0])).size,
    slotsWrong: wrong(bySlot(counted), rolled, latest(rolled)),
  };
  const mustBeZero = [
    'missingOnScreen',
    'differingOnScreen',
    'doubledInStore',
    'missingInStore',
    'surplusInStore',
    'differingInStore',
    'bucketsWrong',
    'slotsWrong',
  ];
  const isRight =
    figures.readByAnalyze === truth.lines &&
    figures.foundByAnalyze === truth.failures &&
    figures.judged > 0 &&
    mustBeZero.every((name) => figures[name] === 0);
  return { figures, isRight };
}

/** How many totals of before a time are not those that were counted. */
function wrong(counted, stored, before) {
  return [...counted].filter(
    ([key, total]) => Number(key.split(' ')[0]) < before && stored.get(key) !== total,
  ).length;
}

function latest(totals) {
  return [...totals.keys()].reduce((last, key) => Math.max(last, Number(key.split(' ')[0])), 0);
}

function bySlot(totals) {
  const sums = new Map();
  for (const [key, total] of totals) {
    const [at, status] = key.split(' ').map(Number);
    const slot = `${at - (at % slotSeconds)} ${status}`;
    sums.set(slot, (sums.get(slot) ?? 0) + total);
  }
  return sums;
}
