import type { BalancerLog } from '../logs/balancer-log.ts';
import type { Balancer } from '../parties/balancer.ts';
import type { Ruling } from '../parties/balancer-facts.ts';
import type { Edge } from '../parties/edge.ts';
import type { Verdict } from '../parties/edge-facts.ts';
import type { Call, Lambda } from '../parties/lambda.ts';
import type { Nginx, OwnAnswer } from '../parties/nginx.ts';
import type { TargetGroup } from '../parties/target-group.ts';
import { type Play, put } from '../play.ts';
import { because, type Mechanism } from '../world/why.ts';
import { asksFor, type Choice } from './choices.ts';
import type { Span } from './processes.ts';

/** The edge answers some requests by itself. */
export function edgeAnswers(
  play: Play,
  edge: Edge,
  [from, to]: Span,
  what: string,
  mechanism: Mechanism,
  choice: Choice,
  verdict: Omit<Verdict, 'made'>,
): void {
  const made = { hop: 'cloudflare', why: because(mechanism) } as const;
  play.during(from, to, what, mechanism, () =>
    put(edge.answers, (trip, colo) => (choice(trip, colo) ? { ...verdict, made } : undefined)),
  );
}

/** One colo answers a share of requests with errors of its own. */
export function coloFails(play: Play, edge: Edge, span: Span, code: string, share: number): void {
  const chance = play.world.chance.of(`colo ${code} ${span[0]}`);
  const choice: Choice = (_, colo) => colo?.code === code && chance.happens(share);
  for (const status of [502, 504]) {
    const what = `${code} answers ${status} by itself`;
    edgeAnswers(play, edge, span, what, 'provider_fault', choice, { status, bytes: 1600, takes: 40 });
  }
}

/** Look-ups of the edge in its own cache are logged like requests, and 504 means that nothing was found. */
export function looksUp(play: Play, edge: Edge): void {
  const chance = play.world.chance.of('look-ups');
  edge.answers.add((trip) => {
    if (trip.ask.source === 'eyeball') return undefined;
    trip.harmless = 'fixed_response';
    return { status: chance.happens(0.8) ? 504 : 200, bytes: 0, takes: 1 };
  });
}

/** The edge does not fetch pages ahead that it does not have: 503 in the log, and nobody sees it. */
export function refusesToFetchAhead(edge: Edge): void {
  edge.answers.add((trip) => {
    if (trip.ask.purpose === '') return undefined;
    trip.harmless = 'fixed_response';
    return { status: 503, bytes: 0, takes: 1 };
  });
}

/** Health checks from the balancer, so that requests go to targets that answer. They are logged where there is a log. */
export function watches(play: Play, group: TargetGroup, every: number, log?: BalancerLog): void {
  const { clock, network, length } = play.world;
  const chance = play.world.chance.of('checks');
  const failed = new Map<string, number>();
  const reasons = { opens: undefined, refuses: 'ConnectionReset', prohibits: 'ConnectionReset' } as const;
  const check = (): void => {
    for (const target of group.targets) {
      const { does } = network.door('10.40', target.address);
      const count = does === 'opens' ? 0 : (failed.get(target.address) ?? 0) + 1;
      failed.set(target.address, count);
      if (count >= 2) target.healthy = false;
      else if (count === 0) target.healthy = true;
      const reason = does === 'drops' || does === 'vanishes' ? 'TimedOut' : reasons[does];
      const takes = reason === 'TimedOut' ? 5000 : chance.around(3);
      log?.check(clock.now + takes, target.address, group, { takes, reason });
    }
    if (clock.now < length) clock.at(clock.now + every * 1000, check);
  };
  clock.at(every * 700, check);
}

/** The balancer answers some requests by itself. */
export function balancerAnswers(
  play: Play,
  balancer: Balancer,
  [from, to]: Span,
  what: string,
  mechanism: Mechanism,
  choice: Choice,
  ruling: Omit<Ruling, 'made'>,
): void {
  const made = { hop: 'alb', why: because(mechanism) } as const;
  play.during(from, to, what, mechanism, () =>
    put(balancer.rules, (trip) => (choice(trip) ? { ...ruling, made } : undefined)),
  );
}

/** The identity provider that the balancer asks fails for requests of a route. */
export function loginFails(
  play: Play,
  balancer: Balancer,
  span: Span,
  route: string,
  { reason, ...how }: { readonly status: number; readonly reason: string; readonly takes: number },
): void {
  const ruling = { ...how, reason, actions: 'authenticate', sent: 280 };
  balancerAnswers(
    play,
    balancer,
    span,
    `the login service fails: ${reason}`,
    'auth_dependency',
    asksFor(route),
    ruling,
  );
}

/** A function does something else with some calls. */
export function callsFail(
  play: Play,
  lambda: Lambda,
  [from, to]: Span,
  what: string,
  mechanism: Mechanism,
  choice: Choice,
  call: Omit<Call, 'why'>,
): void {
  const why = because(mechanism);
  play.during(from, to, what, mechanism, () =>
    put(lambda.changes, (trip) => (choice(trip) ? { ...call, why } : undefined)),
  );
}

export function nginxIsStopped(play: Play, proxy: Nginx, name: string, [at, back]: Span): void {
  const what = `nginx on ${name} is stopped; started again ${back - at} s later`;
  play.during(at, back, what, 'process_down', () => {
    proxy.stop(because('process_down'));
    return () => proxy.start();
  });
}

/** nginx answers some requests by itself. */
export function nginxAnswers(
  play: Play,
  nginxes: readonly Nginx[],
  [from, to]: Span,
  what: string,
  mechanism: Mechanism,
  choice: Choice,
  answer: Omit<OwnAnswer, 'made'>,
): void {
  const made = { hop: 'nginx', why: because(mechanism) } as const;
  play.during(from, to, what, mechanism, () => {
    const ends = nginxes.map(({ rules }) =>
      put(rules, (trip) => (choice(trip) ? { ...answer, made } : undefined)),
    );
    return () => {
      for (const end of ends) end();
    };
  });
}
