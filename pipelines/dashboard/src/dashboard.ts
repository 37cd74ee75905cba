import { type Connection, panels } from '@why502/clickhouse';
import { type Dashboard, serveDashboard } from '@why502/dashboard';
import { mechanisms } from '@why502/mechanisms';
import { storeSource } from './store-source.ts';

export interface DashboardOptions {
  readonly connection: Connection;
  /** The store, as its user knows it. */
  readonly place: string;
  /** On loopback; 0 for one that is free. */
  readonly port: number;
  /** Default: a random one. */
  readonly token?: string;
}

/**
 * Serves the dashboard of a store.
 *
 * @throws Problem W502_LISTEN, W502_NO_PAGE
 */
export function dashboard({ connection, place, port, token }: DashboardOptions): Promise<Dashboard> {
  const names = Object.fromEntries(mechanisms.map(({ id, title, cause }) => [id, { title, cause }]));
  return serveDashboard({
    source: storeSource(connection, panels(), place, names),
    port,
    ...(token === undefined ? {} : { token }),
  });
}
