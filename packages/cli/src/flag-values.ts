import { Problem } from '@why502/model';

/** Flags that may be given several times. */
export function oneMore(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** A number of threads. @throws Problem W502_USAGE */
export function jobs(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new Problem('W502_USAGE', {
    where: '--jobs',
    excerpt: text,
    expected: 'a number of threads from 1 to 999',
  });
}

const units = { '': 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 } as const;

/** So many bytes: 500MiB, 4GiB. @throws Problem W502_USAGE */
export function bytes(text: string): number {
  const [, number, unit] = /^(\d{1,15}(?:\.\d{1,3})?) ?(|[KMGT]iB)$/.exec(text) ?? [];
  const size = Math.floor(Number(number) * units[(unit ?? '') as keyof typeof units]);
  if (size >= 1024 ** 2) return size;
  throw new Problem('W502_USAGE', {
    where: '--spool',
    excerpt: text,
    expected: 'a size of at least 1MiB, such as 500MiB or 4GiB',
  });
}

/** A number of rows. @throws Problem W502_USAGE */
export function rows(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new Problem('W502_USAGE', { where: '--limit', excerpt: text, expected: 'a number of rows' });
}

/** A number of days. @throws Problem W502_USAGE */
export function days(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new Problem('W502_USAGE', {
    where: '--keep',
    excerpt: text,
    expected: 'a number of days, such as 90',
  });
}

/** Minutes from UTC. @throws Problem W502_USAGE */
export function zone(text: string): number {
  const parts = /^([+-])(\d\d):?(\d\d)$/.exec(text);
  const minutes = parts === null ? Number.NaN : Number(parts[2]) * 60 + Number(parts[3]);
  if (!(minutes <= 14 * 60)) {
    throw new Problem('W502_USAGE', {
      where: '--error-log-zone',
      excerpt: text,
      expected: 'an offset such as +02:00 or -0530',
    });
  }
  return parts![1] === '-' ? -minutes : minutes;
}

/** `127.0.0.1:9502`, `[::1]:9502`, or a port of loopback, as the value of that flag. @throws Problem W502_USAGE */
export function addressOf(flag: string) {
  return (text: string): { readonly host: string; readonly port: number } => {
    const parts = /^(?:(?:\[([0-9a-fA-F:]+)\]|([^:[\]]*)):)?(\d{1,5})$/.exec(text);
    const port = Number(parts?.[3] ?? Number.NaN);
    if (!(port <= 65_535))
      throw new Problem('W502_USAGE', {
        where: flag,
        excerpt: text,
        expected: 'an address and a port, such as 127.0.0.1:9502',
      });
    return { host: parts![1] || parts![2] || '127.0.0.1', port };
  };
}

/** A port, or 0. @throws Problem W502_USAGE */
export function port(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new Problem('W502_USAGE', { where: '--port', excerpt: text, expected: 'a number from 0 to 65535' });
}
