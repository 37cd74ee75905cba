import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { secureHeaders } from 'hono/secure-headers';

const cookie = 'why502';

/** Names under which a browser on this machine reaches loopback. */
const hosts = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Lets in whoever has the token, and from nowhere but the page itself. A name that some other site had resolve to this machine
 * is refused by its Host (DNS rebinding), a form or a script of another site by its Origin.
 */
export function guard(token: string): MiddlewareHandler {
  return async (context, next) => {
    const host = context.req.header('host') ?? '';
    if (!hosts.includes(host.replace(/:\d+$/, ''))) return context.text('another host\n', 403);
    const origin = context.req.header('origin');
    if (origin !== undefined && origin !== `http://${host}`) return context.text('another origin\n', 403);
    if (context.req.header('sec-fetch-site') === 'cross-site' && context.req.path.startsWith('/api/'))
      return context.text('another site\n', 403);
    if (context.req.method !== 'GET' && context.req.method !== 'HEAD')
      return context.text('only GET\n', 405, { Allow: 'GET, HEAD' });

    const given = context.req.query('token');
    if (given !== undefined && same(given, token)) {
      // The address with the token must stay in no history, and goes on to what was asked for.
      setCookie(context, cookie, token, { httpOnly: true, sameSite: 'Strict', path: '/' });
      const url = new URL(context.req.url);
      url.searchParams.delete('token');
      return context.redirect(`${url.pathname}${url.search}`);
    }
    const bearer = /^Bearer (.+)$/.exec(context.req.header('authorization') ?? '')?.[1];
    if (!same(bearer ?? getCookie(context, cookie) ?? '', token)) {
      deleteCookie(context, cookie);
      return context.text('The address that why502 dashboard printed has the token; open that one.\n', 401);
    }
    return next();
  };
}

/** Nothing is loaded from elsewhere, nothing is inline, nobody frames it. */
export const headers: MiddlewareHandler = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
  referrerPolicy: 'no-referrer',
  xFrameOptions: 'DENY',
  strictTransportSecurity: false,
});

/** Takes the same time whatever differs. */
function same(a: string, b: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
