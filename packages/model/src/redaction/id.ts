import { mask, type RedactedText, shown } from '../redaction.ts';
import { isMarked } from './credential.ts';

/**
 * The id of a request as it may be shown. An id must stay whole to be of use, and an id looks as random as a token, so
 * only what no id holds is masked: marks of issuers, addresses, more than 128 letters, other punctuation.
 */
export function redactId(id: string): RedactedText {
  return shown(/^[A-Za-z0-9_.:;=+-]{1,128}$/.test(id) && !isMarked(id) ? id : mask);
}
