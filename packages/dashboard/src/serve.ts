import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { createAdaptorServer } from '@hono/node-server';
import { Problem } from '@why502/model';
import { dashboardApp } from './app.ts';
import type { DashboardSource } from './source.ts';

export interface Dashboard {
  /** The address of the page, with the token. */
  readonly url: string;
  close(): Promise<void>;
}

export interface ServeOptions {
  readonly source: DashboardSource;
  /** On loopback; 0 for one that is free. */
  readonly port: number;
  /** Default: a random one, new with each start. */
  readonly token?: string;
}

/**
 * Serves the page on loopback, to whoever has the token.
 *
 * @throws Problem W502_LISTEN, W502_NO_PAGE
 */
export function serveDashboard({ source, port, token = randomToken() }: ServeOptions): Promise<Dashboard> {
  const page = pageFolder();
  const server = createAdaptorServer({ fetch: dashboardApp({ source, token, page }).fetch }) as Server;
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(new Problem('W502_LISTEN', { where: `127.0.0.1:${port}` }, { cause })),
    );
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      const given = typeof address === 'object' && address !== null ? address.port : port;
      resolve({
        url: `http://127.0.0.1:${given}/?token=${token}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}

/** Beside what was built of this file, also where that runs from its source. @throws Problem W502_NO_PAGE */
function pageFolder(): string {
  const folder = fileURLToPath(new URL('../dist/page/', import.meta.url));
  if (!existsSync(`${folder}index.html`)) throw new Problem('W502_NO_PAGE', { where: folder });
  return folder;
}

function randomToken(): string {
  return randomBytes(18).toString('base64url');
}
