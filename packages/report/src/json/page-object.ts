import { type PageReading, redactId } from '@why502/model';
import { orNull, rounded } from './spelling.ts';

/** What a saved page shows, under its public names. */
export function pageObject({ maker, status, carriers, said, ids }: PageReading) {
  return {
    kind: 'page',
    product: orNull(maker?.product),
    sureness: rounded(maker?.sureness ?? 0, 3),
    marks: maker?.marks ?? [],
    failed_itself: orNull(maker?.failedItself),
    status: orNull(status),
    code: orNull(said?.code),
    passed_on_by: carriers,
    ids: ids.map(({ kind, value }) => ({ kind, value: redactId(value) })),
  };
}
