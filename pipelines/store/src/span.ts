import { Problem } from '@why502/model';

const units: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * A time as people write it: `2026-11-23`, `2026-11-23 07:15`, with a zone or in UTC; or so long ago, as `90m`, `24h`, `7d`.
 *
 * @param flag whose value it is, for the message
 * @throws Problem W502_USAGE
 */
export function timeOf(text: string, now: number, flag: string): number {
  const ago = /^(\d{1,6})([smhdw])$/.exec(text.trim());
  if (ago !== null) return now - Number(ago[1]) * units[ago[2]!]!;
  const date = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?))?\s*(Z|[+-]\d\d:?\d\d)?$/.exec(
    text.trim(),
  );
  const at = date === null ? Number.NaN : Date.parse(`${date[1]}T${date[2] ?? '00:00'}${date[3] ?? 'Z'}`);
  if (Number.isNaN(at))
    throw new Problem('W502_USAGE', {
      where: flag,
      excerpt: text,
      expected: 'a time such as 2026-11-23T07:15Z, or so long ago: 90m, 24h, 7d',
    });
  return at;
}

/** `FROM/TO`. @throws Problem W502_USAGE */
export function spanOf(text: string, now: number, flag: string): { from: number; to: number } {
  const [from, to, ...rest] = text.split('/');
  if (from === undefined || to === undefined || rest.length > 0)
    throw new Problem('W502_USAGE', {
      where: flag,
      excerpt: text,
      expected: 'two times with a slash between them, such as 2026-11-22/2026-11-23, or 48h/24h',
    });
  return { from: timeOf(from, now, flag), to: timeOf(to, now, flag) };
}
