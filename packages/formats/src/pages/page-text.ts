/** A body in the forms that marks are looked for in, all in small letters. */
export interface PageText {
  /** As it is, with white space between tags left out and other runs of it made one space. */
  readonly html: string;
  /** What a reader sees of it. */
  readonly text: string;
  readonly title: string;
}

/** A page and a half of text: what says who failed, stands at the beginning or the end of it. */
const longestSeen = 64 * 1024;

const entities: Readonly<Record<string, string>> = {
  nbsp: ' ',
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  '#39': "'",
  '#32': ' ',
  '#35': '#',
  '#46': '.',
};

export function pageText(body: string): PageText {
  const small = ends(body).toLowerCase();
  const html = small.replace(/\s+/g, ' ').replaceAll('> <', '><');
  return { html, text: withoutTags(html), title: titleOf(html) };
}

function ends(body: string): string {
  if (body.length <= 2 * longestSeen) return body;
  return `${body.slice(0, longestSeen)} ${body.slice(-longestSeen)}`;
}

/** One walk over the letters: a page that never closes a tag costs no more than one that does. */
function withoutTags(html: string): string {
  let text = '';
  for (let at = 0; at < html.length; ) {
    const open = html.indexOf('<', at);
    if (open < 0) {
      text += html.slice(at);
      break;
    }
    text += `${html.slice(at, open)} `;
    const hidden = /^<(style|script)\b/.exec(html.slice(open, open + 8))?.[1];
    const close = hidden === undefined ? html.indexOf('>', open) : html.indexOf(`</${hidden}>`, open);
    if (close < 0) {
      // What opens and never closes is no tag.
      text += hidden === undefined ? html.slice(open + 1) : '';
      break;
    }
    at = close + (hidden === undefined ? 1 : hidden.length + 3);
  }
  return text
    .replace(/&(#?\w{2,6});/g, (whole, name: string) => entities[name] ?? whole)
    .replace(/\s+/g, ' ')
    .trim();
}

function titleOf(html: string): string {
  const open = html.indexOf('<title');
  if (open < 0) return '';
  const from = html.indexOf('>', open) + 1;
  const to = html.indexOf('</title', from);
  return from === 0 || to < 0 ? '' : html.slice(from, Math.min(to, from + 300)).trim();
}
