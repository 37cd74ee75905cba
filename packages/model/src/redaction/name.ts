import { mask, type RedactedText, shown } from '../redaction.ts';
import { isMarked, isWordy, unescaped } from './credential.ts';

/** Names of machines hold numbers and short hashes (`web-7f9c6d5b8-x2x9k`): a piece may be so long. */
const longestMixedPiece = 10;

/** A whole label of letters and digits, such as that of an instance (`i-0abc`). */
const longestLabel = 63;

/**
 * The name of a host, a service or a peer (`shop.example.com`, `10.0.0.7:8080`, `unix:/run/app.sock`) as it may be shown:
 * user info goes, and labels shaped like a credential are masked. A host is what the client asked for.
 */
export function redactName(name: string): RedactedText {
  const at = name.lastIndexOf('@');
  const withoutUserInfo = at < 0 ? name : name.slice(at + 1);
  const [withoutQuery = ''] = withoutUserInfo.split(/[?#]/, 1);
  return shown(withoutQuery.split('/').map(redactPart).join('/'));
}

function redactPart(part: string): string {
  if (isAddress(part)) return part;
  if (isMarked(part)) return mask;
  return part
    .split('.')
    .map((label) => (isLabel(unescaped(label)) ? label : mask))
    .join('.');
}

/** An address of either family, in brackets or not, and its port. */
function isAddress(part: string): boolean {
  return (
    /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i.test(part) ||
    (/^[0-9a-f:]{2,39}$/i.test(part) && part.split(':').length > 2)
  );
}

function isLabel(label: string): boolean {
  const [host = '', port, ...rest] = label.split(':');
  if (rest.length > 0 || (port !== undefined && port !== '' && !/^\d{1,5}$/.test(port))) return false;
  if (host.length > longestLabel) return false;
  return host.split(/[-_]/).every(isPiece);
}

/** Words, numbers, and letters with digits of one case: hosts are in lower case, random tokens seldom are. */
function isPiece(piece: string): boolean {
  if (piece === '' || piece === '*' || piece === '~^' || /^\d{1,10}$/.test(piece)) return true;
  if (/^\p{L}+$/u.test(piece)) return piece.length <= 24 && isWordy(piece);
  return piece.length <= longestMixedPiece && /^(?:[a-z0-9]+|[A-Z0-9]+)$/.test(piece);
}
