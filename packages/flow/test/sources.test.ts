import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Source } from '@why502/model';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expand, fileSource, streamSource } from '../src/index.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'why502-flow-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(path: string, text = 'x\n'): string {
  const whole = join(folder, path);
  mkdirSync(join(whole, '..'), { recursive: true });
  writeFileSync(whole, text);
  return whole;
}

async function namesOf(...paths: string[]): Promise<string[]> {
  return (await expand(paths)).map((source) => source.name.replace(folder, '~'));
}

async function textOf(source: Source): Promise<string> {
  let text = '';
  for await (const chunk of source.chunks()) text += Buffer.from(chunk).toString();
  return text;
}

describe('expand', () => {
  it('names what lies below a folder by the argument and the way from there', async () => {
    put('logs/access.log');
    put('logs/old/access.log.1');
    expect(await namesOf(join(folder, 'logs'))).toEqual(['~/logs/access.log', '~/logs/old/access.log.1']);
    expect(await namesOf(`${join(folder, 'logs')}/`)).toEqual([
      '~/logs/access.log',
      '~/logs/old/access.log.1',
    ]);
  });

  it('gives the same for any order of arguments', async () => {
    const file = put('logs/access.log');
    put('logs/error.log');
    const logs = join(folder, 'logs');
    expect(await namesOf(file, logs)).toEqual(await namesOf(logs, file));
  });

  it('reads a file once that is reached by two paths, a hard link or a link', async () => {
    const file = put('logs/a.log');
    linkSync(file, join(folder, 'logs/b.log'));
    symlinkSync(file, join(folder, 'logs/c.log'));
    symlinkSync(folder, join(folder, 'logs/around'));
    expect(await namesOf(join(folder, 'logs'), file)).toEqual(['~/logs/a.log']);
  });

  it('knows patterns that the shell left alone', async () => {
    for (const name of ['access.log', 'access.log.1', 'error.log', '.hidden.log', 'deep/x/access.log'])
      put(name);
    expect(await namesOf(join(folder, 'access.log*'))).toEqual(['~/access.log', '~/access.log.1']);
    expect(await namesOf(join(folder, '{access,error}.log'))).toEqual(['~/access.log', '~/error.log']);
    expect(await namesOf(join(folder, '**/access.log'))).toEqual(['~/access.log', '~/deep/x/access.log']);
    expect(await namesOf(join(folder, '[!a]*.lo?'))).toEqual(['~/error.log']);
  });

  it('takes a file whose name looks like a pattern as it is', async () => {
    const file = put('access[1].log');
    expect(await namesOf(file)).toEqual(['~/access[1].log']);
  });

  it('makes sources of what is missing and of empty folders that say so when read', async () => {
    mkdirSync(join(folder, 'empty'));
    const sources = await expand([join(folder, 'empty'), join(folder, 'none'), join(folder, 'no*')]);
    const codes = sources.map((source) => {
      try {
        return source.chunks() && 'read';
      } catch (error) {
        return error instanceof Error ? error.message.replace(folder, '~') : '';
      }
    });
    expect(codes).toEqual(['W502_NO_LOGS at ~/empty', 'W502_NOT_FOUND at ~/no*', 'W502_NOT_FOUND at ~/none']);
  });

  it('reads a pipe, which has no second reading', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('sh', ['-c', `mkfifo '${pipe}'; (printf 'one\\ntwo\\n' > '${pipe}') >/dev/null 2>&1 &`]);
    const [source] = await expand([pipe]);
    expect(await textOf(source!)).toBe('one\ntwo\n');
  });
});

describe('fileSource', () => {
  it('can be read again from its start', async () => {
    const source = fileSource(put('a.log', 'one\ntwo\n'), 'a.log');
    for await (const chunk of source.chunks()) {
      expect(chunk.length).toBe(8);
      break;
    }
    expect(await textOf(source)).toBe('one\ntwo\n');
  });

  it.skipIf(process.getuid?.() === 0)('says who is kept out when it may not be read', async () => {
    const path = put('a.log');
    chmodSync(path, 0);
    await expect(textOf(fileSource(path, 'a.log'))).rejects.toMatchObject({ code: 'W502_NOT_READABLE' });
  });

  it('says that reading failed when the path is a folder', async () => {
    await expect(textOf(fileSource(folder, 'a.log'))).rejects.toMatchObject({ code: 'W502_READ_FAILED' });
  });
});

describe('streamSource', () => {
  it('gives its start again to a second reader, and goes on from there', async () => {
    const source = streamSource(
      Readable.from([Buffer.from('one '), Buffer.from('two '), Buffer.from('three')]),
      '-',
    );
    for await (const chunk of source.chunks()) {
      expect(Buffer.from(chunk).toString()).toBe('one ');
      break;
    }
    expect(await textOf(source)).toBe('one two three');
  });
});
