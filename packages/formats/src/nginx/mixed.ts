import type { Names } from '@why502/model';
import { type LineFormat, type LineReading, lineFormat } from '../lines.ts';
import type { AccessFormat } from './access.ts';
import { errorFormat, looksDated } from './error-log.ts';

/**
 * A log of requests as nginx leaves it: where both its logs go to one stream, as in containers, error lines stand between
 * the requests, and a log may change its format or hold several. Of several formats a line is in the first that
 * describes it to its end, or else in the first that it fits at all, so that what a line is does not depend on the lines
 * before it.
 */
export function mixedFormat(formats: readonly AccessFormat[]): LineFormat {
  const [first, ...others] = new Set(formats.map(({ name }) => name));
  const name = [first, ...others.map((other) => other.replace(/^nginx /, ''))].join(' + ');
  const unescaped = formats.some((format) => format.unescaped === true);
  return { ...lineFormat(name, 'nginx', (names, file) => mixedReading(formats, names, file)), unescaped };
}

function mixedReading(formats: readonly AccessFormat[], names: Names, file: string): LineReading {
  const errors = errorFormat.reading(names, file);
  const readings = formats.map((format) => format.reading(names, file));
  const first = readings[0]!;
  const isSingle = formats.length === 1;

  function readingOf(bytes: Buffer, from: number, to: number): LineReading {
    if (isSingle) return first;
    let inPart = first;
    let found = false;
    for (let index = 0; index < formats.length; index++) {
      const fit = formats[index]!.fit(bytes, from, to);
      if (fit === 'whole') return readings[index]!;
      if (fit === 'part' && !found) {
        inPart = readings[index]!;
        found = true;
      }
    }
    return inPart;
  }

  return {
    ordinary: isSingle ? first.ordinary : undefined,
    scan(bytes, from, to, into, row) {
      if (looksDated(bytes, from) && errors.scan(bytes, from, to, into, row) === undefined) return undefined;
      return readingOf(bytes, from, to).scan(bytes, from, to, into, row);
    },
    read(bytes, from, to, row) {
      if (looksDated(bytes, from)) {
        const line = errors.read(bytes, from, to, { ...row, source: 'nginx_error' });
        if ('kind' in line) return line;
      }
      return readingOf(bytes, from, to).read(bytes, from, to, row);
    },
    mayGoOn: (bytes, from, to) => looksDated(bytes, from) && errors.mayGoOn!(bytes, from, to),
    goesOn: (bytes, from, to) =>
      errors.goesOn!(bytes, from, to) && formats.every(({ fit }) => fit(bytes, from, to) === 'none'),
  };
}
