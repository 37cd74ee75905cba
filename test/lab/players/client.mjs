// Sends requests at their times, whatever became of those before (open loop).
//
// Standard input is one JSON object: where to, and the calls (see Call in ../traffic.ts) with times from the start.
// Prints `ready`, waits for SIGUSR2, and prints `left N` for every call that it gave up on, and `broken N` for every
// answer that broke off, be it before its first byte.
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

const { host, port, calls } = JSON.parse(await text(process.stdin));
const kept = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, timeout: 120_000 });
const keepRunning = setInterval(() => {}, 60_000);
let open = calls.length;

process.once('SIGUSR2', () => {
  const start = performance.now();
  for (const call of calls) setTimeout(() => send(call), call.at_ms - (performance.now() - start));
});
console.log('ready');

function send(call) {
  if (call.raw !== undefined) return sendRaw(call);
  const headers = { host: call.host, 'x-lab': call.n, 'x-real-ip': call.client, 'user-agent': call.agent };
  if (call.body > 0) headers['content-length'] = call.body;
  if (call.referer) headers.referer = call.referer;
  Object.assign(headers, call.headers);
  const agent = call.keep ? kept : false;
  const sent = request({ host, port, method: call.method, path: call.path, headers, agent });
  let timer;
  let over = false;
  let left = false;
  const end = () => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    done();
  };
  sent.on('response', (response) => {
    response.on('error', () => {}).resume();
    response.on('close', () => {
      if (!response.complete && !left) console.log(`broken ${call.n}`);
      end();
    });
  });
  sent.on('error', () => {
    if (!over) console.log(`broken ${call.n}`);
    end();
  });
  if (call.patience_ms) {
    timer = setTimeout(() => {
      console.log(`left ${call.n}`);
      left = true;
      end();
      sent.destroy();
    }, call.patience_ms);
  }
  sent.end(call.body > 0 ? Buffer.alloc(call.body, 'b') : undefined);
}

/** Bytes that no HTTP client would send. */
function sendRaw({ raw }) {
  const socket = connect({ host, port }, () => socket.end(Buffer.from(raw, 'latin1')));
  socket.on('error', () => {});
  socket.on('close', done);
  socket.resume();
}

function done() {
  if (--open > 0) return;
  clearInterval(keepRunning);
  kept.destroy();
}
