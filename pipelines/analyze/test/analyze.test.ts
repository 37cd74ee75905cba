import { configurationOfText } from '@why502/formats';
import type { Result, Sink } from '@why502/model';
import { describe, expect, it } from 'vitest';
import { jsonLinesSink } from '../src/index.ts';
import {
  accessLine,
  codes,
  combinedLine,
  errorLine,
  instantOf,
  outcomeOf,
  seconds,
  source,
} from './lines.ts';

const failing = (second: number) => accessLine({ second, status: second % 20 < 5 ? 502 : 200 });
const access = seconds(0, 600, failing);
const errors = seconds(0, 600, (second) => (second % 20 < 5 ? errorLine({ second }) : '')).replace(
  /\n+/g,
  '\n',
);

describe('analyze', () => {
  it('gives every failure of an access log and its error log one verdict', async () => {
    const { summary, results } = await outcomeOf([source('access.log', access), source('error.log', errors)]);
    expect(summary).toMatchObject({
      requests: 600,
      failures: 150,
      errorLines: 150,
      errorLinesJoined: 150,
      byMechanism: { process_down: 150 },
      from: instantOf(0),
      to: instantOf(599),
      problems: [],
    });
    expect(results.filter(({ kind }) => kind === 'verdict')).toHaveLength(150);
  });

  it('gives the same results for any chunks, packing and order of arguments', async () => {
    const whole = await outcomeOf([source('a', access), source('e', errors)]);
    for (const size of [1, 1000]) {
      const cut = await outcomeOf([
        source('e', errors, { size }),
        source('a', access, { size, gzip: size > 1 }),
      ]);
      expect(cut.results).toEqual(whole.results);
    }
  });

  it('gives the same verdicts for a log and for its rotated parts', async () => {
    const cut = access.indexOf('\n', access.length / 3) + 1;
    const whole = await outcomeOf([source('a', access), source('e', errors)]);
    const parts = await outcomeOf([
      source('a', access.slice(cut)),
      source('a.1', access.slice(0, cut)),
      source('e', errors),
    ]);
    expect(essence(parts.results)).toEqual(essence(whole.results));
  });

  it('reads the error log in the zone that the access log states', async () => {
    const zoneMin = -300;
    const { summary } = await outcomeOf([
      source(
        'a',
        seconds(0, 60, (second) => accessLine({ second, status: 502, zoneMin })),
      ),
      source(
        'e',
        seconds(0, 60, (second) => errorLine({ second, zoneMin })),
      ),
    ]);
    expect(summary.errorLinesJoined).toBe(60);
    expect(summary.from).toBe(instantOf(0));
  });

  it('reads the richest of several logs of the same traffic and names the others', async () => {
    const combined = seconds(0, 600, (second) =>
      combinedLine({ second, status: second % 20 < 5 ? 502 : 200 }),
    );
    const { summary } = await outcomeOf([source('combined.log', combined), source('extended.log', access)]);
    expect(summary.requests).toBe(600);
    expect(summary.files.map(({ file, readInstead }) => [file, readInstead])).toEqual([
      ['combined.log', 'extended.log'],
      ['extended.log', undefined],
    ]);
  });

  it('reads two hosts that serve alike traffic both', async () => {
    const other = access.replaceAll('198.51.100.9', '198.51.100.8');
    const { summary } = await outcomeOf([source('web-1.log', access), source('web-2.log', other)]);
    expect(summary.requests).toBe(1200);
  });

  it('is not led astray by a line stamped in a wrong future', async () => {
    const wild = access.replace(
      '\n198',
      '\n198.51.100.9 - - [12/Mar/2099:10:00:01 +0000] "GET / HTTP/1.1" 200 1 "-" "-" rt=0.001 uct="0.000" uht="0.001" urt="0.001" ua="10.0.0.7:3000" us="200" host="shop.example.com"\n198',
    );
    const whole = await outcomeOf([source('a', access), source('e', errors)]);
    const { summary, results } = await outcomeOf([source('a', wild), source('e', errors)]);
    expect(summary.requests).toBe(601);
    expect(causes(results)).toEqual(causes(whole.results));
  });

  it('says when logs were joined in the wrong order', async () => {
    const joined = seconds(1200, 1800, failing) + access;
    expect(codes(await outcomeOf([source('all.log', joined)]))).toEqual(['W502_OUT_OF_ORDER at all.log']);
  });
});

const conf = (text: string) => configurationOfText(text, 'nginx.conf');

describe('formats of logs', () => {
  const odd = seconds(
    0,
    50,
    (second) => `${second}|GET /|2026-03-12T10:00:${String(second).padStart(2, '0')}+00:00|502`,
  );
  const directive = "log_format odd '$connection|$request|$time_iso8601|$status';";

  it('asks for a format that it does not know, and shows the line', async () => {
    const outcome = await outcomeOf([source('odd.log', odd), source('access.log', access)]);
    expect(codes(outcome)).toEqual([expect.stringContaining('W502_FORMAT_UNKNOWN at odd.log, line 1')]);
    expect(outcome.summary.requests).toBe(600);
    expect(outcome.summary.files.find(({ file }) => file === 'odd.log')?.format).toBeUndefined();
  });

  it('takes the format that is given, as text, as directive, or by name out of a configuration', async () => {
    for (const hint of [
      { logFormat: '$connection|$request|$time_iso8601|$status' },
      { logFormat: directive },
      { nginxConf: [conf(`http { log_format tiny '$status'; ${directive} }`)] },
      { nginxConf: [conf(`http { ${directive} }`), conf('http {}')], logFormat: 'odd' },
    ]) {
      const { summary } = await outcomeOf([source('odd.log', odd), source('error.log', errors)], hint);
      expect(summary).toMatchObject({ requests: 50, errorLines: 150, problems: [] });
    }
  });

  it('takes the richest of the formats that fit, since lines of it fit shorter ones, too', async () => {
    const short = `log_format main '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';`;
    const long = short
      .replace('main', 'long')
      .replace(
        "';",
        ` rt=$request_time uct="$upstream_connect_time" uht="$upstream_header_time" urt="$upstream_response_time" ua="$upstream_addr" us="$upstream_status"';`,
      );
    const { results } = await outcomeOf([source('a.log', access)], {
      nginxConf: [conf(`http { ${short} ${long} }`)],
    });
    const verdicts = results.flatMap((result) => (result.kind === 'verdict' ? [result.verdict.peer] : []));
    expect(new Set(verdicts)).toEqual(new Set(['10.0.0.7:3000']));
  });

  it('refuses a name that the configuration lacks, and lists those it has', async () => {
    await expect(
      outcomeOf([source('odd.log', odd)], { nginxConf: [conf(`http { ${directive} }`)], logFormat: 'even' }),
    ).rejects.toMatchObject({ code: 'W502_FORMAT_NOT_IN_CONF', details: { choices: ['combined', 'odd'] } });
  });

  it('says when the lines stop to fit', async () => {
    const outcome = await outcomeOf([
      source('a.log', seconds(0, 600, (second) => accessLine({ second })) + odd.repeat(10)),
    ]);
    expect(codes(outcome)).toEqual(['W502_LINES_DO_NOT_FIT at a.log, line 601']);
  });
});

describe('folders and files without logs', () => {
  const folder = 'logs';

  it('passes over what is no log in a folder', async () => {
    const truth = seconds(
      0,
      9,
      (second) => `{"time":"2026-03-12T10:00:0${second}Z","status":502,"cause":"network"}`,
    );
    const outcome = await outcomeOf([
      source('logs/access.log', access, { folder }),
      source('logs/nginx.conf', 'http { server { listen 80; } }\n', { folder }),
      source('logs/truth.jsonl', truth, { folder }),
      source('logs/error.log', '', { folder }),
    ]);
    expect(codes(outcome)).toEqual([]);
    expect(outcome.summary.requests).toBe(600);
  });

  it('says so when a folder holds no log', async () => {
    const outcome = await outcomeOf([
      source('logs/notes.txt', 'nothing here\n', { folder }),
      source('logs/error.log', '', { folder }),
      source('access.log', access),
    ]);
    expect(codes(outcome)).toEqual(['W502_NO_LOGS at logs']);
  });

  it('does not miss lines in an empty error log, unless there is nothing else', async () => {
    expect(codes(await outcomeOf([source('access.log', access), source('error.log', '')]))).toEqual([]);
    expect(codes(await outcomeOf([source('access.log', '')]))).toEqual(['W502_EMPTY at access.log']);
  });

  it('tells binary files', async () => {
    const binary = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 37) % 256));
    expect(codes(await outcomeOf([source('logs.tar', binary)]))).toEqual(['W502_BINARY at logs.tar']);
  });
});

describe('sinks', () => {
  it('get all results in order, and hold the reading up while they are slow', async () => {
    const lines: string[] = [];
    const slow = async (text: string) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      lines.push(...text.trimEnd().split('\n'));
    };
    const { results } = await outcomeOf([source('a', access), source('e', errors)], {
      sinks: [jsonLinesSink(slow)],
    });
    expect(lines.map((line) => JSON.parse(line).id)).toEqual(results.map(idOf));
  });

  it('end the run when they take no more', async () => {
    const full: Sink = {
      name: 'full',
      deliver: async () => ({ kind: 'rejected', cause: new Error('no space') }),
      close: async () => {},
    };
    await expect(outcomeOf([source('a', access)], { sinks: [full] })).rejects.toMatchObject({
      code: 'W502_WRITE_FAILED',
    });
  });
});

function idOf(result: Result): string | undefined {
  return result.kind === 'verdict'
    ? result.verdict.id
    : result.kind === 'incident'
      ? result.incident.id
      : undefined;
}

function causes(results: readonly Result[]): readonly string[] {
  return results.flatMap((result) =>
    result.kind === 'verdict'
      ? [`${result.verdict.id} ${result.verdict.mechanism} ${result.verdict.confidence}`]
      : [],
  );
}

/** Verdicts without the places of their rows, which differ between a file and its parts. */
function essence(results: readonly Result[]): readonly unknown[] {
  return results.flatMap((result) =>
    result.kind === 'verdict'
      ? [
          {
            ...result.verdict,
            rows: [],
            evidence: result.verdict.evidence.map(({ text, weight }) => ({ text, weight })),
          },
        ]
      : [],
  );
}
