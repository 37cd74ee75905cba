import { Command, CommanderError, Option } from 'commander';
import { analyzeCommand } from './analyze-command.ts';
import { dashboardCommand } from './dashboard-command.ts';
import { doctorCommand } from './doctor-command.ts';
import {
  analyzeExamples,
  dashboardExamples,
  doctorExamples,
  explainExamples,
  introduction,
  queryExamples,
  tailExamples,
} from './examples.ts';
import { explainCommand } from './explain-command.ts';
import {
  type AnalyzeFlags,
  analyzeFlags,
  type DashboardFlags,
  type DoctorFlags,
  dashboardFlags,
  doctorFlags,
  type ExplainFlags,
  explainFlags,
  type QueryFlags,
  queryFlags,
  type TailFlags,
  tailFlags,
} from './flags.ts';
import { queryCommand } from './query-command.ts';
import { tailCommand } from './tail-command.ts';
import { print } from './terminal.ts';
import { usageProblem } from './usage.ts';
import { version } from './version.ts';

/**
 * Runs the command line. Resolves to the exit code.
 * @throws Problem W502_USAGE and what the commands throw
 */
export async function run(args: readonly string[]): Promise<number> {
  let code = 0;
  const program = quiet(new Command('why502'))
    .usage('<command> [options]')
    .addHelpText('before', introduction)
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false);
  const analyze = quiet(program.command('analyze'))
    .summary('read logs and say why requests failed')
    .description('Reads access and error logs of nginx and says why requests failed.')
    .argument('[path...]', 'files, folders, quoted patterns or s3://bucket/prefix; - is standard input')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('before', analyzeExamples);
  for (const flag of analyzeFlags()) analyze.addOption(flag);
  analyze.action(async (paths: string[], flags: AnalyzeFlags) => {
    if (flags.printConfig === true) await print(configText(analyze));
    else code = await analyzeCommand(paths, flags);
  });
  const explain = quiet(program.command('explain'))
    .summary('say what a line, a page or one request in logs means')
    .description(
      'Says what pasted lines of a log, a saved error page, a status or the name of a mechanism mean, and what to do; or, of an id and logs, what became of that request at each hop.',
    )
    .argument('[what...]', 'lines, a status or a name; or an id and logs; else standard input')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('before', explainExamples);
  for (const flag of explainFlags()) explain.addOption(flag);
  explain.action(async (words: string[], flags: ExplainFlags) => {
    code = await explainCommand(words, flags);
  });
  const doctor = quiet(program.command('doctor'))
    .summary('say what logs can tell, and what to log')
    .description('Says what logs can tell, what each missing field would buy, and which lines to add.')
    .argument(
      '[path...]',
      'nginx.conf or its folder, and logs: files, folders or patterns; - is standard input',
    )
    .helpOption('-h, --help', 'print this help')
    .addHelpText('before', doctorExamples);
  for (const flag of doctorFlags()) doctor.addOption(flag);
  doctor.action(async (paths: string[], flags: DoctorFlags) => {
    code = await doctorCommand(paths, flags);
  });
  const tail = quiet(program.command('tail'))
    .summary('follow live logs and say what begins to fail')
    .description(
      'Follows logs as they are written, through rotation and restarts: a line when an incident begins, grows or ends.',
    )
    .argument(
      '[path...]',
      'files, folders, quoted patterns or s3://bucket/prefix; none, or -, is standard input',
    )
    .helpOption('-h, --help', 'print this help')
    .addHelpText('before', tailExamples);
  for (const flag of tailFlags()) tail.addOption(flag);
  tail.action(async (paths: string[], flags: TailFlags) => {
    code = await tailCommand(paths, flags);
  });
  const query = quiet(program.command('query'))
    .summary('ask what was saved')
    .description('Answers questions about results that analyze --save and tail have stored.')
    .argument('[question...]', 'the name of a question and what it takes; none lists all')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('before', queryExamples);
  for (const flag of queryFlags()) query.addOption(flag);
  query.action(async (words: string[], flags: QueryFlags) => {
    code = await queryCommand(words, flags);
  });
  const dashboard = quiet(program.command('dashboard'))
    .summary('look at what was saved in a browser')
    .description('Serves a page, on this machine alone, that shows what fails, since when, where and why.')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('before', dashboardExamples);
  for (const flag of dashboardFlags()) dashboard.addOption(flag);
  dashboard.action(async (flags: DashboardFlags) => {
    code = await dashboardCommand(flags);
  });
  const all = [analyze, explain, doctor, tail, query, dashboard];
  for (const command of [analyze, tail, query, dashboard])
    command.addOption(
      new Option('--config <file>', 'a file of flags, YAML: see docs/operations/README.md').env(
        'WHY502_CONFIG',
      ),
    );
  program.hook('preAction', async (_, command) => {
    const { config } = command.opts<{ config?: string }>();
    if (config === undefined) return;
    const { applyConfig } = await import('./config-file.ts');
    const paths = applyConfig(config, all, command);
    // What the command line names counts, and what the file names only where it names nothing.
    const [given] = command.processedArgs as [readonly string[] | undefined];
    if (given !== undefined && given.length === 0) command.processedArgs[0] = paths;
  });
  if (args.length === 0) {
    await print(introduction);
    return 0;
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    throw usageProblem(error);
  }
}

/** Leaves it to the rim to say what is wrong and to end the process. */
function quiet(command: Command): Command {
  return command
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ outputError: () => {} });
}

/** Each flag with its value and where that comes from: flag, environment or default. */
function configText(command: Command): string {
  const lines = command.options
    .filter((option) => option.envVar !== undefined)
    .map((option) => {
      const name = option.attributeName();
      const value = command.getOptionValue(name);
      const source = command.getOptionValueSource(name);
      const from =
        source === 'cli'
          ? 'flag'
          : source === 'env'
            ? option.envVar
            : source === 'config'
              ? 'file'
              : 'default';
      return `${option.long?.padEnd(18)} ${String(value ?? '-').padEnd(24)} ${from}`;
    });
  return `${lines.join('\n')}\n`;
}
