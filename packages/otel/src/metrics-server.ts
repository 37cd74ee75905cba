import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Problem } from '@why502/model';

/** How somebody is who serves metrics. */
export interface Health {
  readonly ok: boolean;
  /** What is told beside, by name. */
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

export interface MetricsServer {
  readonly host: string;
  /** The one that was given, or for 0 one that was free. */
  readonly port: number;
  close(): Promise<void>;
}

/** A request that takes longer is nobody's scrape, ms. */
const longestRequest = 10_000;

/**
 * Serves `GET /metrics` and `GET /healthz`, and nothing else. It has no secrets and no login: listen on loopback, or where only
 * the scraper comes.
 *
 * @throws Problem W502_LISTEN
 */
export function serveMetrics(
  { host, port }: { readonly host: string; readonly port: number },
  scrape: (request: IncomingMessage, response: ServerResponse) => void,
  health: () => Health,
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    response.setHeader('X-Content-Type-Options', 'nosniff');
    if (isLoopback(host) && !isLoopback(nameIn(request.headers.host ?? ''))) return refuse(response, 421);
    const path = (request.url ?? '/').split('?', 1)[0];
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405);
    if (path === '/metrics') return scrape(request, response);
    if (path !== '/healthz') return refuse(response, 404);
    const { ok, details } = health();
    response.writeHead(ok ? 200 : 503, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
    response.end(`${JSON.stringify({ status: ok ? 'ok' : 'stuck', ...details })}\n`);
  });
  server.requestTimeout = longestRequest;
  server.headersTimeout = longestRequest;
  server.maxConnections = 64;
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new Problem(
          'W502_LISTEN',
          { where: `${host}:${port}`, ...(cause.code === undefined ? {} : { excerpt: cause.code }) },
          { cause },
        ),
      ),
    );
    server.listen(port, host, () => {
      const address = server.address();
      resolve({
        host,
        port: typeof address === 'object' && address !== null ? address.port : port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i;

/**
 * Who listens on loopback is asked by no other name: a page in a browser that has its own name lead there would read the
 * answers otherwise (DNS rebinding).
 */
function isLoopback(host: string): boolean {
  return loopback.test(host);
}

/** The host of a `Host` header, without its port. */
function nameIn(header: string): string {
  return header.replace(/:\d{1,5}$/, '');
}

const refusals: Readonly<Record<number, string>> = {
  404: 'try /metrics or /healthz\n',
  405: 'only GET\n',
  421: 'listens on loopback, and answers to localhost and addresses only\n',
};

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain',
    ...(status === 405 ? { Allow: 'GET, HEAD' } : {}),
  });
  response.end(refusals[status]);
}
