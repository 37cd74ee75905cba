import { Command, CommanderError } from 'commander';
import { analyzeCommand } from './analyze-command.ts';
import { doctorCommand } from './doctor-command.ts';
import { explainCommand } from './explain-command.ts';
import {
  type AnalyzeFlags,
  analyzeFlags,
  type DoctorFlags,
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

const introduction = `why502: say why each HTTP 502 happened, from the logs you already have

  why502 analyze access.log error.log        causes, ranked, with evidence and remedy
  why502 analyze /var/log/nginx              all logs of a folder, rotated and packed ones too
  zcat access.log.*.gz | why502 analyze -    standard input
  why502 tail /var/log/nginx                 what begins to fail, as it happens
  why502 explain 'connect() failed (111…'    what a line of an error log means, and what to do
  why502 explain --page saved.html           which product made an error page, and why
  why502 explain ID /var/log/nginx           the story of one request, by its id, ray or trace
  why502 doctor /etc/nginx /var/log/nginx    what these logs can tell, and what to log
  why502 analyze --save /var/log/nginx       keep the results in a store
  why502 query top --since 24h               what fails most, of the results that were saved
  why502 analyze --help                      options
`;

const analyzeExamples = `Examples:
  why502 analyze access.log error.log
  why502 analyze '/var/log/nginx/*.log*' --nginx-conf /etc/nginx/nginx.conf
  ssh web-1 cat /var/log/nginx/access.log | why502 analyze -
  why502 analyze --format json access.log | jq 'select(.kind == "incident")'
`;

const explainExamples = `Examples:
  why502 explain 'upstream prematurely closed connection while reading response header from upstream'
  tail -3 /var/log/nginx/error.log | why502 explain
  xclip -o | why502 explain                  whatever was copied, with prefixes and broken lines
  why502 explain keepalive_mismatch          what a mechanism is
  why502 explain 504
  curl -si https://shop.example/cart | why502 explain --page -
  why502 explain 84a1b2c3d4e5f607-FRA /var/log/nginx cloudflare.ndjson.gz alb/
`;

const tailExamples = `Examples:
  why502 tail /var/log/nginx/access.log /var/log/nginx/error.log
  why502 tail '/var/log/nginx/*.log' --save
  kubectl logs -f deploy/ingress-nginx | why502 tail
  why502 tail --from start access.log        from its beginning, not from where it is now
  why502 tail --format json /var/log/nginx | jq 'select(.kind == "verdict" and .final)'
`;

const queryExamples = `Examples:
  why502 query                               the questions that have a name
  why502 query top --since 24h               what fails most, and why
  why502 query timeline --where cause=upstream_overload --format csv
  why502 query incidents --since 7d
  why502 query incident 3f9c                 all that is known of one incident, by the beginning of its id
  why502 query peers --where host=shop.example --since 2026-11-23 --until 2026-11-24
  why502 query routes --where peer=10.0.0.7:8080
  why502 query hops                          which hop made the statuses
  why502 query unknown                       what should be logged to know more
  why502 query compare 48h/24h 24h/0s        the day before yesterday's failures and yesterday's
  why502 query crawlers                      search engines that met failures
  why502 query --sql 'SELECT peer, count() FROM failures GROUP BY peer'
`;

const doctorExamples = `Examples:
  why502 doctor /etc/nginx/nginx.conf
  why502 doctor /etc/nginx /var/log/nginx    with the failures of these logs, each field is weighed by them
  why502 doctor access.log error.log
`;

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
    .argument('[path...]', 'files, folders or quoted patterns; - is standard input')
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
    .argument('[path...]', 'files, folders or quoted patterns; none, or -, is standard input')
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
      const from = source === 'cli' ? 'flag' : source === 'env' ? option.envVar : 'default';
      return `${option.long?.padEnd(18)} ${String(value ?? '-').padEnd(24)} ${from}`;
    });
  return `${lines.join('\n')}\n`;
}
