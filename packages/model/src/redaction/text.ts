import { mask, type RedactedText, shown } from '../redaction.ts';
import { isMarked, isWordy } from './credential.ts';
import { redactName } from './name.ts';
import { isName, redactParameter, redactTarget } from './target.ts';

/** A word, and what stands between it and the next; behind a quoted key of JSON that is a colon, too. */
const words = /([^\s"'`<>(){}[\]|,\\]+)((?:["']\s*[:=])?[\s"'`<>(){}[\]|,\\]*)/g;

/** The number of a card, in groups. */
const card = /\b(?:\d{4} ){3}\d{4}\b/g;

/** Digits that a number, a time or an address with its port may have; a card or a phone has more or as many. */
const mostDigits = 17;

/** Names of fields and of schemes of authentication (RFC 9110 11.1) before what is secret. */
const secretField =
  /^(?:.*[-_.])?(?:password|passwd|pwd|pass|secret|token|apikey|api[-_]?key|key|authorization|cookie|session|sessionid|sid|jwt|otp|signature|sig|credential|credentials|csrf|xsrf)[:=]?$/i;
const scheme = /^(?:bearer|basic|digest|negotiate|hmac|token)$/i;

/**
 * A line or a message as it may be shown. Nothing is known about its layout, so that each word is looked at by itself:
 * numbers, times, addresses, names and targets stay, in the ways of those; other words go, and so does what follows the
 * name of a secret.
 */
export function redactText(text: string): RedactedText {
  let secretFollows = false;
  return shown(
    text.replace(card, mask).replace(words, (_, word: string, between: string) => {
      const said = secretFollows && /[A-Za-z0-9]/.test(word) && !scheme.test(word) ? mask : redactWord(word);
      secretFollows =
        scheme.test(word) || (secretField.test(word) && (/[:=]$/.test(word) || /^["']?[:=]/.test(between)));
      return said + between;
    }),
  );
}

function redactWord(word: string): string {
  if (isNumeric(word)) return word;
  if (word.startsWith('unix:')) return redactName(word);
  if (/^HTTP\/\d(?:\.\d)?$/.test(word)) return word;
  if (/[/?]/.test(word)) return redactTarget(word);
  const [, before = '', inner = '', after = ''] = /^([#*:;.!$-]*)(.*?)([:;.!…-]*)$/s.exec(word) ?? [];
  if (inner === '' || isNumeric(inner)) return word;
  if (isMarked(inner)) return mask;
  const pair = /^([^=:]+)([=:])(.+)$/s.exec(inner);
  if (pair !== null) return `${before}${redactPair(pair[1]!, pair[2]!, pair[3]!)}${after}`;
  if (isPlainWord(inner) || isVersion(inner) || (inner.includes('.') && isName(inner))) return word;
  return `${before}${inner.includes('.') ? redactName(inner) : mask}${after}`;
}

/** `key=value`, `host:8080`. */
function redactPair(key: string, sign: string, value: string): string {
  if (sign === ':' && /^\d{1,5}$/.test(value)) return redactName(`${key}:${value}`);
  if (secretField.test(key)) return `${key}${sign}${mask}`;
  if (isNumeric(value) || value === '-') return `${redactParameter(`${key}=`).slice(0, -1)}${sign}${value}`;
  return redactParameter(`${key}=${value}`).replace('=', sign);
}

/** Numbers, dates, times, addresses of version 4 and their ports, `1234#1234:`, `*17`, `-`. */
function isNumeric(word: string): boolean {
  if (/^\d{1,2}\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d$/.test(word)) return true;
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?$/.test(word)) return true;
  if (!/^[#*\d.:;,/+-]+$/.test(word)) return false;
  const digits = word.replace(/\D/g, '').length;
  return digits <= mostDigits && !/\d{11}/.test(word) && !/(?:\d{3,}-){2}/.test(word);
}

/** `x86`, `h2`, `v1.3`. */
function isVersion(word: string): boolean {
  return /^[A-Za-z]{1,3}\d{1,2}(?:\.\d{1,3})*$/.test(word);
}

function isPlainWord(word: string): boolean {
  return (
    word.length <= 24 &&
    /^[\p{L}'-]+$/u.test(word) &&
    word.split(/['-]/).every((one) => one === '' || isWordy(one))
  );
}
