import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict } from '@why502/model';
import { explain } from '@why502/pipeline-explain';

/** A line that somebody posted, with what its failure turned out to be. */
export interface PostedCase {
  readonly id: string;
  readonly lines: readonly { readonly kind: string; readonly text: string }[];
  /** `cause/mechanism`: the label, then others that a fair judge counts as right. */
  readonly right: readonly string[];
}

/** What `explain` said about a case, by the surest of its verdicts. */
export interface PostedAnswer {
  readonly posted: PostedCase;
  readonly said: string;
  readonly confidence: number;
  readonly fair: boolean;
  readonly mechanismFair: boolean;
  /** Causes named wrongly with a confidence of 0.9 or more, in any verdict of the case. */
  readonly wrongAndSure: readonly string[];
}

/** The labels are of an earlier list: what is called by the first name now was called by one of the others then. */
const formerNames: Readonly<Record<string, readonly string[]>> = {
  certificate_invalid: ['tls_handshake'],
  deploy_drain: ['process_down'],
  access_blocked: ['connect_timeout', 'host_unreachable'],
  no_targets: ['invalid_upstream'],
  function_error: ['malformed_response'],
};

/** Cases of nginx of which whole lines were posted. */
export function postedCases(sharedFolder: string): readonly PostedCase[] {
  return casesOf(sharedFolder, ({ source, raw }) => source === 'nginx' && raw === 'full');
}

/** Cases of load balancers and of Cloudflare: lines of few, of most a status, a metric or a sentence. */
export function postedHopCases(sharedFolder: string): readonly PostedCase[] {
  return casesOf(sharedFolder, ({ source }) => source === 'alb' || source === 'cloudflare');
}

function casesOf(
  sharedFolder: string,
  counts: (one: { readonly source: string; readonly raw: string }) => boolean,
): readonly PostedCase[] {
  return readFileSync(join(sharedFolder, 'corpus/casebook/cases.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
    .filter(counts)
    .map(({ id, log_lines, cause, mechanism, accept }) => ({
      id,
      lines: log_lines,
      right: [`${cause}/${mechanism}`, ...(accept ?? [])],
    }));
}

/** @param only leaves out lines of other programs */
export function answerTo(posted: PostedCase, only: 'all' | 'nginx'): PostedAnswer {
  const lines = posted.lines.filter(({ kind }) => only === 'all' || kind.startsWith('nginx_'));
  const verdicts = explain({ text: lines.map(({ text }) => text).join('\n') }).failures.map(
    ({ verdict }) => verdict,
  );
  const best = verdicts.reduce((a, b) => (b.confidence > a.confidence ? b : a));
  return {
    posted,
    said: nameOf(best),
    confidence: best.confidence,
    fair: isFair(best, posted),
    mechanismFair: posted.right.some((right) => mechanismsOf(best).includes(right.split('/')[1]!)),
    wrongAndSure: verdicts.filter((one) => one.confidence >= 0.9 && !isFair(one, posted)).map(nameOf),
  };
}

function nameOf({ cause, mechanism }: Verdict): string {
  return mechanism === undefined ? cause : `${cause}/${mechanism}`;
}

function mechanismsOf({ mechanism }: Verdict): readonly string[] {
  return mechanism === undefined ? [] : [mechanism, ...(formerNames[mechanism] ?? [])];
}

function isFair(verdict: Verdict, { right }: PostedCase): boolean {
  const former = formerNames[verdict.mechanism ?? ''] ?? [];
  return right.some((answer) => {
    const [cause, mechanism] = answer.split('/');
    return cause === verdict.cause || former.includes(mechanism!);
  });
}
