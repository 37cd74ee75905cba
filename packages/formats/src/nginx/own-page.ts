/**
 * Bytes of the page that nginx makes for a status when its version is hidden (`server_tokens off`): title, heading and
 * the word "nginx" (src/http/ngx_http_special_response.c); measured for 1.22 and 1.31.
 */
const bareLength: Readonly<Record<number, number>> = { 500: 170, 502: 150, 503: 190, 504: 160 };

/**
 * What a version adds: "/1.8.1" to "/1.31.10", and " (Ubuntu)" behind it; the same for OpenResty, whose name is four
 * bytes longer and whose version has four parts.
 */
const versionLengths: ReadonlySet<number> = new Set([0, 6, 7, 8, 15, 16, 17, 4, 13, 14]);

/** What is added for Chrome and MSIE unless `msie_padding` is off: six comments of 65 letters and a line break (same file). */
const padding = 402;

/**
 * Whether a body is as long as nginx's own page for the status; undefined for a status without such a page and where
 * nothing was sent, as when the client had left.
 */
export function isOwnPage(status: number, bodyBytes: number | undefined): boolean | undefined {
  const bare = bareLength[status];
  if (bare === undefined || bodyBytes === undefined || bodyBytes === 0) return undefined;
  const version = bodyBytes - bare;
  return versionLengths.has(version) || versionLengths.has(version - padding);
}
