import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Seed } from './seeds.ts';

const folder = new URL('../corpus/chain-sim/', import.meta.url);
const linesOfEach = 300;

/** Requests of an edge in every way of delivery, and what the connector of a tunnel says of them. */
export function cloudflareSeeds(): readonly Seed[] {
  const recorded = ['cf-origin-moved-dns', 'cf-524-exports-colo-fault'].map((name) => ({
    name,
    lines: linesOf(name),
  }));
  const texts = recorded.flatMap(({ lines }) => lines).map((line) => line.toString());
  const objects: readonly Fields[] = texts.map((text) => JSON.parse(text));
  const names = Object.keys(objects[0]!);
  return [
    ...recorded,
    seed(
      'Cloudflare in a template',
      texts.map((text) => `{"source":"edge","event":${text}}`),
    ),
    seed(
      'Cloudflare with headers in front',
      objects.map((fields) =>
        JSON.stringify({ RequestHeaders: { EdgeResponseStatus: '{"', x: '}' }, ...fields }),
      ),
    ),
    seed('Cloudflare in CSV', [names.join(','), ...objects.map((fields) => csvOf(names, fields))]),
    seed('cloudflared', objects.map(consoleOf)),
    seed('cloudflared in JSON', objects.map(messageOf)),
  ];
}

type Fields = Readonly<Record<string, unknown>>;

function linesOf(scenario: string): readonly Buffer[] {
  const logs = new URL(`${scenario}/logs/cloudflare/`, folder);
  const [first = ''] = readdirSync(logs)
    .filter((name) => name.endsWith('.gz'))
    .sort();
  const text = gunzipSync(readFileSync(new URL(first, logs))).toString();
  return text.split('\n').slice(0, linesOfEach).map(Buffer.from);
}

function seed(name: string, lines: readonly string[]): Seed {
  return { name, lines: lines.map((line) => Buffer.from(line)) };
}

function csvOf(names: readonly string[], fields: Fields): string {
  const cell = (value: unknown) =>
    typeof value === 'number' ? `${value}` : `"${text(value).replaceAll('"', '""')}"`;
  return names.map((name) => cell(fields[name])).join(',');
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '');
}

function consoleOf({ RayID, OriginIP, EdgeColoCode }: Fields, index: number): string {
  const second = String(index % 60).padStart(2, '0');
  return `2026-11-23T06:58:${second}Z ERR  error="Unable to reach the origin service: dial tcp ${OriginIP}:443: connect: connection refused" cfRay=${RayID}-${EdgeColoCode} originService=https://${OriginIP}`;
}

function messageOf({ RayID, ClientRequestHost }: Fields, index: number): string {
  const time = `2026-11-23T06:58:${String(index % 60).padStart(2, '0')}Z`;
  const dest = `https://${ClientRequestHost}/`;
  return JSON.stringify({
    level: 'error',
    time,
    cfRay: RayID,
    dest,
    connIndex: 1,
    error: 'EOF',
    message: '',
  });
}
