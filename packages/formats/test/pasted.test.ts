import { describe, expect, test } from 'vitest';
import { type PastedPart, readPasted } from '../src/index.ts';

const date = '2026/11/23 06:58:59';
const refused = 'connect() failed (111: Connection refused) while connecting to upstream';
const context =
  'client: 192.0.2.1, server: shop, request: "GET /a?b=c HTTP/1.1", upstream: "http://192.0.2.8:9000/a?b=c", host: "shop.example"';
const line = `${date} [error] 12#34: *43 ${refused}, ${context}`;
const access = '192.0.2.1 - - [23/Nov/2026:06:58:59 +0000] "GET /a?b=c HTTP/1.1" 502 157 "-" "curl/8.5.0"';

function parts(paste: string): readonly PastedPart[] {
  return readPasted(paste, '-').parts;
}

/** The only part, which must be an error line. */
function errorLine(paste: string) {
  const found = parts(paste);
  expect(found.map(({ kind }) => kind)).toEqual(['error_line']);
  const [part] = found;
  if (part?.kind !== 'error_line') throw new Error('no error line');
  return part;
}

const whole = {
  symptom: 'connect_refused',
  client: '192.0.2.1',
  server: 'shop',
  requestLine: 'GET /a?b=c HTTP/1.1',
  scheme: 'http',
  peer: '192.0.2.8:9000',
  host: 'shop.example',
  action: 'connecting to upstream',
};

/** Breaks a text after so many letters, as a terminal does. */
function broken(text: string, width: number, indent = ''): string {
  return (text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join(`\n${indent}`);
}

/** Breaks a text at spaces, as mails and editors do. */
function filled(text: string, width: number): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1)!;
    if (last !== '' && last.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.join('\n');
}

describe('an error line is read whole', () => {
  test.each([
    ['as nginx wrote it', line],
    ['between spaces', `   ${line}   `],
    ['with the line breaks of Windows', `${line}\r\n`],
    ['quoted in a mail', `> ${line}`],
    ['quoted twice', `>> ${line}`],
    ['in a list', `- ${line}`],
    ['between backticks', `\`${line}\``],
    ['in a fence', `\`\`\`text\n${line}\n\`\`\``],
    ['with colours', `\u001b[31m${line}\u001b[0m`],
    ['with colours spelt out', `\\x1b[31m${line}^[[0m`],
    ['on a page', `<p><code>${line.replaceAll('"', '&quot;')}</code></p>`],
    ['with quotes of an editor', line.replace(/"([^"]*)"/g, '\u201c$1\u201d')],
    ['with a line number', `  17: ${line}`],
    ['from grep', `error.log:17:${line}`],
    ['from docker compose', `nginx-1  | ${line}`],
    ['from docker compose with a time', `nginx.1     | 2026-11-23T06:58:59.123Z ${line}`],
    ['from the journal', `Nov 23 06:58:59 web-1 nginx[639]: ${line}`],
    ['from syslog', `<187>Nov 23 06:58:59 web-1 nginx: ${line}`],
    ['from a CRI runtime', `2026-11-23T06:58:59.123456789Z stderr F ${line}`],
    ['from Docker', JSON.stringify({ log: `${line}\n`, stream: 'stderr', time: '2026-11-23T06:58:59Z' })],
    ['from a shipper', JSON.stringify({ '@timestamp': 'x', message: line })],
    ['with the quotes of JSON', line.replaceAll('"', '\\"').replace('&', '\\u0026')],
    ['broken by a terminal of 80', broken(line, 80)],
    ['broken by a terminal of 100 within docker compose', broken(`nginx-1  | ${line}`, 100)],
    ['broken with backslashes', broken(line, 70).replaceAll('\n', '\\\n')],
    ['broken at spaces', filled(line, 72)],
    ['broken at spaces and quoted', filled(line, 72).replaceAll(/^/gm, '> ')],
    ['broken at spaces, each line as wide', filled(line, 84)],
    ['a field per line', line.replaceAll(', ', ',\n')],
    ['a field per line, indented', line.replaceAll(', ', ',\n    ')],
  ])('%s', (_, paste) => {
    const { record, dated } = errorLine(paste);
    expect(record).toMatchObject({ ...whole, level: 'error', pid: 12, connection: '43' });
    expect(dated).toBe(true);
    expect(record.wall).toBe(Date.UTC(2026, 10, 23, 6, 58, 59));
  });

  test.each([
    ['without date', `[error] 12#34: *43 ${refused}, ${context}`],
    ['without date and level', `12#34: *43 ${refused}, ${context}`],
    ['from the connection on', `*43 ${refused}, ${context}`],
    ['from the message on', `${refused}, ${context}`],
    ['with a time that was made unknown', `2026/11/23 06:MM:SS [error] 12#34: *XXX ${refused}, ${context}`],
    ['with a date that is none', `2026/13/45 06:58:59 [error] 12#34: *43 ${refused}, ${context}`],
  ])('%s', (_, paste) => {
    const { record, dated } = errorLine(paste);
    expect(record).toMatchObject(whole);
    expect(dated).toBe(false);
  });
});

describe('what is left of a line says what it can', () => {
  test.each([
    ['a message', refused, 'connect_refused', 'connecting to upstream'],
    [
      'a message in a sentence',
      `I get "${refused}" every night`,
      'connect_refused',
      'connecting to upstream',
    ],
    [
      'a call and its error',
      'connect() failed (111: Connection refused)',
      'connect_refused',
      'connecting to upstream',
    ],
    [
      'an error and an action',
      'Connection refused while connecting to upstream',
      'connect_refused',
      'connecting to upstream',
    ],
    [
      'cut in the action',
      'recv() failed (104: Connection reset by peer) while reading resp\u2026',
      'reset_before_header',
      'reading response header from upstream',
    ],
    [
      'cut in the message',
      '[error] 27#0: *552 upstream prematurely clos',
      'closed_before_header',
      'reading response header from upstream',
    ],
    ['cut in the request', `${line.slice(0, 170)} [...]`, 'connect_refused', 'connecting to upstream'],
    [
      'cut behind the error',
      'upstream timed out (110: Connection timed out)...',
      'header_timed_out',
      'reading response header from upstream',
    ],
    ['a number', '111', 'connect_refused', 'connecting to upstream'],
    ['a number and its words', '(113: No route to host)', 'connect_no_route', 'connecting to upstream'],
    ['the name of an error', 'ECONNRESET', 'reset_before_header', 'reading response header from upstream'],
    [
      'an error at start',
      `${date} [emerg] 1#1: host not found in upstream "app:8000" in /etc/nginx/conf.d/a.conf:2`,
      'name_not_found',
      undefined,
    ],
    [
      'an old spelling of an alert',
      'SSL_do_handshake() failed (SSL: error:14094458:SSL routines:ssl3_read_bytes:tlsv1 unrecognized name:SSL alert number 112) while SSL handshaking to upstream',
      'tls_name_refused',
      'SSL handshaking to upstream',
    ],
  ])('%s', (_, paste, symptom, action) => {
    expect(errorLine(paste).record).toMatchObject({ symptom, ...(action === undefined ? {} : { action }) });
  });

  test('what it does not say is assumed openly', () => {
    expect(errorLine('upstream timed out (110: Connection timed out)').assumedAction).toBe(
      'reading response header from upstream',
    );
    expect(errorLine(line).assumedAction).toBeUndefined();
  });

  test('a hidden host and client stay what they are', () => {
    const { record } = errorLine(
      line
        .replace('192.0.2.1', 'x.x.x.x')
        .replace('192.0.2.8:9000', '<ip>')
        .replace('"shop.example"', '"***"'),
    );
    expect(record).toMatchObject({ client: 'x.x.x.x', peer: '<ip>', host: '***' });
  });

  test('the peer of a name that does not resolve is the name', () => {
    expect(errorLine('app.internal could not be resolved (3: Host not found)').record.peer).toBe(
      'app.internal',
    );
    expect(errorLine('[emerg] 1#1: host not found in upstream "app:80" in /a.conf:2').record.peer).toBe(
      'app:80',
    );
  });
});

describe('access lines', () => {
  test.each([
    ['combined', access],
    ['with a prefix', `web-1  | ${access}`],
    ['broken by a terminal', broken(access, 80)],
    ['quoted', `> ${access}`],
    [
      'as JSON',
      '{"time":"2026-11-23T06:58:59+00:00","remote_addr":"192.0.2.1","request":"GET /a?b=c HTTP/1.1","status":"502"}',
    ],
    [
      'as JSON on several lines',
      JSON.stringify(
        {
          time_iso8601: '2026-11-23T06:58:59+00:00',
          remote_addr: '192.0.2.1',
          request: 'GET /a?b=c HTTP/1.1',
          status: 502,
        },
        null,
        2,
      ),
    ],
  ])('%s', (_, paste) => {
    expect(parts(paste)).toMatchObject([
      {
        kind: 'request',
        failed: true,
        record: { status: 502, method: 'GET', target: '/a?b=c', client: '192.0.2.1' },
      },
    ]);
  });

  test('with all that extended formats hold', () => {
    const paste = `${access} rt=0.004 uct="-" uht="-" urt="0.003" ua="192.0.2.8:9000" us="502"`;
    expect(parts(paste)).toMatchObject([
      {
        kind: 'request',
        record: { duration: 4, attempts: [{ peer: '192.0.2.8:9000', status: 502, header: undefined }] },
      },
    ]);
  });

  test('one that did not fail is read, and known as such', () => {
    expect(parts(access.replace(' 502 ', ' 200 '))).toMatchObject([{ kind: 'request', failed: false }]);
  });
});

describe('several lines together', () => {
  test('prose is set aside, with its place', () => {
    const found = parts(`Hello,\n\nsince yesterday we see this:\n\n${line}\n\nWhat could it be?`);
    expect(found.map(({ kind, first, last }) => [kind, first, last])).toEqual([
      ['set_aside', 1, 1],
      ['set_aside', 3, 3],
      ['error_line', 5, 5],
      ['set_aside', 7, 7],
    ]);
  });

  test('prose right behind a line is none of it', () => {
    expect(parts(`${line}\nWhat could it be?`).map(({ kind }) => kind)).toEqual(['error_line', 'set_aside']);
  });

  test('a broken line ends where the next one begins', () => {
    const found = parts(`${broken(line, 80)}\n${broken(line.replace('*43', '*44'), 80)}\n${access}`);
    expect(found.map((part) => (part.kind === 'error_line' ? part.record.connection : part.kind))).toEqual([
      '43',
      '44',
      'request',
    ]);
  });

  test('a line without date takes the time of the one before it', () => {
    const [, undated] = parts(`${line}\n*44 ${refused}, ${context}`);
    expect(undated).toMatchObject({ dated: false, record: { wall: Date.UTC(2026, 10, 23, 6, 58, 59) } });
  });

  test('lines of other programs that tell something are known', () => {
    const found = parts(
      [
        'May  2 11:33:49 web kernel: [1.2] php-fpm[37]: segfault at 2c ip 00000000006fbc7a sp 00007fffd9773590 error 4',
        '[12-Apr-2026 18:55:47] WARNING: [pool www] server reached pm.max_children setting (5), consider raising it',
        'invalid request block size: 5292 (max 4096)...skip',
        '[2026-04-12 18:55:47 +0000] [7] [CRITICAL] WORKER TIMEOUT (pid:31)',
        'Memory cgroup out of memory: Killed process 4711 (node)',
        '*** uWSGI listen queue of socket "/tmp/a.sock" (fd: 3) full !!! (101/100) ***',
        'Listening at: http://127.0.0.1:8000',
      ].join('\n'),
    );
    expect(found.map((part) => (part.kind === 'sighting' ? part.saw : part.kind))).toEqual([
      'process_crashed',
      'workers_all_busy',
      'request_header_refused',
      'worker_ran_out_of_time',
      'process_killed_for_memory',
      'accept_queue_full',
      'set_aside',
    ]);
  });
});

describe('a status alone', () => {
  test.each(['502', 'HTTP 502', '502 Bad Gateway', 'error 502', 'status: 502'])('%s', (paste) => {
    expect(parts(paste)).toMatchObject([{ kind: 'status', status: 502 }]);
  });

  test.each(['200', '5020', 'room 502 is free', 'GET /502'])('not %s', (paste) => {
    expect(parts(paste)).toMatchObject([{ kind: 'set_aside' }]);
  });
});

describe('hostile text', () => {
  test('a head that a client wrote into its request begins no line', () => {
    const forged = line.replace('GET /a?b=c', `GET /${date} [error] 1#1: *9 ${refused}`);
    expect(parts(forged)).toHaveLength(1);
    expect(errorLine(forged).record.connection).toBe('43');
  });

  test('random bytes are read without an error', () => {
    const words = [
      '"',
      ', ',
      'client: ',
      refused,
      '{',
      '}',
      '[error]',
      '\\',
      '\n',
      '\0',
      '\u001b[',
      'upstream: "',
      '*',
      date,
      ' while ',
    ];
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    for (let round = 0; round < 300; round++) {
      const paste = Array.from({ length: random(40) }, () =>
        random(3) === 0 ? String.fromCodePoint(random(0x3000)) : words[random(words.length)]!,
      ).join('');
      expect(() => readPasted(paste, '-')).not.toThrow();
    }
  });

  test.each([
    ['one long word', 'a'.repeat(400_000)],
    ['quotes', '"'.repeat(400_000)],
    ['brackets', '['.repeat(400_000)],
    ['braces', '{"'.repeat(200_000)],
    ['heads', `${line} `.repeat(2_000)],
    ['many broken lines', `${line.slice(0, 60)}\n`.repeat(2_000)],
    ['open quotes', `${line.slice(0, 150)}\n${'x\n'.repeat(50_000)}`],
  ])('%s take no time to speak of', (_, paste) => {
    const start = performance.now();
    readPasted(paste, '-');
    expect(performance.now() - start).toBeLessThan(3_000);
  });

  test('lines beyond what a person reads are counted', () => {
    expect(readPasted('x\n'.repeat(3_000), '-').unread).toBe(1_001);
  });
});
