import { type Evidence, hopOf, type RequestRecord } from '@why502/model';

/**
 * How much a failure shows of itself, whatever files there were. Posteriors of different levels can be trusted
 * differently. Of nginx: its words about the failure, the attempts that were made for it, both, or no more than its
 * status. Of a load balancer or an edge: a code that stands for what happened, or only times, addresses and statuses;
 * and that it passed on what another gateway said, whose log is not at hand and alone knows the cause.
 */
export type EvidenceLevel = (typeof evidenceLevels)[number];

export const evidenceLevels = [
  'words_and_attempts',
  'words',
  'attempts',
  'status',
  'code',
  'alb',
  'cloudflare',
  'passed_on',
] as const;

/** @param request undefined where an error log stands alone */
export function evidenceLevel(
  evidence: readonly Evidence[],
  request: RequestRecord | undefined,
): EvidenceLevel {
  const words = evidence.some(({ fact }) => fact.kind === 'symptom');
  const hop = request === undefined ? 'nginx' : hopOf(request.row.source);
  if (hop !== 'nginx' && words) return 'code';
  if (hop === 'alb' || hop === 'cloudflare') return evidence.some(isPassedOn) ? 'passed_on' : hop;
  const attempts = request?.logged.has('attempts') === true;
  if (words) return attempts ? 'words_and_attempts' : 'words';
  return attempts ? 'attempts' : 'status';
}

/** What gateways say of what is behind them. */
const ofGateways: ReadonlySet<number> = new Set([502, 503, 504]);

function isPassedOn({ fact }: Evidence): boolean {
  return fact.kind === 'relayed' && ofGateways.has(fact.status);
}
