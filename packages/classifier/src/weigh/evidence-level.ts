import type { Evidence, RequestRecord } from '@why502/model';

/**
 * How much a failure shows of itself, whatever files there were: the proxy's words about it, the attempts that were
 * made for it, both, or no more than its status. Posteriors of different levels can be trusted differently.
 */
export type EvidenceLevel = (typeof evidenceLevels)[number];

export const evidenceLevels = ['words_and_attempts', 'words', 'attempts', 'status'] as const;

/** @param request undefined where an error log stands alone */
export function evidenceLevel(
  evidence: readonly Evidence[],
  request: RequestRecord | undefined,
): EvidenceLevel {
  const words = evidence.some(({ fact }) => fact.kind === 'symptom');
  const attempts = request?.logged.has('attempts') === true;
  if (words) return attempts ? 'words_and_attempts' : 'words';
  return attempts ? 'attempts' : 'status';
}
