import type { FileTree } from '@why502/model';
import { describe, expect, test } from 'vitest';
import { readConfiguration } from '../src/index.ts';
import { fitsName } from '../src/nginx/conf/name-pattern.ts';

function tree(files: Readonly<Record<string, string>>): FileTree {
  return {
    text: async (path) => files[path],
    names: async (folder) => {
      const prefix = folder === '.' ? '' : folder.endsWith('/') ? folder : `${folder}/`;
      const below = Object.keys(files).filter((path) => path.startsWith(prefix));
      return [...new Set(below.map((path) => path.slice(prefix.length).split('/')[0]!))];
    },
  };
}

/** Names of the log formats, which stand for what was read, and the problems. */
async function read(path: string, files: Readonly<Record<string, string>>) {
  const { logFormats, problems } = await readConfiguration(path, tree(files));
  return {
    found: [...logFormats.keys()].slice(1).join(' '),
    problems: problems.map(({ code, details: { where, expected } }) => `${code} ${where}: ${expected}`),
  };
}

const format = (name: string) => `log_format ${name} '$status';`;

describe('an include', () => {
  test('is looked for below the folder of the root, wherever it stands, and takes patterns in order', async () => {
    const files = {
      '/etc/nginx/nginx.conf': 'http { include conf.d/*.conf; include /etc/nginx/sites/[ab]?.conf; }',
      '/etc/nginx/conf.d/2.conf': `${format('two')} include part/x;`,
      '/etc/nginx/conf.d/1.conf': format('one'),
      '/etc/nginx/conf.d/.hidden.conf': format('hidden'),
      '/etc/nginx/conf.d/1.conf.bak': format('old'),
      '/etc/nginx/part/x': format('part'),
      '/etc/nginx/sites/a1.conf': format('site'),
      '/etc/nginx/sites/c1.conf': format('other'),
    };
    expect(await read('/etc/nginx/nginx.conf', files)).toEqual({ found: 'one two part site', problems: [] });
  });

  test('of a copied folder is found in the copy, not on this machine', async () => {
    const files = {
      'copy/nginx.conf':
        'include /etc/nginx/conf.d/*.conf; include /etc/nginx/snippets/log.conf; include /opt/x.conf;',
      'copy/conf.d/a.conf': format('copied'),
      '/etc/nginx/conf.d/a.conf': format('of_this_machine'),
      'copy/snippets/log.conf': format('snippet'),
      '/opt/x.conf': format('elsewhere'),
    };
    expect((await read('copy/nginx.conf', files)).found).toBe('copied snippet elsewhere');
    expect((await read('copy', files)).found).toBe('copied snippet elsewhere');
  });

  test('that is missing is named once, and patterns and files of types may match nothing', async () => {
    const files = {
      'nginx.conf': `include conf.d/*.conf;\ninclude /etc/nginx/mime.types;\ninclude gone.conf;\n${format('a')} include gone2.conf;`,
    };
    expect(await read('nginx.conf', files)).toEqual({
      found: 'a',
      problems: ['W502_CONF_INCOMPLETE nginx.conf, line 3 and 1 more: gone.conf'],
    });
  });

  test('of itself ends there', async () => {
    const files = { 'nginx.conf': `${format('a')} include b;`, b: `${format('b')}\ninclude nginx.conf;` };
    expect(await read('nginx.conf', files)).toEqual({
      found: 'a b',
      problems: ['W502_CONF_BROKEN b, line 2: no file that includes itself'],
    });
  });

  test('that doubles at every step ends at a bound', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [`${i}.conf`, `include ${i + 1}.conf; include ${i + 1}.conf; x;`]),
    );
    const { problems } = await read('0.conf', { ...files, '40.conf': 'x;' });
    expect(problems[0]).toContain('no more than 5,000 includes');
  });
});

describe('a folder', () => {
  test('without nginx.conf is all that lies where Debian keeps sites', async () => {
    const files = {
      'confs/b.conf': format('b'),
      'confs/a.conf': format('a'),
      'confs/notes.txt': format('no'),
      'confs/sites-enabled/shop': format('shop'),
    };
    expect((await read('confs/', files)).found).toBe('a b shop');
  });

  test('without any configuration is a wrong call', async () => {
    await expect(readConfiguration('logs', tree({ 'logs/a.log': 'x' }))).rejects.toMatchObject({
      code: 'W502_USAGE',
    });
    await expect(readConfiguration('absent', tree({}))).rejects.toMatchObject({ code: 'W502_USAGE' });
  });
});

describe('what nginx -T prints', () => {
  const dump = `nginx: the configuration file /etc/nginx/nginx.conf syntax is ok
nginx: configuration file /etc/nginx/nginx.conf test is successful
# configuration file /etc/nginx/nginx.conf:
http {
  include conf.d/*.conf;
  include /etc/nginx/gone.conf;
}

# configuration file /etc/nginx/conf.d/a.conf:
${format('inner')}
`;

  test('is one configuration of all its files, with their names and lines', async () => {
    expect(await read('dump.txt', { 'dump.txt': dump })).toEqual({
      found: 'inner',
      problems: ['W502_CONF_INCOMPLETE /etc/nginx/nginx.conf, line 3: /etc/nginx/gone.conf'],
    });
  });

  test('is not taken for a comment in the middle of a file', async () => {
    const text = `${format('a')}\n# configuration file b:\n${format('c')}`;
    expect((await read('x.conf', { 'x.conf': text })).found).toBe('a c');
  });
});

test.each([
  ['*', 'a', true],
  ['*', '.a', false],
  ['.*', '.a', true],
  ['a*b*c', 'axxbxxbc', true],
  ['a*b*c', 'axxbxx', false],
  ['?[a-c]', 'xb', true],
  ['?[!a-c]', 'xb', false],
  ['[', '[', true],
  ['[z-a]', 'm', false],
  ['a', 'ab', false],
  [`${'*a'.repeat(100)}b`, 'a'.repeat(255), false],
])('%s and the name %s: %s', (pattern, name, fits) => {
  expect(fitsName(pattern, name)).toBe(fits);
});
