import { DataType, load, open } from 'ffi-rs';
import { userName } from './users.ts';

/**
 * The child process that is the engine. Arguments: the library, the port, then the command line of `clickhouse local`.
 * It stops when its standard input ends, and so with the process that started it, however that one ends.
 */
const [library, port, ...args] = process.argv.slice(2);
const { WHY502_ENGINE_PASSWORD: password = '' } = process.env;

/** Longest time that the engine may take to stop. What it has acknowledged survives its death, too. */
const longestStopMs = 5_000;

/** The engine ends when the statement ends with which it waits. */
async function stop(): Promise<void> {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), longestStopMs).unref();
  await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: { 'X-ClickHouse-User': userName, 'X-ClickHouse-Key': password, connection: 'close' },
    body: "KILL QUERY WHERE query LIKE 'SELECT sleepEachRow(0.2) FROM system.numbers%' ASYNC",
  }).catch(() => process.kill(process.pid, 'SIGKILL'));
}

process.stdin.on('end', stop).on('error', stop).resume();
// Whoever started it stops it: Ctrl-C in a terminal reaches the whole group.
process.on('SIGINT', () => {});

open({ library: 'chdb', path: library! });
const words = ['clickhouse', ...args];
// In a thread of its own, which has a stack of the size that the engine wants; it returns when the engine has stopped.
await load({
  library: 'chdb',
  funcName: 'chdb_query_cmdline',
  retType: DataType.External,
  paramsType: [DataType.I32, DataType.StringArray],
  paramsValue: [words.length, words],
  runInNewThread: true,
});
process.exit();
