import { posix } from 'node:path';
import { type ConfiguredLogging, type FileTree, Problem, type ProxyConfiguration } from '@why502/model';
import { configurationOf } from './configuration.ts';
import { type ConfFault, type Directive, parse } from './directives.ts';
import { dumped } from './dump.ts';
import { unfold } from './include.ts';
import { logFormatsOf } from './log-formats.ts';
import { loggingOf } from './logging.ts';
import { isPattern } from './name-pattern.ts';

/** An nginx.conf with what it includes. */
export interface NginxConf {
  readonly configuration: ProxyConfiguration;
  /** `log_format` directives by name. */
  readonly logFormats: ReadonlyMap<string, string>;
  readonly logging: ConfiguredLogging;
  /** What kept it from being understood whole; the rest counts. */
  readonly problems: readonly Problem[];
}

/**
 * Reads an nginx.conf, what `nginx -T` printed, or a folder: its nginx.conf, else every `.conf` in it and in its
 * `conf.d` and `sites-enabled`.
 * @throws Problem W502_USAGE where there is no such file, and no configuration in the folder
 */
export async function readConfiguration(path: string, files: FileTree): Promise<NginxConf> {
  const root = path.replace(/(?<=.)\/+$/, '');
  const text = await files.text(root);
  const { directives, faults } =
    text === undefined ? await ofFolder(root, files) : await ofText(root, text, files);
  return {
    configuration: configurationOf(directives),
    logFormats: logFormatsOf(directives),
    logging: loggingOf(directives),
    problems: problemsOf(faults),
  };
}

/** The same of a text alone, such as one that somebody pasted. What it includes is missing. */
export function configurationOfText(text: string, name: string): NginxConf {
  const { directives, faults } = parse(text, name);
  return {
    configuration: configurationOf(directives),
    logFormats: logFormatsOf(directives),
    logging: loggingOf(directives),
    problems: problemsOf(faults),
  };
}

interface Unfolded {
  readonly directives: readonly Directive[];
  readonly faults: readonly ConfFault[];
}

async function ofText(path: string, text: string, files: FileTree): Promise<Unfolded> {
  const dump = dumped(text);
  return dump === undefined
    ? unfold(path, text, files)
    : unfold(dump.root, (await dump.files.text(dump.root)) ?? '', dump.files);
}

async function ofFolder(folder: string, files: FileTree): Promise<Unfolded> {
  const names = await files.names(folder);
  const main = posix.join(folder, 'nginx.conf');
  const text = names.includes('nginx.conf') ? await files.text(main) : undefined;
  if (text !== undefined) return ofText(main, text, files);
  const includes = ['*.conf', 'conf.d/*.conf', 'sites-enabled/*']
    .map((pattern) => `include ${pattern};`)
    .join('\n');
  const read = await unfold(main, includes, files);
  if (read.directives.length > 0) return read;
  throw new Problem('W502_USAGE', {
    where: folder,
    expected: 'a file that can be read, or a folder with nginx.conf or other .conf files',
  });
}

/** One problem for what is broken and one for what is missing, each with its first place and how many more there are. */
function problemsOf(faults: readonly ConfFault[]): readonly Problem[] {
  const missing = faults.filter(({ reason }) => reason === 'missing');
  const broken = faults.filter(({ reason }) => reason !== 'missing');
  return [
    ...summed('W502_CONF_BROKEN', broken, (fault) => reasons[fault.reason]),
    ...summed('W502_CONF_INCOMPLETE', missing, ({ wanted = '' }) =>
      isPattern(wanted) ? `what ${wanted} means` : wanted,
    ),
  ];
}

const reasons: Readonly<Record<ConfFault['reason'], string>> = {
  unclosed: 'a quote or block that begins here is closed',
  stray: 'every } closes a block',
  too_deep: 'no more than 100 blocks inside of each other',
  too_large: 'no more than 5,000 includes and 500,000 directives',
  not_text: 'text without NUL bytes',
  missing: 'files that can be read',
  cycle: 'no file that includes itself',
};

function summed(
  code: 'W502_CONF_BROKEN' | 'W502_CONF_INCOMPLETE',
  faults: readonly ConfFault[],
  expected: (fault: ConfFault) => string,
): readonly Problem[] {
  const [first] = faults;
  if (first === undefined) return [];
  const more = faults.length === 1 ? '' : ` and ${faults.length - 1} more`;
  return [
    new Problem(code, { where: `${first.file}, line ${first.line}${more}`, expected: expected(first) }),
  ];
}
