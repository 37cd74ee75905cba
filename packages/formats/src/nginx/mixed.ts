import { columns, type Names } from '@why502/model';
import { type LineFormat, type LineReading, lineFormat, type Misfit } from '../lines.ts';
import { errorFormat, looksDated } from './error-log.ts';

/**
 * A log of requests as nginx leaves it: where both its logs go to one stream, as in containers, error lines stand between
 * the requests, and a log may change its format or hold several. Every line is tried in the order of the formats, so
 * that what a line is does not depend on the lines before it. A format must come before one that takes its lines, too.
 */
export function mixedFormat(formats: readonly LineFormat[]): LineFormat {
  const [first, ...others] = new Set(formats.map(({ name }) => name));
  const name = [first, ...others.map((other) => other.replace(/^nginx /, ''))].join(' + ');
  return lineFormat(name, 'nginx', (names) => mixedReading(formats, names));
}

function mixedReading(formats: readonly LineFormat[], names: Names): LineReading {
  const errors = errorFormat.reading(names);
  const [first, ...others] = formats.map((format) => format.reading(names)) as [
    LineReading,
    ...LineReading[],
  ];
  const scratch = columns(1);

  const isRequest = (bytes: Buffer, from: number, to: number) =>
    first.scan(bytes, from, to, scratch, 0) === undefined ||
    others.some((other) => other.scan(bytes, from, to, scratch, 0) === undefined);

  const scanOthers: LineReading['scan'] = (bytes, from, to, into, row) => {
    let nearest: Misfit | undefined;
    for (const other of others) {
      const misfit = other.scan(bytes, from, to, into, row);
      if (misfit === undefined) return undefined;
      nearest ??= misfit;
    }
    return nearest;
  };

  return {
    scan(bytes, from, to, into, row) {
      if (looksDated(bytes, from)) {
        if (errors.scan(bytes, from, to, into, row) === undefined) return undefined;
      }
      const misfit = first.scan(bytes, from, to, into, row);
      return misfit === undefined || others.length === 0
        ? misfit
        : scanOthers(bytes, from, to, into, row) && misfit;
    },
    read(bytes, from, to, row) {
      if (looksDated(bytes, from)) {
        const line = errors.read(bytes, from, to, { ...row, source: 'nginx_error' });
        if ('kind' in line) return line;
      }
      const found = first.read(bytes, from, to, row);
      if ('kind' in found) return found;
      for (const other of others) {
        const line = other.read(bytes, from, to, row);
        if ('kind' in line) return line;
      }
      return found;
    },
    mayGoOn: (bytes, from, to) => looksDated(bytes, from) && errors.mayGoOn!(bytes, from, to),
    goesOn: (bytes, from, to) => errors.goesOn!(bytes, from, to) && !isRequest(bytes, from, to),
  };
}
