import type { Name } from '../parties/names.ts';
import type { Play } from '../play.ts';
import type { Door } from '../world/network.ts';
import { because, type Mechanism } from '../world/why.ts';
import type { Span } from './processes.ts';

/** Something in the network keeps callers from addresses that begin with a text. */
export function isCutOff(
  play: Play,
  [from, to]: Span,
  address: string,
  does: Exclude<Door['does'], 'opens'>,
  mechanism: Mechanism,
  what: string,
  callers = '',
): void {
  play.during(from, to, what, mechanism, () =>
    play.world.network.block(address, { does, why: because(mechanism) }, callers),
  );
}

export function resets(
  play: Play,
  [from, to]: Span,
  address: string,
  share: number,
  what: string,
  callers = '',
): void {
  play.during(from, to, what, 'reset_in_transit', () =>
    play.world.network.disturb(address, share, because('reset_in_transit'), callers),
  );
}

/** The name servers say that there is no such name, or nothing. */
export function isUnknown(play: Play, name: Name, [from, to]: Span, addresses: readonly string[]): void {
  play.during(from, to, `the record of ${name.text} is deleted`, 'name_not_found', () => {
    name.say({ says: 'unknown', why: because('name_not_found'), takes: 25 });
    return () => name.answer(addresses);
  });
}

export function isUnanswered(play: Play, name: Name, [from, to]: Span, addresses: readonly string[]): void {
  play.during(from, to, `the name servers of ${name.text} do not answer`, 'resolver_failure', () => {
    name.say({ says: 'nothing', why: because('resolver_failure'), takes: 4800 });
    return () => name.answer(addresses);
  });
}

/** One of two name servers gives an address where nothing listens. */
export function isAmbiguous(
  play: Play,
  name: Name,
  [from, to]: Span,
  addresses: readonly string[],
  wrong: string,
): void {
  isCutOff(play, [0, play.world.length], wrong, 'refuses', 'inconsistent_answers', `nobody is at ${wrong}`);
  const what = `one of two name servers says that ${name.text} is ${wrong}`;
  play.during(from, to, what, 'inconsistent_answers', () => {
    name.answer(addresses, [wrong]);
    return () => name.answer(addresses);
  });
}
