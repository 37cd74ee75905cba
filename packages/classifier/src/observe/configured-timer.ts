import type { ConfiguredRoute, ConfiguredTimer, Evidence, Millis, Setting } from '@why502/model';
import type { Failure } from '../failure.ts';
import { agreed, place } from './agreement.ts';
import { evidence } from './attempt.ts';

/** Timers of a proxy fire a little late under load, never early; what is logged is rounded down to a millisecond. */
function isAtLimit(after: number, limit: number): boolean {
  return after >= limit - 2 && after <= limit + Math.max(50, 0.03 * limit);
}

/** The timer of the configuration that ended the try, by how long that took. */
export function observeTimer(failure: Failure, routes: readonly ConfiguredRoute[]): Evidence[] {
  const { after } = failure;
  const running = runningTimers(failure);
  if (running === undefined) return [];
  if (after === undefined) return unmeasuredTimer(failure, running[0]!.name, routes);
  for (const { name, since } of running) {
    const fired = routes.filter(({ timers }) => isAtLimit(after - since, timers[name].value));
    const setting = agreed(
      fired.map(({ timers }) => timers[name]),
      (a, b) => a.value === b.value,
    );
    if (setting !== undefined) return [timerFact(name, setting, longest(routes, name, setting.value))];
  }
  return [];
}

/** Where the log holds no durations, and the error log says that a timer fired, all that can be seen is a change. */
function unmeasuredTimer(
  { errors }: Failure,
  name: ConfiguredTimer,
  routes: readonly ConfiguredRoute[],
): Evidence[] {
  const shortest = routes
    .map(({ timers }) => timers[name])
    .reduce<Setting<Millis> | undefined>((a, b) => (a === undefined || b.value < a.value ? b : a), undefined);
  if (errors.length === 0 || shortest === undefined) return [];
  const elsewhere = longest(routes, name, shortest.value);
  if (elsewhere === undefined || shortest.written === undefined) return [];
  return [
    evidence(
      { kind: 'configured_timer', timer: name, limit: shortest.value, written: true, elsewhere },
      'timer',
      `one version of the configuration waits ${shortest.value / 1_000} s to ${name}, another one ${elsewhere / 1_000} s: ${place(shortest.written)}`,
    ),
  ];
}

function timerFact(
  timer: ConfiguredTimer,
  { value, written }: Setting<Millis>,
  elsewhere: Millis | undefined,
): Evidence {
  const where = written === undefined ? 'by default' : place(written);
  const other =
    elsewhere === undefined ? '' : `; another version of the configuration allows ${elsewhere / 1_000} s`;
  return evidence(
    { kind: 'configured_timer', timer, limit: value, written: written !== undefined, elsewhere },
    'timer',
    `it took as long as the proxy waits to ${timer}: ${value / 1_000} s, ${where}${other}`,
  );
}

/** The timers that may have ended a try of this phase, the likeliest first, and when they began, ms after it. */
function runningTimers({
  phase,
  attempt,
  errors,
}: Failure): readonly { name: ConfiguredTimer; since: number }[] | undefined {
  const connect = attempt?.connect ?? 0;
  const symptom = errors.at(-1)?.symptom;
  if (phase === 'connecting' || symptom === 'connect_timed_out' || symptom === 'tls_timed_out') {
    return [{ name: 'connect', since: 0 }];
  }
  if (symptom === 'send_timed_out') return [{ name: 'send', since: connect }];
  if (phase !== 'waiting' && symptom !== 'header_timed_out') return undefined;
  return [
    { name: 'read', since: connect },
    { name: 'send', since: connect },
  ];
}

function longest(
  routes: readonly ConfiguredRoute[],
  name: ConfiguredTimer,
  limit: Millis,
): Millis | undefined {
  const longer = routes.map(({ timers }) => timers[name].value).filter((value) => value > limit);
  return longer.length === 0 ? undefined : longer.reduce((a, b) => (a > b ? a : b));
}
