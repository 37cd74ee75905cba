import { type EvidenceLevel, evidenceLevels } from '@why502/classifier';

/** The levels of failures that nginx shows; its recordings tell how far these can be trusted. */
export const nginxLevels: readonly EvidenceLevel[] = ['words_and_attempts', 'words', 'attempts', 'status'];

/** The others, of failures that a load balancer or an edge shows, for the recordings of the chain to tell about. */
export const chainLevels: readonly EvidenceLevel[] = evidenceLevels.filter(
  (level) => !nginxLevels.includes(level),
);
