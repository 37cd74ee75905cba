import { type RedactedText, redactName } from '@why502/model';
import { remembered } from './remembered.ts';

/** Failures of a storm name the same few hosts and peers, and redaction looks at every word. */
const shown = remembered(redactName, 1_000);

export function shownName(value: string | undefined): RedactedText | undefined {
  return value === undefined || value === '' ? undefined : shown(value);
}
