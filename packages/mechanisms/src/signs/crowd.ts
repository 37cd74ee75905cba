import type { FactOf } from '@why502/model';

/** Whether a route that runs into a timer is asked for much more than before, or more and had been quick. */
export function isCrowd({ ratio, count, usual }: FactOf<'route_pace'>): boolean {
  return (count >= 5 && ratio >= 2.5) || (count >= 10 && ratio >= 1.5 && (usual ?? 1) < 0.1);
}
