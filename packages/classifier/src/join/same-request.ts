/** Both logs are written when the request ends or before, with stamps of a second: allow this much, ms. */
export const slack = 1_500;

/** Without a duration in the access line, tries of one request may lie this far apart, ms. */
export const longestUnlogged = 120_000;

/** What both logs say of a request in the same words. */
export function requestKey(client: string | undefined, requestLine: string): string {
  return `${client ?? ''}\0${requestLine}`;
}
