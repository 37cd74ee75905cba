import type { DashboardFlags } from './flags.ts';
import { onEndSignals } from './signals.ts';
import { print } from './terminal.ts';

/**
 * `why502 dashboard`. Resolves to the exit code when somebody has told it to end.
 * @throws Problem where it cannot listen, or there is no store
 */
export async function dashboardCommand(flags: DashboardFlags): Promise<number> {
  const [{ dashboard }, { storeOf }] = await Promise.all([
    import('@why502/pipeline-dashboard'),
    import('./store.ts'),
  ]);
  const store = await storeOf(flags, true);
  try {
    const { url, close } = await dashboard({
      connection: store.connection,
      place: store.place,
      port: flags.port ?? usualPort,
    });
    const ended = new Promise<void>((resolve) => {
      const release = onEndSignals(() => {
        release();
        resolve();
      });
    });
    await print(`${url}\n`);
    process.stderr.write('Open this address in a browser of this machine. Ctrl+C ends it.\n');
    await ended;
    await close();
    return 0;
  } finally {
    await store.close();
  }
}

const usualPort = 5020;
