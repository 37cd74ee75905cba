import type { Millis, SourceKind, Statement } from '@why502/model';
import { statementOfCode } from '../cloudflare/said.ts';
import { balancerStatement, balancerWords } from './balancer-words.ts';
import { statusOf } from './shorthand.ts';

/** A status that somebody saw, and whose it was as far as the words beside it tell. */
export interface SeenStatus {
  readonly status: number;
  readonly source: SourceKind;
  readonly said: Statement | undefined;
  /** It came from behind that hop. */
  readonly relayed: boolean;
  /** How far the hop came with whom it asked; absent where nothing tells. */
  readonly attempt?: { readonly connect: Millis | undefined; readonly response: Millis | undefined };
}

/** Longer text is a story, and the status in it may be of anything. */
const longestRemark = 300;

/** Statuses that one product alone gives: Cloudflare's 52x and 530, and the load balancer's 46x and 561. */
const ofEdge = /\b(52[0-7]|530)\b/;
const ofBalancer = /\b(460|463|464|561)\b/;

/** Numbers of four digits on Cloudflare's pages: `Error 1016`, `530/1033`, `error code: 1101`. */
const edgeCode = /\b(?:error|code|530)\b[\s:/#(]{0,3}(?:code:?\s)?(1\d{3})\b/i;

/** Whose status a remark is about, by the names in it; the first that is found. */
const names: readonly (readonly [RegExp, SourceKind])[] = [
  [/\bcloudflare|\bcf-ray\b|\bargo tunnel\b/i, 'cloudflare'],
  [/\bhaproxy|\benvoy|\btraefik|\bcaddy|\bapache|\bvarnish|\bcloudfront|\bgoogle|\bgcp\b|\bazure/i, 'other'],
  [
    /\b(?:aws)?[ae]lb\b|\btarget[ _-]?groups?\b|\bload[ -]?balancers?\b|\becs\b|\bfargate\b|\btarget[ _]status\b/i,
    'alb',
  ],
  [/\bnginx\b/i, 'nginx'],
];

/** A status with words around it; undefined where there is none, or nothing says that it is the visitor's. */
export function seenStatus(text: string): SeenStatus | undefined {
  if (text.length > longestRemark) return undefined;
  const words = balancerWords(text);
  if (words !== undefined) return words;
  const code = edgeCode.exec(text)?.[1] ?? /^\W{0,9}(1\d{3})\W{0,9}$/.exec(text)?.[1];
  const said = code === undefined ? undefined : statementOfCode(code);
  if (said !== undefined) return { status: 530, source: 'cloudflare', said, relayed: false };
  const own = ofEdge.exec(text)?.[1] ?? ofBalancer.exec(text)?.[1];
  const source = sourceOf(text, own);
  const status = statusOf(text) ?? (source === undefined ? undefined : statusIn(text, own));
  if (status === undefined) return undefined;
  return { status, source: source ?? 'nginx', said: statementOf(status, source), relayed: false };
}

function sourceOf(text: string, own: string | undefined): SourceKind | undefined {
  if (own !== undefined && (statusOf(text) !== undefined || isNamed(text))) {
    return ofEdge.test(own) ? 'cloudflare' : 'alb';
  }
  return names.find(([name]) => name.test(text))?.[1];
}

/** A number beside a word that makes it a status: `HTTP 464`, `error 524`, `status of 520`. */
function isNamed(text: string): boolean {
  return (
    /\b(?:https?|status|errors?|code|response|returns?|gets?|got)\b/i.test(text) ||
    names.some(([name]) => name.test(text))
  );
}

function statusIn(text: string, own: string | undefined): number | undefined {
  const found = own ?? /\b(50[0-4])s?\b/.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** What a status says by itself at the hop whose it is. */
function statementOf(status: number, source: SourceKind | undefined): Statement | undefined {
  if (source === 'cloudflare' || ofEdge.test(String(status))) return statementOfCode(String(status));
  if (source !== 'alb' && !ofBalancer.test(String(status))) return undefined;
  return balancerStatement(status);
}
