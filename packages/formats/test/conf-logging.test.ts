import { describe, expect, test } from 'vitest';
import { advisedFormat, configurationOfText, loggedBy, textFormat } from '../src/index.ts';

function logging(text: string) {
  return configurationOfText(text, 'nginx.conf').logging;
}

describe('what a configuration says about logs', () => {
  test('access logs with their formats, buffers and conditions, by scope', () => {
    const { accessLogs } = logging(`http {
  access_log /a.log main buffer=32k flush=5s;
  access_log syslog:server=10.0.0.1 json if=$loggable;
  server { access_log off; location / { access_log /b.log; } }
}`);
    expect(accessLogs).toMatchObject([
      { path: '/a.log', format: 'main', buffered: true, conditional: false, written: { line: 2 } },
      { path: 'syslog:server=10.0.0.1', format: 'json', buffered: false, conditional: true },
      { path: 'off' },
      { path: '/b.log', format: 'combined' },
    ]);
    const [first, second, third, fourth] = accessLogs.map(({ scope }) => scope);
    expect(second).toBe(first);
    expect(new Set([first, third, fourth]).size).toBe(3);
  });

  test('error logs with their levels', () => {
    expect(logging('error_log /e.log; http { error_log /f.log warn; }').errorLogs).toMatchObject([
      { path: '/e.log', level: 'error' },
      { path: '/f.log', level: 'warn' },
    ]);
  });

  test('formats with their escaping and variables', () => {
    const { formats } = logging(
      `log_format a '$remote_addr [$time_local]' ' "\${request}"'; log_format b escape=none '$status';`,
    );
    expect(formats).toMatchObject([
      { name: 'a', escape: 'default', variables: ['remote_addr', 'time_local', 'request'] },
      { name: 'b', escape: 'none', variables: ['status'] },
    ]);
  });
});

describe('the format that is advised', () => {
  const text = `log_format main '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent '
  '"$http_referer" "$http_user_agent" "$http_x_forwarded_for" rt=$request_time'`;
  const json = `log_format j escape=json '{"t":"$time_iso8601","st":$status,"ua":"$upstream_addr"}'`;

  test.each([
    ['for combined', undefined],
    ['for a format of text', text],
    ['for JSON', json],
    ['for escape=none', json.replace('escape=json', 'escape=none')],
  ])('%s holds all that tells causes apart, and can be read', (_, inUse) => {
    const advised = advisedFormat(inUse === undefined ? undefined : logging(`${inUse};`).formats[0]);
    const [format] = logging(advised).formats;
    const logged = loggedBy(format!.variables);
    for (const field of [
      'attempts',
      'attempt_header',
      'attempt_bytes_received',
      'duration',
      'service',
      'connection',
    ] as const) {
      expect(logged, field).toContain(field);
    }
    expect(format?.escape).not.toBe('none');
    expect(() => textFormat(advised.replace(/;$/, ''))).not.toThrow();
    expect(Math.max(...advised.split('\n').map((line) => line.length))).toBeLessThan(110);
  });

  test('keeps what was there, under its name, and adds nothing twice', () => {
    const advised = advisedFormat(logging(`${text};`).formats[0]);
    expect(advised).toMatch(/^log_format main\n/);
    expect(advised).toContain('"$http_x_forwarded_for"');
    expect(advised.match(/\$request_time/g)).toHaveLength(1);
  });

  test('keeps JSON an object', () => {
    const advised = advisedFormat(logging(`${json};`).formats[0]);
    const body = [...advised.matchAll(/'(.*)'/g)].map(([, piece]) => piece).join('');
    expect(() => JSON.parse(body.replace(/:\$\w+/g, ':1'))).not.toThrow();
  });
});
