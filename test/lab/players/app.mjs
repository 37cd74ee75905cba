// One backend: an HTTP/1.1 server that answers any path and misbehaves by rules.
//
// argv[2] holds its options as JSON (see AppOptions in ../stage.ts). A line on standard input is a new list of rules.
// It prints `ready` once it listens, and then one JSON line for everything that it did wrong on purpose.
import { existsSync, readFileSync, unlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createInterface } from 'node:readline';
import { randomNumbers } from '../../random.mjs';

const options = JSON.parse(process.argv[2]);
let rules = options.rules ?? [];
let busySlots = 0;
const waiting = [];
const nothing = new Int32Array(new SharedArrayBuffer(4));
const kept = [];

const read = (path) => path && readFileSync(path);
const tls = options.tls && {
  ...options.tls,
  key: read(options.tls.key),
  cert: read(options.tls.cert),
  ca: read(options.tls.ca),
};
if (tls?.onlyName) {
  tls.SNICallback = (name, done) => done(name === tls.onlyName ? null : new Error('unknown name'));
}

const server = tls ? createTlsServer(tls, answer) : createServer(answer);
// Ours, since some releases of Node wait a second longer than they are told, so that no request is lost.
server.keepAliveTimeout = 0;
server.on('connection', closeWhenIdle);
server.requestTimeout = 0;
server.maxHeaderSize = 65_536;
if (options.pauses) setInterval(pause, options.pauses.every_ms);
if (options.closeAfter) server.on('connection', closeAfter);
if (options.path && existsSync(options.path)) unlinkSync(options.path);
server.listen(
  options.path
    ? { path: options.path, backlog: options.backlog }
    : { port: options.port, host: options.address, backlog: options.backlog },
  () => console.log('ready'),
);
// A clash of ports must end the recording and not pass for a fault.
server.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});

createInterface({ input: process.stdin })
  .on('line', (line) => {
    rules = JSON.parse(line);
  })
  .on('close', () => process.exit());

if (options.graceful) {
  process.on('SIGTERM', () => {
    server.close(() => process.exit());
    server.closeIdleConnections();
  });
}

function answer(request, response) {
  const n = request.headers['x-lab'];
  const random = randomNumbers(Number(n ?? 0) * 2_654_435_761 + (options.seed ?? 0));
  random();
  const rule = rules.find((one) => applies(one, request, random));
  request.resume();
  clearTimeout(request.socket.idle);
  response.on('finish', () => closeWhenIdle(request.socket));
  response.on('error', () => {});
  if (rule === undefined) later(usualDelay(random), () => reply(request, response, {}));
  else act(rule, n, request, response, random);
}

function closeWhenIdle(socket) {
  socket.idle = setTimeout(() => socket.destroy(), options.keepAlive_ms ?? 75_000);
  socket.idle.unref();
}

/** As collecting garbage does: nothing is answered, and timers fall due meanwhile. */
function pause() {
  busy(between(options.pauses.ms, Math.random), () => {});
}

/** Unlike `maxRequestsPerSocket` of Node this says nothing beforehand. */
function closeAfter(socket) {
  let answered = 0;
  server.on('request', (request, response) => {
    if (request.socket !== socket) return;
    response.on('finish', () => {
      if (++answered === options.closeAfter) setTimeout(() => socket.destroy(), 30);
    });
  });
}

function applies({ path, method, share, notPath, longerThan }, request, random) {
  return (
    (path === undefined || request.url.startsWith(path)) &&
    (notPath === undefined || !request.url.startsWith(notPath)) &&
    (method === undefined || request.method === method) &&
    (longerThan === undefined || Number(request.headers['content-length'] ?? 0) > longerThan) &&
    (share === undefined || random() < share)
  );
}

/** Log-normal about the median, so that a few answers are several times as slow as most. */
function usualDelay(random) {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return (options.median_ms ?? 12) * Math.exp(0.6 * normal);
}

function between([low, high], random) {
  return low + (high - low) * random();
}

function later(ms, act) {
  if (ms > 0) setTimeout(act, ms);
  else act();
}

function act(rule, n, request, response, random) {
  const wait = rule.ms ? between(rule.ms, random) : usualDelay(random);
  const { socket } = request;
  const wrong = (did) => console.log(JSON.stringify({ n, did }));
  switch (rule.do) {
    case 'answer':
      if (rule.status >= 500) wrong(`answer ${rule.status}`);
      return later(wait, () => reply(request, response, rule));
    case 'hang':
      return wrong('hang');
    case 'close':
      return later(wait, () => {
        wrong('close');
        socket.destroy();
      });
    case 'reset':
      return later(wait, () => {
        wrong('reset');
        socket.resetAndDestroy();
      });
    case 'exit':
      return later(wait, () => {
        wrong('exit');
        process.exit(1);
      });
    case 'raw':
      return later(wait, () => {
        wrong('raw');
        if (rule.stay) socket.write(Buffer.from(rule.text, 'latin1'));
        else socket.end(Buffer.from(rule.text, 'latin1'));
      });
    case 'break':
      return later(wait, () => breakOff(rule, wrong, request, response));
    case 'stream':
      return later(wait, () => stream(rule, response));
    case 'busy':
      return busy(wait, () => reply(request, response, rule));
    case 'grow':
      kept.push(Array.from({ length: rule.mb * 2500 }, (_, index) => ({ index, text: `row ${index}` })));
      return later(wait, () => reply(request, response, rule));
    case 'pool':
      return pooled(rule, wait, () => reply(request, response, rule));
  }
}

/** Holds the only thread, as a computation does, but leaves the processor to the other plays. */
function busy(ms, done) {
  Atomics.wait(nothing, 0, 0, ms);
  done();
}

/** Takes one of a few slots, as a query takes a connection of a database pool. */
function pooled({ size }, ms, done) {
  const run = () => {
    busySlots++;
    setTimeout(() => {
      busySlots--;
      done();
      waiting.shift()?.();
    }, ms);
  };
  if (busySlots < size) run();
  else waiting.push(run);
}

function breakOff({ bytes = 3000, of = 20_000, chunked, reset }, wrong, { socket }, response) {
  wrong('break');
  response.writeHead(
    200,
    chunked ? { 'content-type': 'text/csv' } : { 'content-type': 'text/csv', 'content-length': of },
  );
  response.write('x'.repeat(bytes));
  setTimeout(() => (reset ? socket.resetAndDestroy() : socket.destroy()), 40);
}

function stream({ chunks = 10, every_ms = 200, chunk = 800 }, response) {
  response.writeHead(200, { 'content-type': 'text/csv' });
  let left = chunks;
  const next = () => {
    if (left-- === 0 || response.destroyed) return response.end();
    response.write('x'.repeat(chunk));
    setTimeout(next, every_ms);
  };
  next();
}

function reply(request, response, { status, bytes, headerBytes, headers }) {
  const missing = request.url.includes('missing');
  const code =
    status ?? (missing ? 404 : request.method === 'POST' ? 201 : request.method === 'DELETE' ? 204 : 200);
  const length =
    code === 204 || code === 304 ? 0 : (bytes ?? (code >= 400 ? 90 : 300 + (hash(request.url) % 5000)));
  const cookies = headerBytes ? { 'set-cookie': cookieLines(headerBytes) } : {};
  response.writeHead(code, {
    'content-type': 'application/json',
    ...cookies,
    ...headers,
    'content-length': length,
  });
  response.end('y'.repeat(length));
}

function cookieLines(total) {
  return Array.from({ length: Math.ceil(total / 900) }, (_, index) => `s${index}=${'c'.repeat(890)}; Path=/`);
}

function hash(text) {
  let value = 7;
  for (let index = 0; index < text.length; index++) value = (value * 31 + text.charCodeAt(index)) >>> 0;
  return value;
}
