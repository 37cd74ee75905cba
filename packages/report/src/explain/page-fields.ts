import type { PageMaker, PageReading, Product } from '@why502/model';
import type { Paragraph } from '../terminal/page.ts';
import { span } from '../terminal/span.ts';
import { sureness } from '../terminal/wording.ts';
import { productWords } from './product-words.ts';

type Field = readonly [label: string, paragraphs: readonly Paragraph[]];

/** Who made a saved page, how that is known, and how far to trust it. */
export function pageFields(page: PageReading): readonly Field[] {
  return [
    ['made by', [[...madeBy(page)]]],
    ['known by', page.maker === undefined ? [] : [[span(page.maker.marks.join('; '))]]],
    ['status', page.status === undefined ? [] : [[span(String(page.status))]]],
    ['passed on by', page.carriers.length === 0 ? [] : [[span(namesOf(page.carriers))]]],
    ['but', reservations(page).map((text) => [span(text)])],
  ];
}

function madeBy({ maker }: PageReading): Paragraph & readonly ReturnType<typeof span>[] {
  if (maker === undefined) return [span('nobody that can be told', 'strong')];
  return [span(productWords[maker.product].name, 'strong'), span(`${sureness(maker.sureness)} sure`)];
}

/** What keeps a page from naming who failed. */
export function reservations({
  maker,
  carriers,
  hasHeaders,
  hasBody,
  status,
}: PageReading): readonly string[] {
  if (maker === undefined) {
    return [
      hasBody
        ? "The page is one of somebody's own, or of a product that why502 does not know. Any hop may have sent it: by a rule for its errors, or passed on from behind."
        : 'Headers alone name who handed the answer on last, and no maker.',
      ...(hasHeaders
        ? []
        : ['The headers tell more than such a page: curl -i, or the tools of the browser, show them.']),
    ];
  }
  return [
    ...(standsForInner(maker, status) ?? []),
    ...(carriers.length === 0 || maker.product === 'application'
      ? []
      : [
          `${namesOf(carriers)} passed the answer on, so it is not who failed. The page is of the innermost hop that made one.`,
        ]),
  ];
}

/** Of the hops behind one that passes a page on, nothing shows. */
function standsForInner(maker: PageMaker, status: number | undefined): readonly string[] | undefined {
  if (maker.product !== 'cloudflare' || maker.failedItself === true) return undefined;
  if (maker.failedItself === false) {
    return [
      `By Cloudflare's documents its branded page for ${status ?? '502'} stands for an answer of the origin: who is behind Cloudflare answered so, and the page was put in its place. In the log OriginResponseStatus says for sure; so does cf-error-type in the headers, which only answers that Cloudflare made have.`,
    ];
  }
  return [
    'This short form does not tell whether Cloudflare failed itself or passes on what the origin said: cf-error-type in the headers, or OriginResponseStatus in the log, does.',
  ];
}

/** The command that tells the story of the request of that page. Ids of a page are anybody's: only plain ones are shown. */
export function findInLogs({ ids }: PageReading): string | undefined {
  const id = ids.find(({ value }) => /^[\w.:-]{8,80}$/.test(value));
  return id === undefined ? undefined : `why502 explain ${id.value} LOG...`;
}

export function namesOf(products: readonly Product[]): string {
  const names = products.map((product) => productWords[product].name);
  const text = names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}
