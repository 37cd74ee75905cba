import type { FieldGain, Logged, MechanismId } from '@why502/model';
import { gainOf, type Outlook } from './outlook.ts';
import type { LoggedSet, Told } from './sample-logs.ts';

/** The first fields change what the others are worth, so all are tried anew; later on, those that were worth most. */
const fullRounds = 2;
const mostTried = 2;

/** Mechanisms less likely than this do not change what a field is worth. */
const leastLikely = 0.005;

/**
 * In which order to add what is missing: first what buys most by itself, then what buys most beside it, and so on. A
 * field that is good for nothing but together with another comes behind it.
 */
export function gainsOf(
  samples: Samples,
  logged: LoggedSet,
  missing: readonly Logged[],
  outlook: Outlook,
): readonly FieldGain[] {
  const likely: ReadonlySet<MechanismId> = new Set(
    [...outlook].filter(([, share]) => share >= leastLikely).map(([mechanism]) => mechanism),
  );
  const told = (fields: ReadonlySet<Logged>) =>
    samples.told({ fields, access: logged.access || [...fields].some(isOfAccessLog) }, likely);
  let fields = logged.fields;
  let now = told(fields);
  const worth = new Map<Logged, number>(missing.map((field) => [field, 0]));
  const gains: FieldGain[] = [];
  while (worth.size > 0) {
    const tried = mostPromising(worth, gains.length < fullRounds).map((field) => {
      const after = told(plus(fields, field));
      return { after, gain: gainOf(field, now, after, outlook) };
    });
    for (const { gain } of tried) worth.set(gain.field, gain.bits);
    const best = tried.reduce((a, b) => (b.gain.bits > a.gain.bits ? b : a));
    gains.push(best.gain);
    worth.delete(best.gain.field);
    fields = plus(fields, best.gain.field);
    now = best.after;
  }
  return gains;
}

function mostPromising(worth: ReadonlyMap<Logged, number>, all: boolean): readonly Logged[] {
  const ranked = [...worth].sort(([, a], [, b]) => b - a).map(([field]) => field);
  return all ? ranked : ranked.slice(0, mostTried);
}

/** Sample logs, of whichever hop. */
export interface Samples {
  told(logged: LoggedSet, only?: ReadonlySet<MechanismId>): readonly Told[];
}

/** A field needs a log to stand in. */
function isOfAccessLog(field: Logged): boolean {
  return field !== 'error_log' && field !== 'warnings' && field !== 'health_log';
}

function plus(fields: ReadonlySet<Logged>, field: Logged): ReadonlySet<Logged> {
  return new Set([...fields, field]);
}
