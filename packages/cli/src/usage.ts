import { Problem } from '@why502/model';
import type { CommanderError } from 'commander';

/** What is wrong with the command line, in the words of the parser, with what may have been meant. */
export function usageProblem(error: CommanderError): Problem {
  const [what = '', ...hints] = error.message.replace(/^error: /, '').split('\n');
  const meant = /^\(Did you mean (?:one of )?(.*)\?\)$/.exec(hints.join(' '))?.[1];
  const choices = /^(.*?) Allowed choices are (.*)\.$/.exec(what);
  return new Problem(
    'W502_USAGE',
    {
      where: choices?.[1] ?? what,
      ...(meant === undefined ? {} : { expected: meant }),
      ...(choices === null ? {} : { choices: choices[2]!.split(', ') }),
    },
    { cause: error },
  );
}
