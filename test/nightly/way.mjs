// The way of a tail to its store, for the soak: an HTTP proxy in front of an engine that can be closed, lose answers, and ask the
// server for what makes it refuse. What it does to inserts it does after or before the server has stored them, never half.
import { once } from 'node:events';
import { createServer, request } from 'node:http';

/**
 * Settings of a request with which a real server refuses its rows, by what it then says (ErrorCodes.cpp: READONLY 164,
 * TOO_MANY_PARTS 252, MEMORY_LIMIT_EXCEEDED 241).
 */
export const refusals = {
  readOnly: 'readonly=1',
  tooManyParts: 'parts_to_throw_insert=1',
  memoryLimit: 'max_memory_usage=1&max_untracked_memory=0',
};

/** @param address where the engine is, asked again after a failure: `{url, user, password}` */
export async function wayTo(address) {
  const way = {
    /** Share of inserts whose answer nobody gets, though the server has stored them. */
    lost: 0,
    chance: Math.random,
    /** One of `refusals`. */
    refusal: undefined,
    /** Called with a stored insert in hand, once; the answer is lost. */
    onStored: undefined,
    counts: { inserts: 0, answersLost: 0, refused: 0 },
    port: 0,
    close,
    open,
  };
  const server = createServer((asked, answer) => {
    const chunks = [];
    asked.on('error', () => {}).on('data', (chunk) => chunks.push(chunk));
    asked.on('end', () => {
      pass(asked, Buffer.concat(chunks), answer).catch(() => answer.destroy());
    });
  });
  let known;

  async function pass(asked, body, answer) {
    const url = new URL(asked.url, 'http://store');
    const isInsert = url.searchParams.get('query')?.trimStart().startsWith('INSERT') === true;
    const path = isInsert && way.refusal !== undefined ? `${asked.url}&${way.refusal}` : asked.url;
    const { status, headers, bytes } = await ask(path, asked, body);
    if (isInsert) {
      way.counts.inserts++;
      if (status !== 200) way.counts.refused++;
      else {
        const then = way.onStored;
        way.onStored = undefined;
        then?.();
        if (then !== undefined || way.chance() < way.lost) {
          way.counts.answersLost++;
          answer.destroy();
          return;
        }
      }
    }
    answer.writeHead(status, headers);
    answer.end(bytes);
  }

  async function ask(path, asked, body) {
    known ??= await address();
    const { user, password, url } = known;
    const { connection: _, 'transfer-encoding': __, ...headers } = asked.headers;
    const passed = request(new URL(path, url), {
      method: asked.method,
      headers: {
        ...headers,
        'content-length': body.length,
        authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
      },
    });
    passed.end(body);
    try {
      const [response] = await once(passed, 'response');
      const chunks = [];
      for await (const chunk of response) chunks.push(chunk);
      const { connection: ___, 'transfer-encoding': ____, 'content-length': _____, ...of } = response.headers;
      return { status: response.statusCode, headers: of, bytes: Buffer.concat(chunks) };
    } catch (error) {
      // It may run elsewhere by now.
      known = undefined;
      throw error;
    }
  }

  async function open() {
    server.listen(way.port, '127.0.0.1');
    await once(server, 'listening');
    way.port = server.address().port;
  }

  /** Nobody listens then. */
  async function close() {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  await open();
  return way;
}
