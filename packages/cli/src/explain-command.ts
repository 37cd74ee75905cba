import { readFile } from 'node:fs/promises';
import { type Explanation, type Mechanism, Problem } from '@why502/model';
import type { ExplainFlags } from './flags.ts';
import { storyAsked, storyCommand } from './story-command.ts';
import { colored, print, reportWidth } from './terminal.ts';

/** More was not pasted by a person; logs are for `analyze`. */
const mostBytes = 1024 * 1024;

/**
 * `why502 explain`. Resolves to the exit code.
 * @throws Problem where the call is wrong, or nothing to explain was found
 */
export async function explainCommand(words: readonly string[], flags: ExplainFlags): Promise<number> {
  const asked = await storyAsked(words);
  if (asked !== undefined) return storyCommand(asked, flags);
  const saved = await savedBytes(flags);
  const text = saved === undefined ? await pasted(words, flags.file) : '';
  // Loaded only now, so that help and usage errors come at once.
  const { explain, explainPage, mechanismLine, mechanismNamed, mechanisms, mechanismText } = await import(
    '@why502/pipeline-explain'
  );
  if (saved !== undefined) return tell(explainPage(saved), flags);
  const named: Mechanism | undefined = mechanismNamed(text);
  if (named === undefined) return tell(explain({ text }), flags);
  const options = { color: colored(flags.color, process.stdout), width: reportWidth(), mechanisms };
  await print(flags.format === 'json' ? mechanismLine(named) : `${mechanismText(named, options)}\n`);
  return 0;
}

async function tell(explanation: Explanation, { format, color }: ExplainFlags): Promise<number> {
  const { explanationLines, explanationMarkdown, explanationText, mechanisms } = await import(
    '@why502/pipeline-explain'
  );
  const options = { color: colored(color, process.stdout), width: reportWidth(), mechanisms };
  if (format === 'json') await print(explanationLines(explanation));
  else if (format === 'md') await print(`${explanationMarkdown(explanation, mechanisms)}\n`);
  else await print(`${explanationText(explanation, options)}\n`);
  return 0;
}

/** What `--page` and `--headers` name, headers first; undefined without either. */
async function savedBytes({ page, headers }: ExplainFlags) {
  const [first, second] = [headers, page].filter((path) => path !== undefined);
  if (first === undefined) return undefined;
  const parts = [await bytesOf(first, 'a saved page or headers')];
  // Between a header and its page is an empty line.
  if (second !== undefined && second !== first)
    parts.push(Buffer.from('\n\n'), await bytesOf(second, 'a saved page or headers'));
  return { bytes: Buffer.concat(parts), name: page ?? first };
}

/** What the arguments say, or the file, or standard input. */
async function pasted(words: readonly string[], file: string | undefined): Promise<string> {
  if (file !== undefined && file !== '-') return (await bytesOf(file, 'a few lines')).toString('utf8');
  const given = words.filter((word) => word !== '-');
  // Words of one line come apart when nobody quotes them; quoted ones are lines.
  if (given.length > 0) return given.join(given.some((word) => /\s/.test(word)) ? '\n' : ' ');
  if (process.stdin.isTTY === true) {
    throw new Problem('W502_NO_INPUT', { expected: 'lines of a log, as arguments or on standard input' });
  }
  return (await bytesOf('-', 'a few lines')).toString('utf8');
}

/** A file, or standard input where it is `-`. @throws Problem W502_USAGE */
async function bytesOf(path: string, what: string): Promise<Buffer> {
  const bytes = path === '-' ? await standardInput(what) : await fileAt(path);
  if (bytes.length > mostBytes) throw tooLong(path, what);
  return bytes;
}

async function standardInput(what: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of process.stdin) {
    parts.push(part);
    length += part.length;
    if (length > mostBytes) throw tooLong('standard input', what);
  }
  return Buffer.concat(parts);
}

async function fileAt(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new Problem('W502_USAGE', { where: path, expected: 'a file that can be read' }, { cause });
  }
}

function tooLong(where: string, what: string): Problem {
  return new Problem('W502_USAGE', {
    where: `${where} holds more than 1 MiB`,
    expected: `${what}; for whole logs there is why502 analyze`,
  });
}
