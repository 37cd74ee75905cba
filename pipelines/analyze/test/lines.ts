import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { instant, type Result, type Source, type Summary } from '@why502/model';
import { type AnalyzeRequest, analyze, streamSource } from '../src/index.ts';

const start = Date.UTC(2026, 2, 12, 10, 0, 0);
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export interface Line {
  readonly second: number;
  readonly status?: number;
  readonly path?: string;
  /** Offset of the written time from UTC, minutes. */
  readonly zoneMin?: number;
}

/** A `combined` line with a tail that says what the upstream did. */
export function accessLine(line: Line): string {
  const { status = 200 } = line;
  const failed = status >= 500;
  const tail = `rt=0.0${failed ? '00' : '20'} uct="${failed ? '-' : '0.000'}" uht="${failed ? '-' : '0.020'}" urt="0.0${failed ? '00' : '20'}" ua="10.0.0.7:3000" us="${status}" host="shop.example.com"`;
  return `${combinedLine(line)} ${tail}`;
}

export function combinedLine({ second, status = 200, path = '/cart', zoneMin = 0 }: Line): string {
  const at = new Date(start + second * 1000 + zoneMin * 60_000);
  const two = (value: number) => String(value).padStart(2, '0');
  const zone = `${zoneMin < 0 ? '-' : '+'}${two(Math.abs(zoneMin) / 60)}00`;
  const time = `${two(at.getUTCDate())}/${months[at.getUTCMonth()]}/${at.getUTCFullYear()}:${at.toISOString().slice(11, 19)} ${zone}`;
  return `198.51.100.9 - - [${time}] "GET ${path} HTTP/1.1" ${status} 157 "-" "curl/8.5.0"`;
}

export function errorLine({ second, path = '/cart', zoneMin = 0 }: Line): string {
  const at = new Date(start + second * 1000 + zoneMin * 60_000).toISOString();
  return `${at.slice(0, 10).replaceAll('-', '/')} ${at.slice(11, 19)} [error] 7#7: *${second + 1} connect() failed (111: Connection refused) while connecting to upstream, client: 198.51.100.9, server: shop.example.com, request: "GET ${path} HTTP/1.1", upstream: "http://10.0.0.7:3000${path}", host: "shop.example.com"`;
}

export function seconds(from: number, to: number, lineAt: (second: number) => string): string {
  let text = '';
  for (let second = from; second < to; second++) text += `${lineAt(second)}\n`;
  return text;
}

export interface Chunking {
  readonly size?: number;
  readonly gzip?: boolean;
  readonly folder?: string;
}

export function source(
  name: string,
  text: string | Buffer,
  { size = 65_536, gzip, folder }: Chunking = {},
): Source {
  const bytes = gzip ? gzipSync(text) : Buffer.from(text);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  const stream = streamSource(Readable.from(pieces), name);
  return folder === undefined ? stream : { ...stream, folder };
}

export interface Outcome {
  readonly summary: Summary;
  readonly results: readonly Result[];
}

export async function outcomeOf(
  sources: readonly Source[],
  request: Omit<AnalyzeRequest, 'sources'> = {},
): Promise<Outcome> {
  const results: Result[] = [];
  const summary = await analyze({ sources, on: (result) => results.push(result), ...request });
  return { summary, results };
}

export function codes({ summary }: Outcome): readonly string[] {
  return summary.problems.map((problem) => problem.message);
}

export function instantOf(second: number) {
  return instant(start + second * 1000);
}
