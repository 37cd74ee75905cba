import { describe, expect, it } from 'vitest';
import { redactId, redactName, redactTarget, redactText, truncateAddress, visible } from '../src/index.ts';

describe('a request target', () => {
  it('keeps its path and the keys of its query, and loses the values', () => {
    expect(redactTarget('/search?q=lamp&filter[colour]=red')).toBe('/search?q=***&filter[colour]=***');
  });

  it('keeps values that help and can harm nobody', () => {
    expect(redactTarget('/list?page=2&limit=100000&order=desc&format=csv')).toBe(
      '/list?page=2&limit=100000&order=desc&format=csv',
    );
    expect(redactTarget('/list?page=hunter2&limit=4111111111111111')).toBe('/list?page=***&limit=***');
  });

  it('loses fragment and user info', () => {
    expect(redactTarget('http://me:secret@a.test/x#token=1')).toBe('http://a.test/x');
  });

  it.each([
    ['/v1/orders/842', '/v1/orders/842'],
    ['/api/v2.1/oauth2/users/me', '/api/v2.1/oauth2/users/me'],
    ['/static/app.js', '/static/app.js'],
    ['/internal/getUserById', '/internal/getUserById'],
    ['/api/*/orders', '/api/*/orders'],
    ['/wp-login.php', '/wp-login.php'],
    ['/%E6%9D%B1%E4%BA%AC', '/%E6%9D%B1%E4%BA%AC'],
  ])('%s is shown whole', (target, shown) => {
    expect(redactTarget(target)).toBe(shown);
  });

  it.each([
    ['/reset/eyJhbGciOiJIUzI1NiJ9.e30.abc', '/reset/***'],
    ['/u/ann@example.org/orders', '/u/***/orders'],
    ['/u/ann%2540example.org', '/u/***'],
    ['/invite/lamp', '/invite/***'],
    ['/password-reset/new', '/password-reset/new'],
    ['/hook/ghp_16C7e42F292c6912E7710c838347Ae178B4a', '/hook/***'],
    ['/orders/8f14e45f-ea1b-4c3d-9a70-0123456789ab', '/orders/***'],
    ['/f/aB3dE5gH7j', '/f/***'],
    ['/cart;jsessionid=17/pay', '/cart;jsessionid=***/pay'],
    ['/a-long-article-about-lamps-and-light', '/***'],
  ])('%s is shown as %s', (target, shown) => {
    expect(redactTarget(target)).toBe(shown);
  });

  it('is cut at 200 characters', () => {
    expect(redactTarget(`/${'ab/'.repeat(500)}`).length).toBeLessThanOrEqual(201);
  });
});

describe('a name of a host or a peer', () => {
  it.each([
    'shop.example.com',
    'sg.example.com',
    '10.0.0.7:8080',
    '[2001:db8::1]:80',
    'unix:/run/php/php8.1-fpm.sock',
    'web-7f9c6d5b8-x2x9k.default.svc.cluster.local:80',
    'backend_blue',
    'münchen.example',
  ])('%s is shown whole', (name) => {
    expect(redactName(name)).toBe(name);
  });

  it.each([
    ['me:secret@shop.example.com', 'shop.example.com'],
    ['a8f5f167f44f4964e6c998dee827110c.example.com', '***.example.com'],
    ['sk_live_4eC39HqLyjWDarjtT1zdp7dc', '***'],
  ])('%s is shown as %s', (name, shown) => {
    expect(redactName(name)).toBe(shown);
  });
});

describe('a message', () => {
  it('of nginx keeps its words, numbers and addresses', () => {
    const line =
      '2026/11/23 07:24:51 [error] 1234#1234: *45 recv() failed (104: Connection reset by peer) while reading response';
    expect(redactText(line)).toBe(line);
  });

  it.each([
    ['request: "GET /reset/lamp?t=1 HTTP/1.1"', 'request: "GET /reset/***?t=*** HTTP/1.1"'],
    ['host: "me:secret@a.test"', 'host: "***"'],
    ['{"password":"lamp","status":502}', '{"password":"***","status":502}'],
    ['Authorization: Bearer lamp', 'Authorization: Bearer ***'],
    ['rt=0.004 cookie=lamp', 'rt=0.004 cookie=***'],
    ['card 4111 1111 1111 1111', 'card ***'],
  ])('%s is shown as %s', (text, shown) => {
    expect(redactText(text)).toBe(shown);
  });
});

describe('an id of a request', () => {
  it('of hex is whole also where it begins as the keys of an issuer do in capitals', () => {
    const id = 'ac7fa04f34feb544cdb2de0f5eff7f74';
    expect(redactId(id)).toBe(id);
    expect(redactId(`SK${id.slice(2)}`)).toBe('***');
  });

  it.each(['8f14e45f-ea1b-4c3d-9a70-0123456789ab', 'Root=1-67891233-abcdef012345678912345678'])(
    '%s stays whole',
    (id) => {
      expect(redactId(id)).toBe(id);
    },
  );

  it.each(['ann@example.org', 'glpat-16C7e42F292c6912E771', 'a b'])('%s is masked', (id) => {
    expect(redactId(id)).toBe('***');
  });
});

describe('visible text', () => {
  it.each([
    '\u001b[2J',
    '\u009b31m',
    '\u0007',
    '\u202e',
    '\u2028',
    '\u200b',
    '\u007f',
    '\ufeff',
    '\u3164',
    '\u{e0041}',
  ])('has no control character of %j left', (payload) => {
    expect(visible(`a${payload}b`)).toMatch(/^a[\u0020-\u007e]+b$/);
  });

  it('keeps letters of any script', () => {
    expect(visible('größe 東京')).toBe('größe 東京');
  });
});

describe('an address', () => {
  it('is cut to its network', () => {
    expect(truncateAddress('203.0.113.77')).toBe('203.0.113.0/24');
    expect(truncateAddress('2001:db8:1:2::5')).toBe('2001:db8:1::/48');
    expect(truncateAddress('2001:db8::5')).toBe('2001:db8:0::/48');
  });

  it('is masked when it is none', () => {
    expect(truncateAddress('unix:')).toBe('***');
  });
});
