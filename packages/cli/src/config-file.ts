import { readFileSync } from 'node:fs';
import { Problem } from '@why502/model';
import { type Command, InvalidArgumentError, type Option } from 'commander';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';

/** What may stand in the file beside the sections of commands: flags of all commands that have them. */
type Settings = Readonly<Record<string, unknown>>;

/** Flags that say something about one call only. */
const ofACall: ReadonlySet<string> = new Set(['config', 'printConfig', 'sql', 'counters']);

/**
 * Sets what a configuration file says for flags that neither the command line nor the environment set, and returns the paths that
 * it names for this command. Keys are flags without their dashes, for all commands or in a section of one:
 *
 * ```yaml
 * store: /var/lib/why502
 * tail:
 *   paths: [/var/log/nginx]
 *   listen: 127.0.0.1:9502
 * ```
 *
 * @throws Problem W502_NOT_READABLE, W502_CONFIG_BAD with the line
 */
export function applyConfig(file: string, commands: readonly Command[], command: Command): readonly string[] {
  const { settings, placeOf } = parsed(file, commands);
  const own = (settings[command.name()] ?? {}) as Settings;
  const { paths = [], ...flags } = { ...shared(settings, commands), ...own };
  for (const option of command.options) {
    const key = keyOf(option);
    const value = flags[key];
    const from = command.getOptionValueSource(option.attributeName());
    if (value === undefined || from === 'cli' || from === 'env') continue;
    const place = placeOf(key in own ? [command.name(), key] : [key]);
    command.setOptionValueWithSource(option.attributeName(), taken(option, value, place), 'config');
  }
  return paths as readonly string[];
}

/** Settings for all commands, without the sections. */
function shared(settings: Settings, commands: readonly Command[]): Settings {
  const names = new Set(commands.map((one) => one.name()));
  return Object.fromEntries(Object.entries(settings).filter(([key]) => !names.has(key)));
}

function parsed(file: string, commands: readonly Command[]) {
  const lines = new LineCounter();
  const document = parseDocument(textOf(file), { lineCounter: lines, prettyErrors: false });
  const placed = (offset: number | undefined) => {
    const { line, col } = lines.linePos(offset ?? 0);
    return `${file}:${line}:${col}`;
  };
  const [error] = document.errors;
  if (error !== undefined)
    throw new Problem('W502_CONFIG_BAD', { where: placed(error.pos[0]), expected: error.message });
  const placeOf = (path: readonly PropertyKey[]) => placed(offsetOf(document.contents, path));
  const checked = schemaOf(commands).safeParse(document.toJS() ?? {});
  if (!checked.success) {
    const [issue] = checked.error.issues;
    const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
    const path = unknown === undefined ? issue!.path : [...issue!.path, unknown];
    throw new Problem('W502_CONFIG_BAD', {
      where: placeOf(path),
      excerpt: path.map(String).join('.'),
      ...(unknown === undefined
        ? { expected: issue!.message }
        : { choices: keysAt(issue!.path.map(String), commands) }),
    });
  }
  return { settings: checked.data as Settings, placeOf };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const isAbsent = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new Problem(isAbsent ? 'W502_NOT_FOUND' : 'W502_NOT_READABLE', { where: file }, { cause });
  }
}

/** Strict, so that a key with a slip of the pen is not overlooked. */
function schemaOf(commands: readonly Command[]) {
  const sections = commands.map((command) => [
    command.name(),
    z.strictObject({ ...flagsOf(command), paths: z.array(z.string()).optional() }).optional(),
  ]);
  const all = Object.assign({}, ...commands.map(flagsOf)) as Record<string, z.ZodType>;
  return z.strictObject({ ...all, ...Object.fromEntries(sections) });
}

function flagsOf(command: Command): Record<string, z.ZodType> {
  return Object.fromEntries(settable(command).map((option) => [keyOf(option), shapeOf(option)]));
}

function settable(command: Command): readonly Option[] {
  return command.options.filter(
    (option) => !ofACall.has(option.attributeName()) && option.long !== '--version',
  );
}

function shapeOf(option: Option): z.ZodType {
  if (option.isBoolean()) return z.boolean().optional();
  const one = z.union([z.string(), z.number()], { error: 'a text or a number' });
  return z.union([one, z.array(one)], { error: 'a text, a number, or a list of them' }).optional();
}

function keysAt(path: readonly string[], commands: readonly Command[]): readonly string[] {
  const section = commands.find((command) => command.name() === path[0]);
  if (section !== undefined) return ['paths', ...settable(section).map(keyOf)].sort();
  return [...new Set(commands.flatMap((one) => [one.name(), ...settable(one).map(keyOf)]))].sort();
}

/** The value as the flag makes it of the same words. */
function taken(option: Option, value: unknown, place: string): unknown {
  if (option.isBoolean() || option.parseArg === undefined) return value;
  try {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return values.reduce<unknown>((before, one) => option.parseArg!(String(one), before as never), undefined);
  } catch (error) {
    if (!(error instanceof Problem) && !(error instanceof InvalidArgumentError)) throw error;
    const expected = error instanceof Problem ? error.details.expected : error.message;
    throw new Problem(
      'W502_CONFIG_BAD',
      {
        where: place,
        excerpt: `${keyOf(option)}: ${String(value)}`,
        ...(expected === undefined ? {} : { expected }),
      },
      { cause: error },
    );
  }
}

/** `--nginx-conf` is `nginx-conf`. */
function keyOf(option: Option): string {
  return option.long!.slice(2);
}

/** Where a key stands in the text. */
function offsetOf(contents: unknown, path: readonly PropertyKey[]): number | undefined {
  let node = contents;
  let offset: number | undefined;
  for (const part of path) {
    if (!isMap(node)) break;
    const pair = node.items.find(({ key }) => isScalar(key) && key.value === part);
    if (pair === undefined) break;
    if (isScalar(pair.key)) offset = pair.key.range?.[0];
    node = pair.value;
  }
  return offset;
}
