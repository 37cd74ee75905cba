import { expect, it } from 'vitest';
import { openAddresses } from '../src/open-addresses.ts';

it.each(['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1', 'localhost', 'app.localhost', 'LOCALHOST.'])(
  '%s is of this machine alone',
  (host) => expect(openAddresses({ listen: { host, port: 1 }, push: { host, port: 2 } })).toEqual([]),
);

it.each(['0.0.0.0', '10.0.0.7', '::', 'fe80::1', '::ffff:10.0.0.7', 'app.example', 'localhost.example'])(
  '%s can be reached from others',
  (host) =>
    expect(openAddresses({ listen: { host, port: 1 } })).toMatchObject([{ code: 'W502_LISTEN_OPEN' }]),
);

it('each flag is named with its address', () => {
  const problems = openAddresses({
    listen: { host: '::', port: 9502 },
    push: { host: '0.0.0.0', port: 9503 },
  });
  expect(problems.map(({ details }) => details.where)).toEqual(['--listen [::]:9502', '--push 0.0.0.0:9503']);
  expect(openAddresses({})).toEqual([]);
});
