import { type Conservation, type Counters, conservations } from '@why502/model';
import { Page, type PageOptions } from '../terminal/page.ts';
import { span } from '../terminal/span.ts';
import { number } from '../terminal/wording.ts';

const partWords: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  lines: {
    counted: 'counted',
    set_aside: 'set aside (blank, headers, the rest of a record)',
    faults: 'that do not fit their format',
    waiting: 'held back until other logs have come so far',
  },
  failures: {
    verdicts: 'with their verdict',
    waiting: 'waiting for theirs',
    withdrawn: 'withdrawn after a first look',
  },
  sink: { delivered: 'delivered', waiting: 'waiting', refused: 'refused' },
};

/** What a tail has counted, as sums whose parts are named, and whether anything is missing. */
export function countersText(counters: Counters, options: PageOptions): string {
  const page = new Page(options);
  const sums = conservations(counters);
  page.paragraph([span(`What the tail of ${counters.folder} has counted`, 'strong')]);
  page.gap();
  for (const sum of sums) page.field(sum.of, [[span(told(sum))]]);
  if (sums.length === 0) page.paragraph([span('Nothing yet.')]);
  page.gap();
  const wrong = sums.filter(({ missing }) => missing !== 0);
  for (const { of, missing } of wrong) {
    const size = Math.abs(missing);
    const what = `${number(size)} ${size === 1 ? 'is' : 'are'} ${missing > 0 ? 'missing' : 'too many'}`;
    page.paragraph([span(`${of}: ${what}`, 'bad')]);
  }
  if (sums.length > 0 && wrong.length === 0)
    page.paragraph([span('Every sum is that of its parts.', 'good')]);
  const { gaps = 0 } = counters;
  if (gaps > 0) {
    const times = gaps === 1 ? 'once' : `${number(gaps)} times`;
    page.paragraph([
      span(
        `A log was copied and truncated ${times}: what was written in between is in no sum, for nobody could read it.`,
      ),
    ]);
  }
  return page.toString();
}

function told({ of, sum, parts }: Conservation): string {
  const isSink = of !== 'lines' && of !== 'failures';
  const words = partWords[isSink ? 'sink' : of]!;
  const whole =
    of === 'lines'
      ? 'read since it began to read last'
      : isSink
        ? 'results handed over'
        : 'found since the state was made';
  const shown = Object.entries(parts).map(([name, part]) => `${number(part)} ${words[name]}`);
  return `${number(sum)} ${whole} = ${shown.join(' + ')}`;
}
