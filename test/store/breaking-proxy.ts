import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A proxy that passes the answer to every third insert on to nobody, after the server has stored what it holds. */
export async function breaking(to: URL) {
  let inserts = 0;
  let broken = 0;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(to.port), to.hostname);
    let isInsert = false;
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => {}).on('close', () => open.delete(socket));
    }
    client.on('data', (bytes) => {
      // The statement is in the address of the request, its rows are the body.
      if (bytes.toString('latin1').startsWith('POST')) isInsert = bytes.includes('INSERT');
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (isInsert && ++inserts % 3 === 0) {
        broken++;
        client.destroy();
        upstream.destroy();
      } else client.write(bytes);
      isInsert = false;
    });
    client.on('end', () => upstream.end());
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
