import { type Evidence, hopOf, type RequestRecord } from '@why502/model';

/**
 * How much a failure shows of itself, whatever files there were. Posteriors of different levels can be trusted
 * differently. Of nginx: its words about the failure, the attempts that were made for it, both, or no more than its
 * status. Of a load balancer or an edge: a code that stands for what happened, or only times, addresses and statuses.
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
] as const;

/** @param request undefined where an error log stands alone */
export function evidenceLevel(
  evidence: readonly Evidence[],
  request: RequestRecord | undefined,
): EvidenceLevel {
  const words = evidence.some(({ fact }) => fact.kind === 'symptom');
  const hop = request === undefined ? 'nginx' : hopOf(request.row.source);
  if (hop !== 'nginx' && words) return 'code';
  if (hop === 'alb' || hop === 'cloudflare') return hop;
  const attempts = request?.logged.has('attempts') === true;
  if (words) return attempts ? 'words_and_attempts' : 'words';
  return attempts ? 'attempts' : 'status';
}
