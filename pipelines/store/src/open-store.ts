import { existsSync } from 'node:fs';
import { Connection, type ConnectionOptions, clickhouseSink, type ServerAddress } from '@why502/clickhouse';
import { patient } from '@why502/flow';
import { millis, Problem, type Sink } from '@why502/model';
import { type StoreNaming, storePlace } from './store-place.ts';

export interface StoreOptions extends StoreNaming {
  /** File of certificates of who signed that of the server. */
  readonly caFile?: string;
  readonly cluster?: string;
  /** It is only asked, so that a folder without a store is not made one. Default false. */
  readonly existing?: boolean;
  /** Rows older than this many days are deleted. Default: none is. */
  readonly keepDays?: number;
}

/** A store that is open: what is saved goes through sinks, what is asked through its connection. */
export interface OpenStore {
  /** For messages. */
  readonly place: string;
  readonly connection: Connection;
  /**
   * A sink into it.
   *
   * @param origin who counted the traffic
   * @param patience ms to go on trying when it does not answer; 0 for one who tries again himself
   */
  sink(origin: string, patience: number): Sink;
  close(): Promise<void>;
}

/**
 * Opens a store. Nothing is asked of it yet, and of a folder no engine is started.
 *
 * @throws Problem W502_USAGE, W502_NOT_READABLE, W502_NO_ENGINE, W502_STORE_EMPTY
 */
export async function openStore(options: StoreOptions): Promise<OpenStore> {
  const place = storePlace(options);
  if (place.kind === 'folder' && options.existing === true && !existsSync(place.folder))
    throw new Problem('W502_STORE_EMPTY', { where: place.folder });
  const database = place.kind === 'server' ? place.database : 'why502';
  const store = place.kind === 'server' ? serverStore(place.address) : await folderStore(place.folder);
  const { caFile, cluster, keepDays } = options;
  const access: ConnectionOptions = {
    address: store.address,
    database,
    ...(place.kind === 'folder' ? { place: place.folder } : {}),
    ...(caFile === undefined ? {} : { caFile }),
  };
  const connection = new Connection(access);
  return {
    place: place.kind === 'server' ? `${place.address.url}/${database}` : place.folder,
    connection,
    sink: (origin, patience) => {
      const sink = clickhouseSink({
        ...access,
        origin,
        ...(cluster === undefined ? {} : { cluster }),
        ...(keepDays === undefined ? {} : { keepDays }),
      });
      return patience > 0 ? patient(sink, { longest: millis(patience) }) : sink;
    },
    async close() {
      await connection.close();
      await store.close();
    },
  };
}

interface Access {
  readonly address: () => Promise<ServerAddress>;
  readonly close: () => Promise<void>;
}

function serverStore(address: ServerAddress): Access {
  return { address: async () => address, close: async () => {} };
}

/** The engine is a package of its own, for it is fifty times as large as all the rest. */
async function folderStore(folder: string): Promise<Access> {
  const { localStore } = await import('@why502/engine').catch((cause: unknown) => {
    throw new Problem('W502_NO_ENGINE', { where: folder }, { cause });
  });
  return localStore(folder);
}
