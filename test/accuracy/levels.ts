import { type EvidenceLevel, evidenceLevels } from '@why502/classifier';

/** The levels of failures that nginx shows; its recordings tell how far these can be trusted. */
export const nginxLevels: readonly EvidenceLevel[] = ['words_and_attempts', 'words', 'attempts', 'status'];

/**
 * What the log of one hop alone says where another gateway behind it failed. With all logs there is hardly any, so that the
 * recordings tell about it with one hop's log alone.
 */
export const passedOnLevels: readonly EvidenceLevel[] = ['passed_on'];

/** The others, of failures that a load balancer or an edge shows, for the recordings of the chain to tell about. */
export const chainLevels: readonly EvidenceLevel[] = evidenceLevels.filter(
  (level) => !nginxLevels.includes(level) && !passedOnLevels.includes(level),
);
