import type { Mechanism, MechanismId, Weight } from '@why502/model';
import { Page } from '../terminal/page.ts';
import { span } from '../terminal/span.ts';
import type { ExplanationOptions } from './explanation-text.ts';

const mostWeights = 6;

/** The page of a mechanism: what happens, how it shows, what else looks like it, what to do. */
export function mechanismText(mechanism: Mechanism, options: ExplanationOptions): string {
  const { id, cause, title, summary, weigh, mistakenFor, remedy, success, references } = mechanism;
  const page = new Page(options);
  page.heading(title);
  page.field('name', [[span(id), span(`of cause ${cause}`, 'faint')]]);
  page.field('what happens', [[span(summary)]]);
  page.field(
    'shows by',
    whys(weigh, (weight) => weight.db > 0),
  );
  page.field(
    'against it',
    whys(weigh, (weight) => weight.db < 0),
  );
  page.field(
    'looks like',
    mistakenFor.map(({ id: other, tell }) => [
      span(titleOf(other, options.mechanisms)),
      span(`[${other}]:`, 'faint'),
      span(`that is it, if ${tell}`),
    ]),
  );
  page.field(
    'to do',
    remedy.flatMap(({ where, change, example }) => [
      [span(`${where}:`, 'strong'), span(change)],
      ...(example === undefined ? [] : [{ verbatim: example }]),
    ]),
  );
  page.field('mended when', [[span(success)]]);
  page.field('read on', [
    ...references.map(({ title: name, url }) => [span(`${name}:`), span(url, 'code')]),
    [span(`docs/mechanisms/${id}.md`, 'code')],
  ]);
  return page.toString();
}

function whys(weigh: readonly Weight[], counts: (weight: Weight) => boolean) {
  return [...weigh]
    .filter(counts)
    .sort((a, b) => Math.abs(b.db) - Math.abs(a.db))
    .slice(0, mostWeights)
    .map(({ why }) => [span(why)]);
}

function titleOf(id: MechanismId, mechanisms: ReadonlyMap<MechanismId, Mechanism>): string {
  return mechanisms.get(id)?.title ?? id;
}
