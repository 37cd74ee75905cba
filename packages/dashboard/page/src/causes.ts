import { causeNames, causes } from '@why502/model/cause';
import { about } from './api.ts';

const known: readonly string[] = causes;

/** A word for people, or that of a cause that this version does not know. */
export function causeName(cause: string): string {
  return (causeNames as Readonly<Record<string, string>>)[cause] ?? cause;
}

/** The class that gives a cause its colour, the same everywhere. */
export function causeClass(cause: string): string {
  return `cause-${(known.includes(cause) ? cause : 'unknown').replaceAll('_', '-')}`;
}

/** A sentence, or the id of a mechanism that this version does not know. */
export function titleOf(mechanism: string): string {
  if (mechanism === '') return 'The logs do not tell why';
  return about.value.mechanisms[mechanism]?.title ?? mechanism;
}
