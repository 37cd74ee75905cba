import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServerAddress } from '@why502/clickhouse';
import { libchdbPath } from 'chdb/libchdb';

/** Two engines that are the shards of one cluster, without replicas and without a Keeper. */
export interface TwoNodes {
  readonly cluster: string;
  readonly addresses: readonly ServerAddress[];
  stop(): Promise<void>;
}

const cluster = 'two';
const program = fileURLToPath(new URL('../../packages/engine/dist/engine-process.js', import.meta.url));
/** As the local store begins to listen, and for other nodes, too. */
const listenAndWait =
  'SYSTEM START LISTEN HTTP; SYSTEM START LISTEN TCP; SELECT sleepEachRow(0.2) FROM system.numbers SETTINGS max_execution_time = 0, max_block_size = 1, function_sleep_max_microseconds_per_block = 0 FORMAT Null';

export async function startTwoNodes(folder: string): Promise<TwoNodes> {
  const ports = await freePorts(4);
  const tcpPorts = ports.slice(2);
  const nodes = ports.slice(0, 2).map((httpPort, index) => {
    const own = join(folder, `node-${index}`);
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, 'engine.xml'), configuration(tcpPorts));
    writeFileSync(join(own, 'users.xml'), users);
    const args = [
      `--path=${join(own, 'data')}`,
      `--http_port=${httpPort}`,
      `--tcp_port=${tcpPorts[index]}`,
      '--listen-host=127.0.0.1',
      `--config-file=${join(own, 'engine.xml')}`,
      '--query',
      listenAndWait,
    ];
    const child = spawn(process.execPath, [program, libchdbPath(), String(httpPort), ...args], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    return { child, address: { url: `http://127.0.0.1:${httpPort}`, user: 'default', password: '' } };
  });
  await Promise.all(nodes.map(({ address }) => answers(address)));
  return {
    cluster,
    addresses: nodes.map(({ address }) => address),
    stop: async () => {
      await Promise.all(nodes.map(({ child }) => ended(child)));
    },
  };
}

/** Whoever comes from this machine may do anything. */
const users = `<clickhouse>
  <users><default>
    <no_password/>
    <networks><ip>127.0.0.1</ip></networks>
    <profile>default</profile><quota>default</quota>
  </default></users>
  <profiles><default/></profiles>
  <quotas><default/></quotas>
</clickhouse>
`;

function configuration(tcpPorts: readonly number[]): string {
  const shards = tcpPorts.map(
    (port) => `<shard><replica><host>127.0.0.1</host><port>${port}</port></replica></shard>`,
  );
  return `<clickhouse>
  <logger><level>error</level><console>1</console></logger>
  <max_server_memory_usage>1073741824</max_server_memory_usage>
  <users_config>users.xml</users_config>
  <remote_servers><${cluster}>${shards.join('')}</${cluster}></remote_servers>
</clickhouse>
`;
}

async function answers({ url }: ServerAddress): Promise<void> {
  for (let tried = 0; tried < 500; tried++) {
    const isThere = await fetch(`${url}/ping`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`no engine at ${url}`);
}

function ended(child: ChildProcess): Promise<void> {
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGKILL');
  return exit;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer();
          server.listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  return servers.map((server) => {
    const address = server.address();
    server.close();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
}
