import type { FactOf, Symptom } from '@why502/model';

/** Whether Cloudflare's edge says, by a code, that it was one of these. */
export function edgeSays(...words: readonly Symptom[]): (fact: FactOf<'symptom'>) => boolean {
  return ({ source, symptom }) => source === 'cloudflare' && words.includes(symptom);
}

/** Whether the edge could do nothing with the answer (520), and the attempt had come so far. */
export function isUnusable({ source, status }: FactOf<'imprint'>): boolean {
  return source === 'cloudflare' && status === 520;
}

/**
 * Whether a failure to connect took longer than any attempt to. The edge gives a SYN 19 s, and 90 s to the acknowledgement
 * of a request (Cloudflare: connection limits), which it writes down as 522 as well; nginx gives at most 75 s.
 */
export function outlastsConnecting({ after }: FactOf<'timer'>): boolean {
  return after >= 80_000;
}

/** Whether failures fall in this place of the hop, and in few others: at five times the rate of the rest. */
export function isOfThisPlace(scope: FactOf<'place_scope'>): boolean {
  const { failedHere, okHere, failedElsewhere, okElsewhere, places, failingPlaces } = scope;
  const here = failedHere / (failedHere + okHere);
  const elsewhere = failedElsewhere / (failedElsewhere + okElsewhere);
  return failedHere >= 2 && failingPlaces * 2 <= places && here > 5 * elsewhere;
}

/** Whether this place fails more often than not, and few others do. */
export function isCutOff(scope: FactOf<'place_scope'>): boolean {
  return isOfThisPlace(scope) && scope.failedHere >= scope.okHere;
}

/** Whether most places of the hop fail, and this one about as often as the others. */
export function isOfAllPlaces(scope: FactOf<'place_scope'>): boolean {
  const { failedHere, okHere, failedElsewhere, okElsewhere, places, failingPlaces } = scope;
  const here = failedHere / (failedHere + okHere);
  const elsewhere = failedElsewhere / (failedElsewhere + okElsewhere);
  const alike = here < 2 * elsewhere && elsewhere < 2 * here;
  return failingPlaces * 2 > places && places >= 3 && alike;
}

/** Whether no answer of the route names an address, as where a tunnel or a program at the edge makes them. */
export function namesNobody({ named, unnamed }: FactOf<'naming'>): boolean {
  return named === 0 && unnamed >= 10;
}

const notConnected: ReadonlySet<Symptom> = new Set([
  'connect_refused',
  'connect_no_route',
  'tls_refused',
  'tls_certificate_unverified',
  'name_not_found',
  'origin_unfound',
  'tunnel_down',
]);

/** Whether most others were told at once that no connection to the peer came up. */
export function cannotConnect({ said }: FactOf<'meanwhile'>): boolean {
  return notConnected.has(said);
}

/** Whether others were connected, and waited for an answer in vain. */
export function waitInVain({ said, count }: FactOf<'meanwhile'>): boolean {
  return said === 'header_timed_out' && count >= 3;
}
