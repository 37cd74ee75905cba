import { describe, expect, it } from 'vitest';
import { redactTarget, truncateAddress, visible } from '../src/index.ts';

describe('a request target', () => {
  it('keeps its path and the keys of its query, and loses the values', () => {
    expect(redactTarget('/search?q=lamp&page=2')).toBe('/search?q=***&page=***');
  });

  it('loses fragment and user info', () => {
    expect(redactTarget('http://me:secret@a.test/x#token=1')).toBe('http://a.test/x');
  });

  it.each([
    ['/reset/eyJhbGciOiJIUzI1NiJ9.e30.abc', '/reset/***'],
    ['/u/ann@example.org/orders', '/u/***/orders'],
    ['/invite/a8f5f167f44f4964e6c998dee827110c', '/invite/***'],
    ['/hook/ghp_16C7e42F292c6912E7710c838347Ae178B4a', '/hook/***'],
    ['/products/842', '/products/842'],
    ['/a-long-article-about-lamps-and-light', '/***'],
  ])('%s is shown as %s', (target, shown) => {
    expect(redactTarget(target)).toBe(shown);
  });

  it('is cut at 200 characters', () => {
    expect(redactTarget(`/${'ab/'.repeat(500)}`).length).toBeLessThanOrEqual(201);
  });
});

describe('visible text', () => {
  it.each(['\u001b[2J', '\u009b31m', '\u0007', '\u202e', '\u2028', '\u200b', '\u007f', '\ufeff'])(
    'has no control character of %j left',
    (payload) => {
      expect(visible(`a${payload}b`)).toMatch(/^a[\u0020-\u007e]+b$/);
    },
  );

  it('keeps letters of any script', () => {
    expect(visible('größe 東京')).toBe('größe 東京');
  });
});

describe('an address', () => {
  it('is cut to its network', () => {
    expect(truncateAddress('203.0.113.77')).toBe('203.0.113.0/24');
    expect(truncateAddress('2001:db8:1:2::5')).toBe('2001:db8:1::/48');
  });

  it('is masked when it is none', () => {
    expect(truncateAddress('unix:')).toBe('***');
  });
});
