import { messageStart } from './message-words.ts';

/** Where in a text a line of a log begins: of nginx's error log, or of one whose format is to be recognised. */
export interface Anchor {
  readonly kind: 'error' | 'access';
  readonly at: number;
}

const level = String.raw`\[(?:emerg|alert|crit|error|warn|notice|info|debug)\]`;

/** From the whole head of an error line to the least that is left of one. */
const errorHeads: readonly RegExp[] = [
  new RegExp(String.raw`\d{4}\/\d\d\/\d\d[ T][\dA-Za-z*?:.]{5,12} ?${level}`),
  new RegExp(String.raw`${level} ?\d+#\d+: `),
  /(?<![\w.#])\d+#\d+: (?=\*?\S)/,
  new RegExp(String.raw`${level} (?=\*|${messageStart.source})`),
  new RegExp(String.raw`\*[\dX]+ (?=${messageStart.source})`),
  messageStart,
];

const clf = String.raw`\[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\]`;

/** The words in front of the time of the common log format, or the time itself where a format begins with it. */
const accessHeads: readonly RegExp[] = [
  new RegExp(String.raw`\S{1,255} - \[[^\]]{0,255}\] - \S{1,255} ${clf}`),
  new RegExp(String.raw`(?:\S{1,255} )?\S{1,255} - \S{1,255}(?: -)? ${clf}`),
  new RegExp(clf),
  // Type, time and name of a load balancer.
  /(?<![\w/])(?:https?|h2|grpcs|wss?) \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z \S{1,255} (?=\S{1,255} \S{1,255} )/,
  // Time and level as cloudflared writes them; without the time, its own words.
  /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ (?:ERR|WRN|INF|DBG|FTL) /,
  /(?<!\w)(?:ERR|WRN|FTL) {1,2}(?=error=|Request failed|Unable to|Failed to|Lost |Serve tunnel|Connection terminated|Retrying|Register tunnel|Unregistered)/,
];

/** An access line as JSON, or what a log driver put around a line. */
const objectStart = /^\s*\{\s*(?:"|$)/;

/** The earliest head counts: what stands behind it may have been written by a client. */
export function anchorOf(text: string): Anchor | undefined {
  if (objectStart.test(text)) return { kind: 'access', at: text.indexOf('{') };
  const error = earliest(errorHeads, text);
  const access = earliest(accessHeads, text);
  if (error >= 0 && (access < 0 || error <= access)) return { kind: 'error', at: error };
  return access >= 0 ? { kind: 'access', at: access } : undefined;
}

function earliest(heads: readonly RegExp[], text: string): number {
  const places = heads.map((head) => text.search(head)).filter((at) => at >= 0);
  return places.length === 0 ? -1 : Math.min(...places);
}
