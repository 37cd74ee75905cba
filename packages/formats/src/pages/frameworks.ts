import type { Fingerprint } from './fingerprint.ts';

/** What stands behind the proxies, and answers errors by itself. */
export const frameworks: readonly Fingerprint[] = [
  {
    // http-proxy-middleware src/plugins/default/error-response-plugin.ts; Vite, webpack-dev-server and others use it.
    product: 'node',
    carries: [],
    makes: [
      {
        text: ['error occurred while trying to proxy'],
        sure: 0.95,
        shown: 'Error occurred while trying to proxy',
      },
      {
        text: ['proxy error: could not proxy request'],
        sure: 0.95,
        shown: 'Proxy error: Could not proxy request',
      },
      {
        whole:
          /^(?:error: )?(?:connect econnrefused|getaddrinfo enotfound|read econnreset|socket hang up|connect etimedout).{0,120}$/,
        sure: 0.85,
        shown: 'the words of an error of Node.js',
      },
    ],
  },
  {
    // Pages of error that frameworks make by themselves: behind all proxies there is somebody who fails.
    product: 'application',
    carries: [
      { header: 'x-powered-by', value: /^(?:express|php|asp\.net|next\.js|phusion)/ },
      { header: 'x-runtime' },
    ],
    makes: [
      { text: ['whitelabel error page'], sure: 0.97, shown: 'Whitelabel Error Page (Spring)' },
      { html: ['<title>server error (500)</title>'], sure: 0.9, shown: 'Server Error (500) (Django)' },
      { text: ['http status 5', 'apache tomcat'], sure: 0.95, shown: 'the page of Tomcat' },
      { html: ['powered by jetty'], sure: 0.95, shown: 'Powered by Jetty' },
      {
        text: ["we're sorry, but something went wrong"],
        sure: 0.85,
        shown: "We're sorry, but something went wrong (Rails)",
      },
      {
        text: [
          'the server encountered an internal error and was unable to complete your request. either the server is overloaded',
        ],
        sure: 0.9,
        shown: 'Either the server is overloaded or there is an error in the application (Flask)',
      },
      {
        text: ['application error: a server-side exception has occurred'],
        sure: 0.95,
        shown: 'a server-side exception has occurred (Next.js)',
      },
      {
        text: ['there has been a critical error on this website'],
        sure: 0.95,
        shown: 'There has been a critical error on this website (WordPress)',
      },
      {
        text: ['error establishing a database connection'],
        sure: 0.9,
        shown: 'Error establishing a database connection (WordPress)',
      },
      { text: ['fatal error:', ' on line '], sure: 0.85, shown: 'Fatal error (PHP)' },
    ],
  },
];
