import type { ConfiguredRoute } from '@why502/model';
import { describe, expect, test } from 'vitest';
import { configurationOfText } from '../src/index.ts';

interface Asked {
  readonly host?: string;
  readonly site?: string;
}

function routes(conf: string, target: string, { host, site }: Asked = { host: 'a.test' }) {
  return configurationOfText(conf, 'nginx.conf').configuration.routesOf({ host, site, target });
}

/** Where the only route of a request leads: its peers, or `variable`; the rule's status without a peer. */
function aim(conf: string, target: string, asked?: Asked): string {
  const found = routes(conf, target, asked);
  return found.map(aimOf).join(' | ');
}

function aimOf({ target, answers }: ConfiguredRoute): string {
  if (target?.kind === 'service') return target.service.peers.map(({ address }) => address).join(',');
  return target?.kind ?? `${answers[0]?.status ?? 'static'}`;
}

const pass = (port: number) => `proxy_pass http://192.0.2.1:${port};`;
const server = (inside: string) => `http { server { server_name a.test; ${inside} } }`;
const only = (inside: string) => routes(server(`location / { ${inside} }`), '/')[0]!;

describe('the location of a request', () => {
  const conf = server(`
    location / { ${pass(1)} }
    location = / { ${pass(2)} }
    location /api/ { ${pass(3)} location /api/v2/ { ${pass(4)} } location ~ \\.json$ { ${pass(5)} } }
    location ^~ /files/ { ${pass(6)} }
    location ~* \\.PHP$ { ${pass(7)} }
    location ~ ^/api/special { ${pass(8)} }
  `);

  test.each([
    ['/', '2'],
    ['/x', '1'],
    ['/?q=/api/', '2'],
    ['/api/x', '3'],
    ['/api/v2/x', '4'],
    ['/api/x.json', '5'],
    ['/api/special', '8'],
    ['/files/a.php', '6'],
    ['/a.php?b', '7'],
    ['//api//./v2/y/../x', '4'],
    ['/%61pi/x', '3'],
    ['http://a.test/api/x', '3'],
    ['/api', '1'],
  ])('of %s', (target, port) => {
    expect(aim(conf, target)).toBe(`192.0.2.1:${port}`);
  });

  test('is not known where an expression is not evaluated, unless an exact one comes first', () => {
    const unsure = server(
      `location ~ ^/(?!b) { ${pass(1)} } location / { ${pass(2)} } location = /c { ${pass(3)} }`,
    );
    expect(routes(unsure, '/a')).toEqual([]);
    expect(aim(unsure, '/c')).toBe('192.0.2.1:3');
  });

  test('is not known for a target that is no path', () => {
    expect(routes(conf, '*')).toEqual([]);
    expect(routes(conf, '')).toEqual([]);
  });

  test('is the one that try_files falls back to', () => {
    const app = `location @app { ${pass(1)} } location ~ \\.php$ { fastcgi_pass unix:/run/php.sock; }`;
    expect(aim(server(`location / { try_files $uri @app; } ${app}`), '/x')).toBe('192.0.2.1:1');
    expect(aim(server(`location / { try_files $uri /index.php?$args; } ${app}`), '/x')).toBe(
      'unix:/run/php.sock',
    );
    expect(aim(server(`location / { try_files $uri =404; } ${app}`), '/x')).toBe('404');
    expect(routes(server(`location / { try_files $uri /; }`), '/x')).toEqual([]);
  });

  test('is not known where rewrite leads elsewhere, and stays with break and redirects', () => {
    const conf = server(`
      rewrite ^/old/(.*) /new/$1;
      rewrite ^/moved https://b.test/;
      location /strip/ { rewrite ^/strip/(.*) /$1 break; ${pass(1)} }
      location / { ${pass(2)} }`);
    expect(routes(conf, '/old/x')).toEqual([]);
    expect(aim(conf, '/moved')).toBe('192.0.2.1:2');
    expect(aim(conf, '/strip/x')).toBe('192.0.2.1:1');
  });

  test('has several routes where a condition chooses', () => {
    const conf = server(`location / { ${pass(1)} if ($cookie_beta) { ${pass(2)} } }`);
    expect(aim(conf, '/')).toBe('192.0.2.1:1 | 192.0.2.1:2');
  });
});

describe('the site of a request', () => {
  const site = (names: string, port: number, rest = '') =>
    `server { server_name ${names}; ${rest} location / { ${pass(port)} } }`;
  const conf = `http {
    ${site('_', 1, 'listen 80 default_server;')}
    ${site('a.test www.a.test', 2)}
    ${site('*.a.test', 3)}
    ${site('mail.*', 4)}
    ${site('"~^c\\d+\\.test$"', 5)}
    ${site('.d.test', 6)}
    ${site('*.deep.a.test', 7)}
  }`;

  test.each([
    ['a.test', '2'],
    ['WWW.A.test.:8080', '2'],
    ['x.a.test', '3'],
    ['x.y.deep.a.test', '7'],
    ['mail.example', '4'],
    ['c12.test', '5'],
    ['d.test', '6'],
    ['x.d.test', '6'],
    ['192.0.2.9', '1'],
  ])('of %s', (host, port) => {
    expect(aim(conf, '/', { host })).toBe(`192.0.2.1:${port}`);
  });

  test('is the one that the error log names', () => {
    expect(aim(conf, '/', { site: '*.a.test' })).toBe('192.0.2.1:3');
    expect(aim(conf, '/', { site: 'mail.*', host: 'mail.other' })).toBe('192.0.2.1:4');
  });

  test('is any of them where the log names neither', () => {
    expect(routes(conf, '/', {})).toHaveLength(7);
  });

  test('is one for each socket, since the log does not tell which', () => {
    const conf = `http {
      server { listen 80; server_name a.test; return 301 https://$host$request_uri; }
      server { listen 443 ssl; listen [::]:443 ssl; server_name a.test; location / { ${pass(1)} } }
    }`;
    expect(aim(conf, '/')).toBe('301 | 192.0.2.1:1');
  });

  test('is found in a file of sites without http around them', () => {
    expect(
      aim(`upstream u { server 192.0.2.1:1; } server { location / { proxy_pass http://u; } }`, '/'),
    ).toBe('192.0.2.1:1');
  });
});

describe('where a route leads', () => {
  const upstream = `upstream app {
    server 192.0.2.1 max_conns=10 max_fails=3 fail_timeout=1m;
    server [2001:db8::1]:8080 backup;
    server unix:/run/app.sock down;
    server app.internal:81;
    server fresh.internal resolve;
  }`;

  test('is a group with its peers as logs show them', () => {
    const [route] = routes(`http { ${upstream} server { location / { proxy_pass http://app/x; } } }`, '/');
    expect(route?.target).toMatchObject({
      kind: 'service',
      scheme: 'http',
      written: { text: 'proxy_pass http://app', file: 'nginx.conf' },
      service: {
        name: 'app',
        peers: [
          {
            address: '192.0.2.1:80',
            lookup: 'address',
            maxConnections: 10,
            maxFails: 3,
            failTimeout: 60_000,
          },
          { address: '[2001:db8::1]:8080', lookup: 'address', backup: true },
          { address: 'unix:/run/app.sock', lookup: 'address', down: true },
          { address: 'app.internal:81', lookup: 'once', maxFails: 1, failTimeout: 10_000 },
          { address: 'fresh.internal:80', lookup: 'again' },
        ],
      },
    });
  });

  test.each([
    ['proxy_pass https://192.0.2.1;', '192.0.2.1:443', 'https'],
    ['proxy_pass http://unix:/run/a.sock:/x;', 'unix:/run/a.sock', 'http'],
    ['fastcgi_pass 192.0.2.1:9000;', '192.0.2.1:9000', 'fastcgi'],
    ['grpc_pass grpcs://192.0.2.1:443;', '192.0.2.1:443', 'grpcs'],
    ['uwsgi_pass unix:/run/u.sock;', 'unix:/run/u.sock', 'uwsgi'],
    ['set $a 192.0.2.1:81; proxy_pass http://$a;', '192.0.2.1:81', 'http'],
    ['set $s https; proxy_pass ${s}://192.0.2.1/$uri;', '192.0.2.1:443', 'https'],
  ])('%s', (inside, address, scheme) => {
    expect(only(inside).target).toMatchObject({ kind: 'service', scheme, service: { peers: [{ address }] } });
  });

  test('is only known when a request comes, where a variable says it', () => {
    expect(only('proxy_pass http://$host:8080;').target).toMatchObject({
      kind: 'variable',
      scheme: 'http',
      resolver: { value: false },
    });
    expect(only('set $a app.internal; proxy_pass http://$a;').target?.kind).toBe('variable');
    expect(only('set $a x; proxy_pass $a;').target?.kind).toBe('variable');
    expect(only('proxy_pass http://app.internal$request_uri;').target?.kind).toBe('variable');
    expect(
      routes(
        `http { resolver 192.0.2.53 valid=5s; ${server(`location / { proxy_pass http://$host; }`).slice(7)}`,
        '/',
      )[0]?.target,
    ).toMatchObject({
      resolver: { value: true, written: { text: 'resolver 192.0.2.53 valid=5s' } },
    });
  });
});

describe('a variable that says where a route leads', () => {
  const groups = 'upstream blue { server 192.0.2.1; } upstream green { server 192.0.2.2; }';
  const of = (http: string, site: string, location: string) =>
    aim(`http { ${groups} ${http} server { server_name a.test; ${site} location / { ${location} } } }`, '/');

  test.each([
    ['is set here', '', '', 'set $to blue; proxy_pass http://$to;', '192.0.2.1:80'],
    ['is set in the site', '', 'set $to green;', 'proxy_pass http://${to}$request_uri;', '192.0.2.2:80'],
    [
      'is set last here',
      '',
      'set $to blue;',
      'set $to x; set $to green; proxy_pass http://$to;',
      '192.0.2.2:80',
    ],
    [
      'depends on a condition',
      '',
      'set $to blue; if ($cookie_beta) { set $to green; }',
      'proxy_pass http://$to;',
      '192.0.2.1:80 | 192.0.2.2:80',
    ],
    [
      'depends on a condition alone',
      '',
      'if ($cookie_beta) { set $to green; }',
      'proxy_pass http://$to;',
      'variable',
    ],
    [
      'comes from a table',
      'map $host $to { hostnames; default blue; a.test green; b.test green; include more; }',
      '',
      'proxy_pass http://$to;',
      '192.0.2.1:80 | 192.0.2.2:80',
    ],
    [
      'is drawn by lot',
      'split_clients $remote_addr $to { 5% green; * $other; }',
      '',
      'proxy_pass http://$to;',
      '192.0.2.2:80 | variable',
    ],
    [
      'has too many values',
      `map $host $to { ${Array.from({ length: 20 }, (_, i) => `h${i} g${i};`).join(' ')} }`,
      '',
      'proxy_pass http://$to;',
      'variable',
    ],
  ])('%s', (_, http, site, location, led) => {
    expect(of(http, site, location)).toBe(led);
  });
});

describe('what holds for a route', () => {
  test('timers are inherited from block to block, those of its own module only', () => {
    const conf = `http {
      proxy_read_timeout 5;
      fastcgi_read_timeout 6s;
      server {
        proxy_connect_timeout 1500ms;
        location / { proxy_send_timeout "1m 30s"; location /in/ { ${pass(1)} } }
        location /php/ { fastcgi_pass 192.0.2.1:9000; }
      }
    }`;
    expect(routes(conf, '/in/')[0]?.timers).toMatchObject({
      connect: { value: 1_500, written: { text: 'proxy_connect_timeout 1500ms', line: 5 } },
      send: { value: 90_000 },
      read: { value: 5_000 },
    });
    expect(routes(conf, '/php/')[0]?.timers).toMatchObject({
      connect: { value: 60_000, written: undefined },
      read: { value: 6_000 },
    });
  });

  const kept = 'proxy_http_version 1.1; proxy_set_header Connection "";';
  test.each([
    ['keepalive 16;', kept, true],
    ['keepalive 16;', '', undefined],
    ['keepalive 16;', 'proxy_http_version 1.0;', false],
    ['keepalive 16;', 'proxy_http_version 1.1; proxy_set_header connection close;', false],
    ['keepalive 0;', kept, false],
    ['', kept, undefined],
  ])('connections are kept: upstream { %s } and %s', (group, inside, reuse) => {
    const conf = `http { upstream u { server 192.0.2.1; ${group} } server { location / { proxy_pass http://u; ${inside} } } }`;
    expect(routes(conf, '/')[0]?.reuse?.value).toBe(reuse);
  });

  test('connections of a pass without a group are not kept', () => {
    expect(only(`${pass(1)} ${kept}`).reuse?.value).toBe(false);
  });

  test('a header set in an inner block takes the place of all outer ones', () => {
    const conf = `http { proxy_http_version 1.1; proxy_set_header Connection "";
      upstream u { server 192.0.2.1; keepalive 4; keepalive_timeout 5s; }
      server { keepalive_timeout 75s; location / { proxy_pass http://u; } location /b { proxy_set_header Host x; proxy_pass http://u; } } }`;
    expect(routes(conf, '/')[0]).toMatchObject({ reuse: { value: true }, idle: { value: 5_000 } });
    expect(routes(conf, '/b')[0]?.reuse).toBeUndefined();
  });

  test('the header buffer, retries and TLS', () => {
    expect(only(`${pass(1)} proxy_buffer_size 16k;`).headerBuffer?.value).toBe(16_384);
    expect(only(pass(1)).headerBuffer).toBeUndefined();
    expect(only(pass(1)).repeats.value).toBe('safe');
    expect(only(`${pass(1)} proxy_next_upstream off;`).repeats.value).toBe('none');
    expect(only(`${pass(1)} proxy_next_upstream error non_idempotent;`).repeats.value).toBe('all');
    expect(only('proxy_pass https://192.0.2.1; proxy_ssl_verify on;').tls).toMatchObject({
      verifies: { value: true },
      sendsName: { value: false },
    });
    expect(only(pass(1)).tls).toBeUndefined();
  });

  test('answers by rule, with their status', () => {
    const conf = `http {
      limit_req_status 429;
      limit_req zone=outer;
      server {
        if (-f /maintenance) { return 503; }
        error_page 502 504 =503 /sorry.html;
        location / { limit_conn z 12; auth_request /auth; ${pass(1)} }
        location /dry { limit_req zone=x; limit_req_dry_run on; auth_request off; ${pass(1)} }
        location /gone { return 500 "secret"; }
      }
    }`;
    const of = (target: string) =>
      routes(conf, target)[0]?.answers.map(
        ({ rule, status, conditional }) => `${rule} ${status} ${conditional}`,
      );
    expect(of('/')).toEqual([
      'fixed 503 true',
      'request_limit 429 true',
      'connection_limit 503 true',
      'authentication 500 true',
      'error_page 503 true',
    ]);
    expect(of('/dry')).toEqual(['fixed 503 true', 'error_page 503 true']);
    expect(of('/gone')).toContain('fixed 500 false');
    expect(JSON.stringify(routes(conf, '/gone'))).not.toContain('secret');
  });

  test('values that are no times or sizes count as not written', () => {
    expect(only(`${pass(1)} proxy_read_timeout $x; proxy_buffer_size big;`)).toMatchObject({
      timers: { read: { value: 60_000 } },
      headerBuffer: undefined,
    });
    expect(only(`${pass(1)} proxy_read_timeout ${'9'.repeat(99)};`).timers.read.value).toBe(60_000);
  });
});
