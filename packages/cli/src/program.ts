import { Problem } from '@why502/model';
import { Command, CommanderError } from 'commander';
import { analyzeCommand } from './analyze-command.ts';
import { type AnalyzeFlags, analyzeFlags } from './flags.ts';
import { print } from './terminal.ts';
import { version } from './version.ts';

const introduction = `why502: say why each HTTP 502 happened, from the logs you already have

  why502 analyze access.log error.log          causes, ranked, with evidence and remedy
  why502 analyze /var/log/nginx                all logs of a folder, gzip and rotated ones too
  zcat access.log.*.gz | why502 analyze -      standard input
  why502 analyze --format json access.log      one JSON object per verdict, for other programs
`;

/** Runs the command line. Resolves to the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  let code = 0;
  const program = new Command('why502')
    .usage('<command> [options]')
    .addHelpText('beforeAll', introduction)
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ outputError: () => {} });
  const analyze = program
    .command('analyze')
    .summary('read logs and say why requests failed')
    .description('Read access and error logs of nginx and say why requests failed. - is standard input.')
    .argument('[path...]', 'files, folders or quoted patterns')
    .exitOverride()
    .configureOutput({ outputError: () => {} });
  for (const flag of analyzeFlags()) analyze.addOption(flag);
  analyze.action(async (paths: string[], flags: AnalyzeFlags) => {
    if (flags.printConfig === true) await print(configText(analyze));
    else code = await analyzeCommand(paths, flags);
  });
  if (args.length === 0) {
    await print(program.helpInformation());
    return 0;
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    throw new Problem('W502_USAGE', { expected: error.message.replace(/^error: /, '') }, { cause: error });
  }
}

/** Each flag with its value and where that comes from: flag, environment or default. */
function configText(command: Command): string {
  const lines = command.options.map((option) => {
    const name = option.attributeName();
    const value = command.getOptionValue(name);
    const source = command.getOptionValueSource(name);
    const from = source === 'cli' ? 'flag' : source === 'env' ? (option.envVar ?? 'environment') : 'default';
    return `${(option.long ?? name).padEnd(18)} ${String(value ?? '').padEnd(24)} ${from}`;
  });
  return `${lines.join('\n')}\n`;
}
