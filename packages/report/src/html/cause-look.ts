import type { Cause } from '@why502/model';

/** The class that gives a cause its colour in `style.ts`, the same everywhere on a page. */
export function causeClass(cause: Cause): string {
  return `cause-${cause.replaceAll('_', '-')}`;
}
