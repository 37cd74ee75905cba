import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Directive, parse } from '../src/nginx/conf/directives.ts';

function outline(directives: readonly Directive[]): unknown {
  return directives.map(({ words, block }) => (block === undefined ? words : [words, outline(block)]));
}

const read = (text: string) => outline(parse(text, 'a.conf').directives);
const reasons = (text: string) => parse(text, 'a.conf').faults.map(({ reason, line }) => `${reason} ${line}`);

describe('a configuration is taken apart as nginx does it', () => {
  test('into words, blocks and comments', () => {
    expect(read('a b; # c;\nd { e "f g" \'h;i\'; }\nj;')).toEqual([
      ['a', 'b'],
      [['d'], [['e', 'f g', 'h;i']]],
      ['j'],
    ]);
  });

  test('with escapes in quotes and outside of them', () => {
    expect(read(String.raw`a "b\"c" 'd\'e' f\ g h\;i \t \x;`)).toEqual([
      ['a', 'b"c', "d'e", 'f\\ g', 'h\\;i', '\t', '\\x'],
    ]);
  });

  test('with quotes and hashes inside of words, which begin nothing', () => {
    expect(read(`if ($a = b"c") { return 200 a#b; }`)).toEqual([
      [['if', '($a', '=', 'b"c")'], [['return', '200', 'a#b']]],
    ]);
  });

  test('with braces of variables and closing braces inside of words', () => {
    expect(read('set $a ${b}c; location ~ ^/d/(?<e>f)} { g; }')).toEqual([
      ['set', '$a', '${b}c'],
      [['location', '~', '^/d/(?<e>f)}'], [['g']]],
    ]);
  });

  test('with Lua, whose strings and comments hold braces of their own', () => {
    const lua = `content_by_lua_block {
      local a = "}" -- }
      local b = [[ } ]] --[==[ } ]] } ]==]
      if a then ngx.say('\\'}') end
      local t = { { 1 } }
    } after;`;
    expect(read(lua)).toEqual([[['content_by_lua_block'], []], ['after']]);
  });

  test('with the line of each, over line breaks in quotes', () => {
    const { directives } = parse('a;\nb "c\n\nd";\n\ne { f; }', 'a.conf');
    expect(directives.map(({ line }) => line)).toEqual([1, 2, 6]);
  });
});

describe('a broken configuration is read as far as it is whole, and the place is named', () => {
  test('a quote that is not closed', () => {
    expect(read('a;\nb "c;\nd;')).toEqual([['a'], ['b', 'c;\nd;']]);
    expect(reasons('a;\nb "c;\nd;')).toEqual(['unclosed 2']);
  });

  test('a block that is not closed keeps what is in it', () => {
    expect(read('a { b {\nc; } d;')).toEqual([[['a'], [[['b'], [['c']]], ['d']]]]);
    expect(reasons('x;\na { b {\nc; } d;')).toEqual(['unclosed 2']);
  });

  test('a brace too many', () => {
    expect(read('a; }\nb;')).toEqual([['a'], ['b']]);
    expect(reasons('a; }\nb;')).toEqual(['stray 1']);
  });

  test('Lua without an end', () => {
    expect(reasons('a;\nrewrite_by_lua_block { if "')).toEqual(['unclosed 2']);
  });

  test('a file that is no text', () => {
    expect(parse('a\0b;', 'a.conf')).toMatchObject({ directives: [], faults: [{ reason: 'not_text' }] });
  });

  test('a million blocks inside of each other, skipped below the hundredth', () => {
    const { directives, faults } = parse(
      `a;${'b {'.repeat(1_000_000)}c;${'}'.repeat(1_000_000)}d;`,
      'a.conf',
    );
    expect(directives.map(({ words }) => words[0])).toEqual(['a', 'b', 'd']);
    expect(faults.map(({ reason }) => reason)).toEqual(['too_deep']);
  });

  test.each([
    ['directives', 'a b;\n'],
    ['one word', 'x'],
    ['one quote', '"\\"'],
    ['braces', '{}'],
    ['comments', '#'],
    ['backslashes', '\\'],
  ])('ten million bytes of %s in seconds', (_, piece) => {
    const before = performance.now();
    parse(piece.repeat(10_000_000 / piece.length), 'a.conf');
    expect(performance.now() - before).toBeLessThan(20_000);
  });

  test('any text at all', () => {
    const piece = fc.constantFrom(
      'a',
      ' ',
      ';',
      '{',
      '}',
      '"',
      "'",
      '\\',
      '#',
      '\n',
      '$',
      '[[',
      '--',
      '_by_lua_block',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((pieces) => pieces.join('')),
        ),
        (text) => {
          const { directives } = parse(text, 'a.conf');
          expect(directives.every(({ words, block }) => words.length > 0 || block !== undefined)).toBe(true);
        },
      ),
    );
  });
});
