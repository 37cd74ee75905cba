/** Text from a log that may be shown: values of queries gone, credential-shaped parts masked, controls escaped. */
export type RedactedText = string & { readonly __redacted: true };

const mask = '***';
const longestShown = 200;

/**
 * A request target as it may be shown: keys of the query stay, their values go; fragment and user info go; path
 * segments shaped like a credential are masked.
 */
export function redactTarget(target: string): RedactedText {
  const afterUserInfo = target.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1');
  const fragment = afterUserInfo.indexOf('#');
  const whole = fragment < 0 ? afterUserInfo : afterUserInfo.slice(0, fragment);
  const question = whole.indexOf('?');
  const path = (question < 0 ? whole : whole.slice(0, question)).split('/').map(redactSegment).join('/');
  if (question < 0) return shown(path);
  const query = whole
    .slice(question + 1)
    .split('&')
    .map((pair) => {
      const equals = pair.indexOf('=');
      return equals < 0 ? redactSegment(pair) : `${redactSegment(pair.slice(0, equals))}=${mask}`;
    })
    .join('&');
  return shown(`${path}?${query}`);
}

/** Any other text of a log, such as a host, a peer or a message of the proxy. */
export function redactText(text: string): RedactedText {
  return shown(text);
}

/** `203.0.113.0/24` or `2001:db8:1::/48` for an address; anything else is masked. */
export function truncateAddress(address: string): RedactedText {
  const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.\d{1,3}$/.exec(address);
  if (v4) return `${v4[1]}.${v4[2]}.${v4[3]}.0/24` as RedactedText;
  if (/^[0-9a-f:]+$/i.test(address) && address.includes(':')) {
    const head = (address.split('::')[0] ?? '')
      .split(':')
      .filter((part) => part !== '')
      .slice(0, 3);
    return `${head.join(':')}::/48` as RedactedText;
  }
  return mask as RedactedText;
}

/**
 * Escapes what a terminal or page could act on: C0 and C1 controls, DEL, bidirectional overrides, zero-width and line
 * separators, lone surrogates.
 */
export function visible(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]/gu,
    (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

function shown(text: string): RedactedText {
  const cut = text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
  return visible(cut) as RedactedText;
}

/** Known prefixes of tokens, JSON web tokens, mail addresses, and long parts that mix letters and digits. */
function redactSegment(segment: string): string {
  if (/^(eyJ|gh[pousr]_|xox[abprs]-|sk[-_]|pk_|AKIA|ASIA|AIza|ya29\.|glpat-|npm_)/.test(segment)) return mask;
  if (/^[^\s@]+(@|%40)[^\s@]+\.[^\s@]+$/i.test(segment)) return mask;
  if (
    segment.length >= 20 &&
    /^[A-Za-z0-9_~.=+%-]+$/.test(segment) &&
    /\d/.test(segment) &&
    /[A-Za-z]/.test(segment)
  ) {
    return mask;
  }
  return segment.length >= 32 && /^[A-Za-z0-9_-]+$/.test(segment) ? mask : segment;
}
