import type { App, Work } from '../parties/app.ts';
import { type Play, put } from '../play.ts';
import type { Handshake } from '../world/network.ts';
import type { Trip } from '../world/trip.ts';
import { because, type Mechanism } from '../world/why.ts';
import { asksFor, type Choice } from './choices.ts';

/** From one second of the play to another. */
export type Span = readonly [from: number, to: number];

/** Requests that the choice picks are worked at differently from now on. Returns what ends it. */
export function differently(
  apps: readonly App[],
  choice: Choice,
  work: (usual: Work, trip: Trip) => Work,
): () => void {
  const ends = apps.map(({ changes }) =>
    put(changes, (trip, usual) => (choice(trip) ? work(usual, trip) : undefined)),
  );
  return () => {
    for (const end of ends) end();
  };
}

/** For some seconds before its end a process gets slower, as it does when memory runs out. */
export function runsOutOfMemory(play: Play, app: App, [at, back]: Span): void {
  const what = `${app.address} grows until the kernel kills it; back ${back - at} s later`;
  play.during(at - 6, back, what, 'out_of_memory', () => {
    const swaps = differently(
      [app],
      () => true,
      (usual) => ({ ...usual, takes: usual.takes * 25 + 900 }),
    );
    play.at(at, () => {
      swaps();
      app.stop(because('out_of_memory'), because('process_down', 'out_of_memory'));
    });
    return () => app.start();
  });
}

export function crashes(play: Play, app: App, [at, back]: Span): void {
  play.during(at, back, `${app.address} crashes; back ${back - at} s later`, 'crash_mid_response', () => {
    app.stop(because('crash_mid_response'), because('process_down'));
    return () => app.start();
  });
}

export function isStopped(play: Play, app: App, [at, back]: Span): void {
  const what = `${app.address} is stopped; started again ${back - at} s later`;
  play.during(at, back, what, 'process_down', () => {
    app.stop(because('process_down'), because('process_down'));
    return () => app.start();
  });
}

/** All workers wait for a lock that somebody else holds until the end. */
export function workersWait(play: Play, apps: readonly App[], [from, to]: Span): void {
  const stuck = because('worker_exhaustion');
  play.during(from, to, 'a lock in the database: every worker waits for it', 'worker_exhaustion', () => {
    for (const app of apps) {
      app.crowded = stuck;
      app.full = because('worker_exhaustion', 'connection_queue_full');
    }
    return differently(
      apps,
      () => true,
      (usual) => ({ ...usual, takes: to * 1000 - play.world.clock.now + usual.takes, late: stuck }),
    );
  });
}

/** Requests of a route take a time between two bounds, in seconds, by design and all along. */
export function takesLong(
  play: Play,
  apps: readonly App[],
  route: string,
  [least, most]: Span,
  what: string,
): void {
  const chance = play.world.chance.of(`long ${route}`);
  const late = because('timeout_too_short');
  play.during(0, play.world.length / 1000, what, 'timeout_too_short', () => {
    differently(apps, asksFor(route), (usual) => ({
      ...usual,
      takes: 1000 * least * (most / least) ** chance.between(0, 1),
      late,
    }));
  });
}

/** A route, or a share of its requests, goes wrong in the program. */
export function routeFails(
  play: Play,
  apps: readonly App[],
  [from, to]: Span,
  route: string,
  { share = 1, takes, ...how }: Partial<Work> & { readonly share?: number },
  mechanism: Mechanism,
  what: string,
): void {
  const chance = play.world.chance.of(`route ${route} ${from}`);
  const why = because(mechanism);
  const late = how.instead === 'hangs' ? { late: why } : {};
  play.during(from, to, what, mechanism, () =>
    differently(
      apps,
      ({ ask }) => ask.route === route && chance.happens(share),
      (usual) => {
        const takesNow = takes === undefined ? usual.takes : chance.around(takes, 0.2);
        return { ...usual, takes: takesNow, ...how, why, ...late };
      },
    ),
  );
}

/** Answers of a route for one in so many people have headers of so many bytes. */
export function headersGrow(
  play: Play,
  apps: readonly App[],
  [from, to]: Span,
  route: string,
  bytes: number,
  people: number,
): void {
  const why = because('header_too_big');
  const what = `answers of ${route} for one in ${people} people have ${bytes} bytes of headers`;
  play.during(from, to, what, 'header_too_big', () =>
    differently(
      apps,
      ({ ask }) => ask.route === route && ask.user % people === 0,
      (usual, { ask }) => ({ ...usual, headerBytes: bytes + (ask.user % 900), why }),
    ),
  );
}

/** A stop that was meant: what is being worked at is lost, and requests come until callers know. */
export function isReplaced(play: Play, app: App, [at, known]: Span, tell: () => void): void {
  const why = because('deploy_drain');
  const what = `${app.address} is replaced; its process ends ${known - at} s before callers know`;
  play.during(at, known, what, 'deploy_drain', () => {
    app.stop(why, why);
    return tell;
  });
}

/** Errors of the application come now and then, all along. */
export function errsNowAndThen(play: Play, apps: readonly App[], share: number): void {
  const chance = play.world.chance.of('errors');
  const why = because('application_error');
  differently(
    apps,
    ({ ask }) => ask.route !== 'static' && chance.happens(share),
    (usual) => ({ ...usual, status: 500, bytes: 900, why }),
  );
}

/** Handshakes with some who listen fail, or their certificate is no good. */
export function shakesNoHands(
  play: Play,
  parties: readonly { handshake?: Handshake; life: number }[],
  [from, to]: Span,
  how: 'refuses' | 'stalls' | 'certificate',
  what: string,
): void {
  const mechanism = how === 'certificate' ? 'certificate_invalid' : 'tls_handshake';
  const why = because(mechanism);
  play.during(from, to, what, mechanism, () => {
    for (const party of parties) {
      party.handshake = how === 'certificate' ? { certificate: why } : { fails: { how, why } };
      party.life += 1;
    }
    return () => {
      for (const party of parties) delete party.handshake;
    };
  });
}
