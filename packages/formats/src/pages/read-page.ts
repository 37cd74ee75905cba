import {
  httpStatus,
  type PageMaker,
  type PageReading,
  type Product,
  probability,
  type RequestIdentity,
  redactText,
  type Statement,
} from '@why502/model';
import { statementOfCode } from '../cloudflare/said.ts';
import { amazonTraceIds, rayIds, traceparentIds } from '../trail.ts';
import { clouds } from './clouds.ts';
import { type Fingerprint, type HeaderMark, longestWhole, type Mark } from './fingerprint.ts';
import { frameworks } from './frameworks.ts';
import { type PageText, pageText } from './page-text.ts';
import { proxies } from './proxies.ts';
import { type SavedAnswer, savedAnswer } from './saved-answer.ts';
import { sayingOf } from './sayings.ts';

/** Those that took over nginx's page come before nginx: of two that are equally sure the first counts. */
const fingerprints: readonly Fingerprint[] = [...clouds, ...proxies, ...frameworks];

/** With less, a page names nobody. */
const leastSure = 0.5;

/** No page proves who made it: anybody can copy one. */
const mostSure = 0.99;

/** A page that can be told by a status alone says little of its own. */
const mostMarks = 4;

/** `nginx/1.18.0 (Ubuntu)`, which redaction would take for a path. */
const version = /^[A-Za-z-]{1,40}(?:\/[\d.]{1,12})?(?: \([A-Za-z]{1,12}\))?$/;

interface Answer extends SavedAnswer {
  readonly page: PageText;
}

/**
 * Reads an error page, the headers of an answer, or both, as somebody saved them. Never throws: text that is neither
 * is a page that names nobody.
 */
export function readPage(bytes: Uint8Array): PageReading {
  const saved = savedAnswer(bytes);
  const answer: Answer = { ...saved, page: pageText(saved.body) };
  const status = statusOf(answer);
  const best = fingerprints
    .map((one) => ({ product: one.product, ...tracesOf(answer, one.makes) }))
    .reduce((a, b) => (b.sureness > a.sureness ? b : a));
  const named = best.sureness >= leastSure ? best : undefined;
  const said = named === undefined ? undefined : saidBy(named.product, answer, status);
  return {
    status: status === undefined ? undefined : httpStatus(status),
    maker:
      named === undefined ? undefined : { ...named, failedItself: failedItself(named.product, answer, said) },
    carriers: fingerprints
      .filter(
        ({ product, carries }) => product !== named?.product && carries.some((mark) => has(answer, mark)),
      )
      .map(({ product }) => product),
    said,
    ids: idsOf(answer),
    hasHeaders: answer.headers.size > 0,
    hasBody: answer.body !== '',
  };
}

/** What headers say and what a page says count each by itself; marks of one of them restate each other. */
function tracesOf(answer: Answer, marks: readonly Mark[]): Pick<PageMaker, 'sureness' | 'marks'> {
  const found = marks.filter((mark) => shows(answer, mark)).sort((a, b) => b.sure - a.sure);
  const surest = (isOf: (mark: Mark) => boolean) => found.find(isOf)?.sure ?? 0;
  const doubt = (1 - surest(isOfHeader)) * (1 - surest((mark) => !isOfHeader(mark)));
  const shown = new Set(found.map((mark) => shownAs(answer, mark)));
  return { sureness: probability(Math.min(mostSure, 1 - doubt)), marks: [...shown].slice(0, mostMarks) };
}

function isOfHeader(mark: Mark): boolean {
  return 'header' in mark || 'empty' in mark || 'alone' in mark;
}

function shows({ headers, body, page }: Answer, mark: Mark): boolean {
  const answer = { headers };
  if ('header' in mark) return has(answer, mark);
  if ('alone' in mark) return body === '' && has(answer, mark.alone);
  if ('empty' in mark)
    return body === '' && headers.get('content-length')?.[0] === '0' && has(answer, mark.empty);
  if ('html' in mark) return holds(page.html, mark.html, mark.lacks);
  if ('text' in mark) return holds(page.text, mark.text, mark.lacks);
  if ('foot' in mark) return page.text.length <= longestWhole && mark.foot.test(page.text);
  return page.text.length <= longestWhole && mark.whole.test(page.text);
}

function has({ headers }: Pick<Answer, 'headers'>, { header, value }: HeaderMark): boolean {
  const values = headers.get(header);
  return values?.some((one) => value === undefined || value.test(one.toLowerCase())) ?? false;
}

function holds(text: string, words: readonly string[], lacks: string | undefined): boolean {
  return words.every((one) => text.includes(one)) && (lacks === undefined || !text.includes(lacks));
}

/** A field with its value, which tells the version as well. */
function shownAs({ headers }: Answer, mark: Mark): string {
  const { header } = 'header' in mark ? mark : 'alone' in mark ? mark.alone : { header: undefined };
  const value = header === undefined ? undefined : headers.get(header)?.[0];
  if (value === undefined) return mark.shown;
  return `${header}: ${version.test(value) ? value : redactText(value)}`;
}

/** The status line knows it; else the title, or the first words of a page. */
function statusOf({ status, page }: Answer): number | undefined {
  if (status !== undefined && status >= 100) return status;
  const found =
    /\b([45]\d\d)\b/.exec(page.title) ??
    /^\{.{0,300}"(?:status|statuscode|code)": ?"?([45]\d\d)\b/.exec(page.text.slice(0, 400)) ??
    /^.{0,60}?\b([45]\d\d)\b/.exec(page.text) ??
    /\bstatus[=:] ?([45]\d\d)\b/.exec(page.text.slice(0, 400));
  return found === null ? undefined : Number(found[1]);
}

/** Of which number the page is. `cf-error-type` says it of every page that Cloudflare makes. */
function edgeCode({ headers, page }: Answer, status: number | undefined): number | undefined {
  const typed = /^\d{3,4}$/.exec(headers.get('cf-error-type')?.[0]?.trim() ?? '');
  if (typed !== null) return Number(typed[0]);
  const shown =
    /\berror(?: code:?)? (1\d{3}|52\d|530)\b/.exec(`${page.title} ${page.text.slice(0, 2_000)}`) ??
    /"error_code": ?(1\d{3}|5\d\d)\b/.exec(page.text.slice(0, 4_000));
  return shown === null ? status : Number(shown[1]);
}

function saidBy(product: Product, answer: Answer, status: number | undefined): Statement | undefined {
  if (product === 'cloudflare') {
    const code = edgeCode(answer, status);
    return code === undefined ? undefined : statementOfCode(String(code));
  }
  const { headers, page } = answer;
  const fields = ['x-squid-error', 'x-vercel-error'].flatMap((name) => headers.get(name) ?? []);
  return sayingOf(product, `${page.text} ${fields.join(' ').toLowerCase()}`);
}

/**
 * Of Cloudflare's pages for 502 and 504 the branded one stands for an answer of the origin, the plain one for a failure
 * of its own (https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/error-502/).
 * The others tell it by themselves: who makes a page here was asked for an answer and had none.
 */
function failedItself(product: Product, answer: Answer, said: Statement | undefined): boolean | undefined {
  if (product === 'application') return true;
  if (product !== 'cloudflare' || said !== undefined) return true;
  const { headers, page } = answer;
  if (headers.has('cf-error-type') || headers.has('cf-error-origin')) return true;
  if (page.html.includes('<hr><center>cloudflare')) return true;
  return /^error code: 5\d\d$/.test(page.text) ? undefined : false;
}

function idsOf({ headers, page }: Answer): readonly RequestIdentity[] {
  const first = (name: string) => headers.get(name)?.[0]?.trim();
  const request = first('x-request-id') ?? first('x-correlation-id');
  const ids = [
    ...rayIds(first('cf-ray') ?? /\bray id: ?([0-9a-f]{16})\b/.exec(page.text)?.[1]),
    ...amazonTraceIds(first('x-amzn-trace-id')),
    ...traceparentIds(first('traceparent')),
    ...(request === undefined || !/^[\w.:-]{8,128}$/.test(request)
      ? []
      : [{ kind: 'request' as const, value: request }]),
  ];
  return ids.filter(({ value }, i) => ids.findIndex((one) => one.value === value) === i);
}
