import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { randomNumbers } from '../random.mjs';

/**
 * A proxy that passes one in n answers on to nobody, by chance: one that broke off every nth could hit the same request of every
 * attempt.
 */
export async function breaking(to: URL, nth: number) {
  const next = randomNumbers(nth);
  let broken = 0;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(to.port), to.hostname);
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => {}).on('close', () => open.delete(socket));
    }
    client.pipe(upstream);
    upstream.on('data', (bytes) => {
      if (next() < 1 / nth) {
        broken++;
        client.destroy();
        upstream.destroy();
      } else client.write(bytes);
    });
    upstream.on('end', () => client.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    broken: () => broken,
    close() {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}
