import type { Trip } from '../world/trip.ts';

/** Which requests something happens to. */
export type Choice = (trip: Trip, colo?: { readonly code: string }) => boolean;

export function asksFor(route: string): Choice {
  return ({ ask }) => ask.route === route;
}

/** Comes from an address that begins so, in a share of the cases if one is drawn. */
export function isFrom(client: string, drawn: () => boolean = () => true): Choice {
  return ({ ask }) => ask.client.startsWith(client) && drawn();
}
