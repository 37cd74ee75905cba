/** Text from a log that may be shown: values of queries gone, credential-shaped parts masked, controls escaped. */
export type RedactedText = string & { readonly __redacted: true };

/** Stands where something was taken out. */
export const mask = '***';

const longestShown = 200;

/** Cut where it is long, and visible: the last step of every redaction, as casts live here only. */
export function shown(redacted: string): RedactedText {
  const cut = redacted.length > longestShown ? `${redacted.slice(0, longestShown)}…` : redacted;
  return visible(cut) as RedactedText;
}

/** `203.0.113.0/24` or `2001:db8:1::/48` for an address; anything else is masked. */
export function truncateAddress(address: string): RedactedText {
  const v4 = /^(?:::ffff:)?(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.\d{1,3}$/i.exec(address);
  if (v4) return `${v4[1]}.${v4[2]}.${v4[3]}.0/24` as RedactedText;
  if (/^[0-9a-f:]{2,39}$/i.test(address) && address.includes(':')) {
    const [head = ''] = address.split('::');
    const groups = head.split(':').filter((group) => group !== '');
    // Groups that `::` left out are zeros.
    const network = [...groups, '0', '0', '0'].slice(0, 3);
    return `${network.join(':')}::/48` as RedactedText;
  }
  return mask as RedactedText;
}

/**
 * What a terminal, a page or a reader could be led astray by: controls (C0, C1, DEL), formatting such as bidirectional
 * overrides and zero-width letters, letters that are drawn as nothing, line and paragraph separators, lone surrogates
 * (Unicode general categories Cc, Cf, Cs, Zl, Zp and the property Default_Ignorable_Code_Point).
 */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Writes as `\u{…}` whatever is not seen as a letter of its own. */
export function visible(text: string): string {
  return text.replace(unseen, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}
