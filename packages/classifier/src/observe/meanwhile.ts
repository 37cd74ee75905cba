import type { Evidence } from '@why502/model';
import type { Failure } from '../failure.ts';
import type { Company } from '../join/company.ts';
import { evidence } from './attempt.ts';
import { symptomText } from './symptom-text.ts';

/** What else failed at the service, by the codes of the hop; nothing at hops that have none. */
export function observeMeanwhile(failure: Failure, company: Company): Evidence[] {
  const most = company.meanwhile(failure);
  if (most === undefined) return [];
  const text = `most other failures of the service about then: ${symptomText[most.said]} (${most.count})`;
  return [evidence({ kind: 'meanwhile', ...most }, 'meanwhile', text)];
}
