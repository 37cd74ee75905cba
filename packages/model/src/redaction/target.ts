import { mask, type RedactedText, shown } from '../redaction.ts';
import { isMarked, isWordy, unescaped } from './credential.ts';
import { redactName } from './name.ts';

/** As in a route class: a longer name says little, and many a token is longer. */
const longestName = 16;

/** Parameters whose values help to understand a failure, and what these must look like to be shown. */
const harmless: ReadonlyMap<string, RegExp> = new Map([
  ...['page', 'per_page', 'page_size', 'pagesize', 'limit', 'offset', 'size', 'count', 'width', 'height'].map(
    (key) => [key, /^\d{1,6}$/] as const,
  ),
  ...['order', 'dir', 'direction'].map((key) => [key, /^(?:asc|desc)$/i] as const),
  ['format', /^(?:json|csv|xml|html|pdf|xlsx)$/i],
]);

/** What a link with a secret in it says before the secret. */
const secretFollows =
  /(?:^|[-_.])(?:reset|recover|recovery|password|passwd|invite|invites|invitation|invitations|magic|magiclink|verify|verification|confirm|confirmation|activate|activation|unsubscribe|unlock|token|tokens|secret|secrets|key|keys|apikey|apikeys|otp|code|codes|session|sessions|sid|jwt|oauth|sso|share|shared|shares|hook|hooks|webhook|webhooks|credential|credentials)$/i;

/** Of these, what may follow without being the secret. */
const ordinary = new Set(['new', 'edit', 'list', 'status', 'login', 'logout', 'callback', 'request', '*']);

/**
 * A request target or a route as it may be shown: paths keep segments that look like names or small numbers, queries
 * their keys and a few harmless values; user info, fragments and everything else go.
 */
export function redactTarget(target: string): RedactedText {
  const afterUserInfo = target.replace(/^([a-z][a-z0-9+.-]{0,20}:\/\/)[^/?#]*@/i, '$1');
  const [withoutFragment = ''] = afterUserInfo.split('#', 1);
  const question = withoutFragment.indexOf('?');
  const path = question < 0 ? withoutFragment : withoutFragment.slice(0, question);
  const query = question < 0 ? '' : `?${redactQuery(withoutFragment.slice(question + 1))}`;
  return shown(redactPath(path) + query);
}

function redactPath(path: string): string {
  const origin = /^([a-z][a-z0-9+.-]{0,20}:\/\/)([^/]*)/i.exec(path);
  const from = origin?.[0].length ?? 0;
  const secret = { follows: false };
  const segments = path
    .slice(from)
    .split('/')
    .map((segment) => redactSegment(segment, secret));
  return `${origin === null ? '' : `${origin[1]}${redactName(origin[2]!)}`}${segments.join('/')}`;
}

/** A path may carry parameters (RFC 3986 3.3): `list;jsessionid=…`. */
function redactSegment(segment: string, secret: { follows: boolean }): string {
  if (segment === '') return '';
  const [name = '', ...parameters] = segment.split(';');
  const plain = unescaped(name);
  const hidden = secret.follows && !ordinary.has(plain.toLowerCase()) && !secretFollows.test(plain);
  secret.follows ||= secretFollows.test(plain);
  const shownName = !hidden && isName(plain) ? name : mask;
  return [shownName, ...parameters.map(redactParameter)].join(';');
}

/** A name (`orders`, `order-items`, `app.js`), a small number (`842`), both (`v2.1`, `oauth2`, `mp3`), a wildcard. */
export function isName(plain: string): boolean {
  if (plain === '*' || /^\.{1,3}$/.test(plain)) return true;
  if (/^\d{1,8}$/.test(plain)) return true;
  if (plain.length > longestName || isMarked(plain)) return false;
  if (/^[A-Za-z]{1,10}[-_.]?\d{1,3}(?:\.\d{1,3}){0,2}(?:\.[a-z]{1,5}\d?)?$/.test(plain)) return true;
  const words = plain.split(/[-_.~]/);
  return words.every((word) => word === '' || /^[a-z]{1,4}[234]$/.test(word) || isWordy(word));
}

function redactQuery(query: string): string {
  return query.split('&').map(redactParameter).join('&');
}

/** A parameter `key=value` of a query or a path. What has no name is a value. */
export function redactParameter(pair: string): string {
  const equals = pair.indexOf('=');
  if (equals < 0) return pair === '' ? '' : mask;
  const key = pair.slice(0, equals);
  const value = pair.slice(equals + 1);
  const kept = value === '' || harmless.get(key.toLowerCase())?.test(value) === true;
  return `${isKey(unescaped(key)) ? key : mask}=${kept ? value : mask}`;
}

function isKey(plain: string): boolean {
  return (
    plain.length <= 40 &&
    !isMarked(plain) &&
    /^[$@]?[A-Za-z][A-Za-z_.-]*\d{0,2}(?:\[[A-Za-z_-]*\d{0,3}\])*$/.test(plain) &&
    plain.split(/[-_.[\]$@\d]/).every((word) => word === '' || (word.length <= longestName && isWordy(word)))
  );
}
