import { Problem, type ProblemCode } from '@why502/model';

/**
 * Error codes of the server (ClickHouse, src/Common/ErrorCodes.cpp) that an operator can do something about. All others
 * are an error of the server, save those of rows.
 */
const problemOfCode: Readonly<Record<string, ProblemCode>> = {
  // AUTHENTICATION_FAILED, UNKNOWN_USER, WRONG_PASSWORD, REQUIRED_PASSWORD, IP_ADDRESS_NOT_ALLOWED
  '516': 'W502_STORE_REFUSED',
  '192': 'W502_STORE_REFUSED',
  '193': 'W502_STORE_REFUSED',
  '194': 'W502_STORE_REFUSED',
  '195': 'W502_STORE_REFUSED',
  // READONLY, TABLE_IS_READ_ONLY, ACCESS_DENIED, QUERY_IS_PROHIBITED
  '164': 'W502_STORE_READ_ONLY',
  '242': 'W502_STORE_READ_ONLY',
  '497': 'W502_STORE_READ_ONLY',
  '392': 'W502_STORE_READ_ONLY',
  // NOT_ENOUGH_SPACE, MEMORY_LIMIT_EXCEEDED
  '243': 'W502_STORE_FULL',
  '241': 'W502_STORE_FULL',
  // UNKNOWN_TABLE, UNKNOWN_DATABASE, NO_SUCH_COLUMN_IN_TABLE, TYPE_MISMATCH, NUMBER_OF_COLUMNS_DOESNT_MATCH
  '60': 'W502_STORE_DRIFTED',
  '81': 'W502_STORE_DRIFTED',
  '16': 'W502_STORE_DRIFTED',
  '53': 'W502_STORE_DRIFTED',
  '20': 'W502_STORE_DRIFTED',
};

/** CANNOT_PARSE_INPUT_ASSERTION_FAILED, _TEXT, _ESCAPE_SEQUENCE, _QUOTED_STRING, _DATE, _DATETIME, _NUMBER, INCORRECT_DATA, VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE */
const codesOfRows: ReadonlySet<string> = new Set(['27', '6', '25', '26', '38', '41', '72', '117', '321']);

const unreachable =
  /ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPIPE|socket hang up|[Tt]imeout/;

/** What went wrong at a server, as somebody can mend it. A problem passes as it is. */
export function storeProblem(error: unknown, where: string): Problem {
  if (error instanceof Problem) return error;
  const code = codeOf(error);
  const excerpt = messageOf(error);
  const known = code === undefined ? undefined : problemOfCode[code];
  if (known !== undefined) return new Problem(known, { where, excerpt }, { cause: error });
  const isGone = unreachable.test(`${code ?? ''} ${excerpt}`);
  return new Problem(
    isGone ? 'W502_STORE_UNREACHABLE' : 'W502_STORE_FAILED',
    { where, excerpt },
    { cause: error },
  );
}

/** Whether the server refused the rows themselves, so that they would be refused again. */
export function isOfRows(problem: Problem): boolean {
  const code = codeOf(problem.cause);
  return code !== undefined && codesOfRows.has(code);
}

/** Of somebody who only asks, what the server says of his statement. */
export function ofStatement(problem: Problem): Problem {
  const code = codeOf(problem.cause) ?? '';
  const { where, excerpt } = problem.details;
  const details = {
    ...(where === undefined ? {} : { where }),
    ...(excerpt === undefined ? {} : { excerpt }),
  };
  // READONLY
  if (code === '164') return new Problem('W502_SQL_WRITES', details, { cause: problem.cause });
  const isOfStatement = problem.code === 'W502_STORE_FAILED' || problem.code === 'W502_STORE_DRIFTED';
  return isOfStatement && code !== ''
    ? new Problem('W502_SQL_BAD', details, { cause: problem.cause })
    : problem;
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** The first line: a server adds a trace. */
function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n')[0] ?? '').slice(0, 300);
}
