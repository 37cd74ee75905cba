import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ServerAddress } from '@why502/clickhouse';
import { Problem } from '@why502/model';

/** A store is a folder of this machine, or a database of a ClickHouse server. */
export type StorePlace =
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'server'; readonly address: ServerAddress; readonly database: string };

export interface StoreNaming {
  /** A folder or a URL. Default: a folder among the data of this user. */
  readonly name?: string;
  /** First line of a file that only its owner reads. */
  readonly passwordFile?: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const defaultDatabase = 'why502';

/**
 * What a name means. User and password of a server: those of the URL, else of the environment, where the password may
 * also be in a file; else `default` without one.
 *
 * @throws Problem W502_USAGE, W502_NOT_READABLE
 */
export function storePlace({ name, passwordFile, environment }: StoreNaming): StorePlace {
  const text = name ?? defaultFolder(environment);
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return { kind: 'folder', folder: resolve(text) };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new Problem('W502_USAGE', {
      where: '--store',
      // Without what may be a password.
      excerpt: text.replace(/\/\/[^/]*@/, '//…@'),
      expected: 'a folder, or a URL such as https://user@clickhouse.example:8443/why502',
    });
  }
  const database = decodeURIComponent(url.pathname.replace(/^\/+|\/+$/g, '')) || defaultDatabase;
  const { WHY502_CLICKHOUSE_USER, WHY502_CLICKHOUSE_PASSWORD, WHY502_CLICKHOUSE_PASSWORD_FILE } = environment;
  const file = passwordFile ?? WHY502_CLICKHOUSE_PASSWORD_FILE;
  return {
    kind: 'server',
    database,
    address: {
      url: `${url.protocol}//${url.host}`,
      user: decodeURIComponent(url.username) || WHY502_CLICKHOUSE_USER || 'default',
      password:
        decodeURIComponent(url.password) ||
        WHY502_CLICKHOUSE_PASSWORD ||
        (file === undefined ? '' : firstLine(file)),
    },
  };
}

/** Where programs of a user keep data (XDG Base Directory Specification). */
function defaultFolder({ XDG_DATA_HOME = join(homedir(), '.local', 'share') }: StoreNaming['environment']) {
  return join(XDG_DATA_HOME, 'why502', 'store');
}

function firstLine(file: string): string {
  try {
    return (readFileSync(file, 'utf8').split('\n')[0] ?? '').trim();
  } catch (cause) {
    throw new Problem('W502_NOT_READABLE', { where: file }, { cause });
  }
}
