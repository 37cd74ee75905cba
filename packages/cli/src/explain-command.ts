import { readFile } from 'node:fs/promises';
import { type Mechanism, Problem } from '@why502/model';
import type { ExplainFlags } from './flags.ts';
import { colored, print, reportWidth } from './terminal.ts';

/** More was not pasted by a person; logs are for `analyze`. */
const mostBytes = 1024 * 1024;

/**
 * `why502 explain`. Resolves to the exit code.
 * @throws Problem where the call is wrong, or nothing to explain was found
 */
export async function explainCommand(words: readonly string[], flags: ExplainFlags): Promise<number> {
  const text = await pasted(words, flags.file);
  // Loaded only now, so that help and usage errors come at once.
  const {
    explain,
    explanationLines,
    explanationMarkdown,
    explanationText,
    mechanismLine,
    mechanismNamed,
    mechanisms,
    mechanismText,
  } = await import('@why502/pipeline-explain');
  const json = flags.format === 'json';
  const options = { color: colored(flags.color, process.stdout), width: reportWidth(), mechanisms };
  const named: Mechanism | undefined = mechanismNamed(text);
  if (named !== undefined) {
    await print(json ? mechanismLine(named) : `${mechanismText(named, options)}\n`);
    return 0;
  }
  const explanation = explain({ text });
  if (json) await print(explanationLines(explanation));
  else if (flags.format === 'md') await print(`${explanationMarkdown(explanation, mechanisms)}\n`);
  else await print(`${explanationText(explanation, options)}\n`);
  return 0;
}

/** What the arguments say, or the file, or standard input. */
async function pasted(words: readonly string[], file: string | undefined): Promise<string> {
  if (file !== undefined && file !== '-') return textOfFile(file);
  const given = words.filter((word) => word !== '-');
  // Words of one line come apart when nobody quotes them; quoted ones are lines.
  if (given.length > 0) return given.join(given.some((word) => /\s/.test(word)) ? '\n' : ' ');
  if (process.stdin.isTTY === true) {
    throw new Problem('W502_NO_INPUT', { expected: 'lines of a log, as arguments or on standard input' });
  }
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of process.stdin) {
    parts.push(part);
    length += part.length;
    if (length > mostBytes) throw tooLong('standard input');
  }
  return Buffer.concat(parts).toString('utf8');
}

async function textOfFile(path: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new Problem(
      'W502_USAGE',
      { where: `--file ${path}`, expected: 'a file that can be read' },
      { cause },
    );
  }
  if (text.length > mostBytes) throw tooLong(path);
  return text;
}

function tooLong(where: string): Problem {
  return new Problem('W502_USAGE', {
    where: `${where} holds more than 1 MiB`,
    expected: 'a few lines; for whole logs there is why502 analyze',
  });
}
