/** Pieces of nginx configuration, as lists of lines that are indented where they are put. */
type Lines = readonly (string | Lines)[];

function block(head: string, lines: Lines): string {
  const body = lines.flat(9).flatMap((line) => `${line}`.split('\n'));
  return `${head} {\n${body.map((line) => (line === '' ? '' : `    ${line}`)).join('\n')}\n}`;
}

export function upstream(name: string, ...lines: Lines): string {
  return block(`upstream ${name}`, lines);
}

export function server(host: string, ...locations: Lines): string {
  return block('server', ['listen 80;', `server_name ${host};`, ...locations]);
}

export function location(path: string, ...lines: Lines): string {
  return `\n${block(`location ${path}`, lines)}`;
}

/** Files that are not there: an error line and a 404 that have nothing to do with any backend. */
export const files: string = location('/static/', 'root /var/www/html;');

export const forwarded: Lines = [
  'proxy_set_header Host $host;',
  'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;',
];

/** What it takes to keep connections to the peers. */
export const kept: Lines = ['proxy_http_version 1.1;', 'proxy_set_header Connection "";'];

export function http(...blocks: readonly string[]): string {
  return blocks.join('\n\n');
}
