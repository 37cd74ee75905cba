/** Both logs are written when the request ends or before, with stamps of a second: allow this much, ms. */
export const slack = 1_500;

/** Without a duration in the access line, tries of one request may lie this far apart, ms. */
export const longestUnlogged = 120_000;

/** What both logs say of a request in the same words. */
export function requestKey(client: string | undefined, requestLine: string): string {
  return `${client ?? ''}\0${asked(requestLine)}`;
}

/** Whether two request lines are the same, as far as both logs tell. */
export function asksTheSame(a: string, b: string): boolean {
  return a === b || asked(a) === asked(b);
}

/** Method and target: an access log may hold these without the protocol. */
function asked(requestLine: string): string {
  return requestLine.replace(/ HTTP\/\d(\.\d)?$/, '');
}
