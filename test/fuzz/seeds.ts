import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { corpusFolder, scenarios } from '../corpus.ts';
import { sampleBytes, sampleNames } from '../formats/samples.ts';
import { albSeeds } from './seeds-alb.ts';
import { cloudflareSeeds } from './seeds-cloudflare.ts';

/** Lines of one format. */
export interface Seed {
  readonly name: string;
  readonly lines: readonly Buffer[];
}

const linesOfEach = 300;

/** Real lines of every format: recordings of a real nginx, in envelopes too, and where at hand the logs of other projects. */
export function seeds(): readonly Seed[] {
  const [first] = scenarios();
  const recorded = [first!.extended, first!.json, first!.combined, first!.error].map((path) => ({
    name: path,
    lines: linesOf(unpacked(readFileSync(join(corpusFolder, path)))),
  }));
  const wrapped = recorded.flatMap(({ name, lines }) =>
    Object.entries(wrappings).map(([wrapping, wrap]) => ({
      name: `${name} in ${wrapping}`,
      lines: lines.map((line) => Buffer.from(wrap(line.toString()))),
    })),
  );
  const mixed = {
    name: 'both logs in one stream',
    lines: recorded.flatMap(({ lines }) => lines).sort((a, b) => (a.length % 7) - (b.length % 7)),
  };
  const chain = [...albSeeds(), ...cloudflareSeeds()];
  const foreign = sampleNames().map((name) => ({ name, lines: linesOf(sampleBytes(name)) }));
  return [...recorded, ...wrapped, mixed, ...chain, ...foreign];
}

const wrappings: Readonly<Record<string, (line: string) => string>> = {
  'Docker JSON': (line) =>
    JSON.stringify({ log: `${line}\n`, stream: 'stdout', time: '2026-11-23T06:58:45.1Z' }),
  CRI: (line) => `2026-11-23T06:58:45.413656027Z stdout ${line.length % 3 === 0 ? 'P' : 'F'} ${line}`,
  syslog: (line) => `<190>Nov 23 06:58:45 web-1 nginx: ${line}`,
  'RFC 5424': (line) => `<171>1 2026-11-23T06:58:45+00:00 web-1 nginx - - - ${line}`,
  'compose with times': (line) => `web-1  | 2026-11-23T06:58:45.413656027Z ${line}`,
};

function unpacked(bytes: Buffer): Buffer {
  return bytes[0] === 0x1f ? gunzipSync(bytes) : bytes;
}

function linesOf(bytes: Buffer): readonly Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from < bytes.length && lines.length < linesOfEach; ) {
    const end = bytes.indexOf(0x0a, from);
    const to = end < 0 ? bytes.length : end;
    if (to > from) lines.push(bytes.subarray(from, to));
    from = to + 1;
  }
  return lines;
}
