/** How messages of nginx about a failed request begin, so that one is found without the head of its line. */
const beginnings = [
  /kevent\(\) reported that connect\(\)/,
  /connect\(\) (?:to \S{1,255} )?failed/,
  /(?:recv|readv|send|sendfile|writev|SSL_read|SSL_write|SSL_do_handshake)\(\) failed/,
  /(?:socket|accept4?|bind)\([^)]*\) (?:to \S{1,255} )?failed/,
  /upstream (?:timed out|prematurely|sent |server temporarily|rejected request|SSL certificate)/,
  /no live upstreams/,
  /peer closed connection in SSL handshake/,
  /host not found in (?:upstream|")/,
  /no resolver defined/,
  /\S{1,255} could not be resolved/,
  /\d+ worker_connections are not enough/,
  /(?:limiting|delaying) (?:requests?|connections)/,
  /(?:epoll_wait|kevent)\(\) reported that client/,
  /client (?:prematurely closed|timed out|intended to send|sent )/,
  /rewrite or internal redirection cycle/,
  /auth request unexpected status/,
  /FastCGI sent in stderr/,
  /(?:no|invalid) (?:port|host) in upstream/,
  /invalid URL prefix in/,
  /zero length URI to proxy/,
  /no upstream configuration/,
  /worker process \d+ exited on signal/,
  /(?:unexpected|wrong ident|invalid) (?:UDP )?DNS response/,
  /(?:\[lua\] .*)?no peer was returned, balancer/,
];

export const messageStart = new RegExp(`(?:${beginnings.map(({ source }) => source).join('|')})`);

/** What nginx says it was doing (`log->action` in ngx_http_upstream.c and ngx_http_request.c). */
export const actions: readonly string[] = [
  'connecting to upstream',
  'SSL handshaking to upstream',
  'sending request to upstream',
  'reading response header from upstream',
  'reading upstream',
  'sending to client',
  'sending early hints to client',
  'proxying upgraded connection',
  'reading client request line',
  'reading client request headers',
  'SSL handshaking',
  'waiting for request',
  'closing request',
  'logging request',
  'processing HTTP/2 connection',
  'resolving',
];

/**
 * What a message without its action was most likely about: these are the places in nginx where it is mostly written
 * (http/ngx_http_upstream.c).
 */
export const usualActions: readonly (readonly [RegExp, string])[] = [
  [/^(?:kevent\(\) reported that )?connect\(\)/, 'connecting to upstream'],
  [/^no live upstreams/, 'connecting to upstream'],
  [
    /^(?:SSL_do_handshake\(\) failed|peer closed connection in SSL handshake|upstream SSL)/,
    'SSL handshaking to upstream',
  ],
  [/^upstream (?:timed out|prematurely closed|sent|rejected)/, 'reading response header from upstream'],
  [/^(?:recv|readv|SSL_read)\(\) failed/, 'reading response header from upstream'],
  [/^(?:send|writev|sendfile|SSL_write)\(\) failed/, 'sending request to upstream'],
];

/** Messages by their beginnings, so that one that ends in the middle of a word can be finished. */
export const stems: readonly string[] = [
  'upstream prematurely closed connection',
  'upstream timed out (110: Connection timed out)',
  'upstream sent too big header',
  'upstream sent no valid HTTP/1.0 header',
  'upstream server temporarily disabled',
  'no live upstreams',
  'connect() failed (111: Connection refused)',
  'recv() failed (104: Connection reset by peer)',
  'peer closed connection in SSL handshake',
];

/** So much of a message tells it from the others. */
export const fewestLetters = 15;
