import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Source } from '@why502/model';
import { analyze } from '@why502/pipeline-analyze';
import { resultLine } from '@why502/report';
import { type TrafficOptions, traffic } from '../bench/traffic.mjs';
import { corpusFolder, type Scenario } from '../corpus.ts';

/** The two logs of one nginx, as lines without their breaks. */
export interface Logs {
  readonly access: readonly string[];
  readonly error: readonly string[];
}

export function madeUp(options: TrafficOptions): Logs {
  const chunks = [...traffic(options)];
  return {
    access: lines(chunks.map((chunk) => chunk.access).join('')),
    error: lines(chunks.map((chunk) => chunk.error).join('')),
  };
}

export function recorded({ extended, error }: Scenario): Logs {
  const read = (path: string) => readFileSync(join(corpusFolder, path), 'utf8');
  return { access: lines(read(extended)), error: lines(read(error)) };
}

export function bytesOf(some: readonly string[]): Buffer {
  return Buffer.from(some.map((line) => `${line}\n`).join(''));
}

/** Both logs as they lie on a disk, each in one piece. */
export function whole({ access, error }: Logs): readonly Source[] {
  return [inChunks('access.log', bytesOf(access)), inChunks('error.log', bytesOf(error))];
}

/** A source whose chunks have the given sizes, over and over. */
export function inChunks(name: string, bytes: Buffer, sizes: readonly number[] = [65_536]): Source {
  async function* chunks() {
    for (let at = 0, turn = 0; at < bytes.length; turn++) {
      const size = sizes[turn % sizes.length]!;
      yield bytes.subarray(at, at + size);
      at += size;
    }
  }
  return { name, chunks };
}

/** ms since the epoch of a line of the made-up logs, whose local time is UTC in both. */
export function timeOf(line: string): number {
  const error = /^(\d{4})\/(\d\d)\/(\d\d) (\S+)/.exec(line);
  if (error !== null) return Date.parse(`${error[1]}-${error[2]}-${error[3]}T${error[4]}Z`);
  const access = /\[(\d\d)\/(\w+)\/(\d+):([\d:]+) /.exec(line)!;
  return Date.parse(`${access[1]} ${access[2]} ${access[3]} ${access[4]} GMT`);
}

/** Everything that is said about the sources, as the command prints it, sorted: what does not depend on delivery. */
export async function said(sources: readonly Source[]): Promise<readonly string[]> {
  const printed: string[] = [];
  await analyze({
    sources,
    traffic: true,
    on: (result) => printed.push(...resultLine(result).trimEnd().split('\n')),
  });
  return printed.sort();
}

/** The same without the places where lines stood, which rotation changes. */
export async function saidAnywhere(sources: readonly Source[]): Promise<readonly string[]> {
  const nowhere = (key: string, value: unknown) => (key === 'file' || key === 'line' ? undefined : value);
  return (await said(sources)).map((line) => JSON.stringify(JSON.parse(line), nowhere)).sort();
}

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}
