/** One end-to-end case as written in a `.case` file. */
export interface Case {
  /** What the case shows; a first line `needs …` in it names a condition. */
  readonly title: string;
  /** A line for the shell, run in a folder that holds the files. */
  readonly command: string;
  readonly files: ReadonlyMap<string, string>;
}

export interface Outcome {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Reads a case: a title, the command behind `$ `, and blocks of lines behind `| `, each under a heading such as
 * `file access.log`. What it expects is not read: the file is written anew from the outcome and compared as a whole.
 */
export function parseCase(text: string): Case {
  const command = /^\$ (.*)$/m.exec(text)?.[1];
  if (command === undefined) throw new Error('a case needs a line that begins with "$ "');
  const files = new Map<string, string>();
  for (const [, name, block] of text.matchAll(/^file (.+)\n((?:\|.*\n)*)/gm)) {
    files.set(name!, block!.replace(/^\| ?/gm, ''));
  }
  return { title: text.slice(0, text.indexOf('\n$ ')).trim(), command, files };
}

export function printCase({ title, command, files }: Case, { exit, stdout, stderr }: Outcome): string {
  const inputs = [...files].map(([name, content]) => `file ${name}\n${block(content)}`);
  const outputs = [`exit ${exit}\n`, `stdout\n${block(anyRuleset(stdout))}`, `stderr\n${block(stderr)}`];
  return [`${title}\n`, `$ ${command}\n`, ...inputs, ...outputs].join('\n');
}

/** Its name is another whenever a weight is, about which a case says nothing. */
function anyRuleset(text: string): string {
  return text.replace(/("ruleset":)"[0-9a-f]{12}"/g, '$1"(a hash)"');
}

/** Bytes that a terminal could act on are spelt out, so that a reviewer sees them. */
function block(text: string): string {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines
    .map((line) => `${`| ${line}`.trimEnd()}\n`)
    .join('')
    .replace(/[\0-\x09\x0b-\x1f\x7f-\x9f]/g, spell);
}

function spell(char: string): string {
  return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
