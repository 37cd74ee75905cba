import { type PastedPart, readPasted } from '@why502/formats';
import { mechanisms as known } from '@why502/mechanisms';
import {
  type ErrorRecord,
  type ExplainedFailure,
  type Explanation,
  httpStatus,
  type Mechanism,
  type OtherLine,
  Problem,
  type RequestRecord,
  redactText,
  type Verdict,
} from '@why502/model';
import { explainPage } from './explain-page.ts';
import { judgeLines } from './judge-lines.ts';
import { madeUp } from './made-up.ts';
import { asErrorLine } from './sighting-alone.ts';

export interface ExplainRequest {
  /** What was pasted: lines of logs, with whatever came along. */
  readonly text: string;
  /** How the text is called in the rows of verdicts. Default `-`. */
  readonly name?: string;
  /** Default: all that why502 knows. */
  readonly mechanisms?: readonly Mechanism[];
}

/** Text that is no page may hold words of one. */
const surePage = 0.8;

type ErrorPart = Extract<PastedPart, { kind: 'error_line' }>;
type RequestPart = Extract<PastedPart, { kind: 'request' }>;

/**
 * Says why the failures happened that pasted lines are about: one verdict per request, or per line where only an error
 * log was pasted.
 * @throws Problem W502_NOT_UNDERSTOOD where no line tells of a failure
 */
export function explain({ text, name = '-', mechanisms = known }: ExplainRequest): Explanation {
  const { parts, unread } = readPasted(text, name);
  const page = asPage(text, parts, { name, mechanisms });
  if (page !== undefined) return page;
  const sightings = parts.filter((part) => part.kind === 'sighting');
  const fromProxy = parts.filter((part) => part.kind === 'error_line');
  const requests = parts.filter((part) => part.kind === 'request' && part.failed) as readonly RequestPart[];
  const statuses = parts.flatMap((part) =>
    part.kind === 'status'
      ? [
          {
            ...part,
            record: madeUp(
              { ...part, status: httpStatus(part.status), ownPage: undefined },
              name,
              part.first,
            ),
          },
        ]
      : [],
  );
  // What other programs say counts as evidence, or, where nothing else was pasted, as the failure itself.
  const isAlone = [...fromProxy, ...requests, ...statuses].length === 0;
  const errors = isAlone ? sightings.map((part) => asErrorLine(part, name)) : fromProxy;
  const verdicts = judgeLines({
    errors: errors.map(({ record }) => record),
    requests: [...requests, ...statuses].map(({ record }) => record),
    sightings: sightings.map(({ saw }) => saw),
    mechanisms,
  });
  const failures = verdicts.map((verdict) => ({
    ...explained(verdict, errors, requests, statuses),
    sighting: isAlone ? sightings.find(({ first }) => first === verdict.rows[0]?.line)?.saw : undefined,
  }));
  const told = new Set(failures.flatMap(({ lines }) => lines.map(({ first }) => first)));
  const others = parts.filter(({ first }) => !told.has(first)).map(otherLine);
  if (failures.length === 0) throw notUnderstood(others, text);
  return { page: undefined, failures, others, unread };
}

/** A page that was pasted instead of lines: it names its maker, and no line of a log is in it. */
function asPage(
  text: string,
  parts: readonly PastedPart[],
  options: Required<Pick<ExplainRequest, 'name' | 'mechanisms'>>,
): Explanation | undefined {
  if (parts.some(({ kind }) => kind !== 'status' && kind !== 'set_aside')) return undefined;
  if (parts.some(({ kind }) => kind === 'status') && !/<[a-z!]|^HTTP\/\d/im.test(text)) return undefined;
  const explanation = explainPage({ bytes: Buffer.from(text), ...options });
  const { page, failures } = explanation;
  return failures.length > 0 && (page?.maker?.sureness ?? 0) >= surePage ? explanation : undefined;
}

function explained(
  verdict: Verdict,
  errors: readonly ErrorPart[],
  requests: readonly RequestPart[],
  statuses: readonly { readonly first: number; readonly last: number; readonly record: RequestRecord }[],
): Omit<ExplainedFailure, 'sighting'> {
  const isOf = ({ record }: { readonly record: ErrorRecord | RequestRecord }) =>
    verdict.rows.some(({ source, line }) => source === record.row.source && line === record.row.line);
  const own = errors.filter(isOf);
  const request = requests.find(isOf);
  const status = statuses.find(isOf);
  return {
    verdict,
    lines: [...own, ...[request, status].filter((part) => part !== undefined)]
      .map(({ first, last }) => ({ first, last }))
      .sort((a, b) => a.first - b.first),
    request: request?.record ?? status?.record,
    statusOnly: status !== undefined,
    errors: own.map(({ record }) => record),
    dated: request !== undefined || own.some(({ dated }) => dated),
    assumedAction: own.find(({ assumedAction }) => assumedAction !== undefined)?.assumedAction,
  };
}

function otherLine({ kind, first, last, text }: PastedPart): OtherLine {
  const kinds = {
    error_line: 'accompanies',
    request: 'did_not_fail',
    sighting: 'sighting',
    status: 'not_understood',
    set_aside: 'not_understood',
  } as const;
  return { kind: kinds[kind], first, last, text: redactText(text.trim()) };
}

function notUnderstood(others: readonly OtherLine[], text: string): Problem {
  const answered = others.find(({ kind }) => kind === 'did_not_fail');
  const line = answered ?? others[0];
  return new Problem('W502_NOT_UNDERSTOOD', {
    ...(line === undefined ? {} : { where: `line ${line.first}`, excerpt: line.text }),
    ...(text.trim() === '' ? { where: 'the text is empty' } : {}),
    expected:
      answered === undefined
        ? 'lines of a log of nginx, a load balancer or Cloudflare, a status such as 502, or the name of a mechanism'
        : 'a request that failed: this one was answered',
  });
}
