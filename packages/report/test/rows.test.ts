import { describe, expect, it } from 'vitest';
import { rowsCsv, rowsLines, rowsMarkdown, rowsText } from '../src/index.ts';

const columns = [
  { name: 'peer', type: 'LowCardinality(String)' },
  { name: 'failures', type: 'UInt64' },
  { name: 'change', type: 'Nullable(Int64)' },
];

describe('rows', () => {
  it('stand in columns, numbers to the right', () => {
    const rows = [
      ['10.0.0.7:8080', 120, -3],
      ['app', 4, null],
    ];
    expect(rowsText({ columns, rows })).toBe(
      ['peer           failures  change', '10.0.0.7:8080       120      -3', 'app                   4'].join(
        '\n',
      ),
    );
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '＝1', '-cmd'])('as CSV run nothing: %j', (text) => {
    const csv = rowsCsv({ columns, rows: [[text, 1, -3]] });
    expect(csv.split('\r\n')[1]).toMatch(/^"?'/);
    expect(csv).toMatch(/,1,-3\r\n$/);
  });

  it('as CSV keep quotes, commas and line breaks inside a cell', () => {
    expect(rowsCsv({ columns, rows: [['a,"b"', 1, 0]] })).toBe('peer,failures,change\r\n"a,""b""",1,0\r\n');
  });

  it('let no control character through', () => {
    const rows = [['a\u001b[31m\u0007\n\u202e', 1, 0]];
    for (const text of [rowsText, rowsCsv, rowsMarkdown, rowsLines].map((say) => say({ columns, rows })))
      expect(text.replaceAll(/\r?\n$|\r\n|\n/g, '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  });

  it('as Markdown are no markup', () => {
    expect(rowsMarkdown({ columns, rows: [['<img> | [x](http://y) @all', 1, 0]] })).not.toMatch(
      /<img>|\[x\]|@all/,
    );
  });
});
