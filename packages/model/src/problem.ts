/** What a user can mend, as data: thrown anywhere, put into words at the rim. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly details: ProblemDetails;
  override readonly name = 'Problem';

  constructor(code: ProblemCode, details: ProblemDetails = {}, options?: ErrorOptions) {
    super(`${code}${details.where === undefined ? '' : ` at ${details.where}`}`, options);
    this.code = code;
    this.details = details;
  }
}

export interface ProblemDetails {
  /** File, line or flag, as the user would name it. */
  readonly where?: string;
  /** The offending text: what the user wrote as it is, text of a log redacted. The rim makes it visible. */
  readonly excerpt?: string;
  readonly expected?: string;
  readonly choices?: readonly string[];
}

export type ProblemCode = keyof typeof problems;

interface ProblemText {
  readonly what: string;
  readonly why: string;
  readonly mend: string;
  /** 2: the call or the configuration is wrong; 3: done, but not all of it. */
  readonly exit: 2 | 3;
}

/** Every problem there is. `docs/errors.md` has a section for each. */
export const problems = {
  W502_USAGE: {
    what: 'the command was not understood',
    why: 'a flag or argument is not one of those that the command takes',
    mend: 'run why502 --help',
    exit: 2,
  },
  W502_CONFIG_BAD: {
    what: 'the configuration file was not understood',
    why: 'a key is not one of the flags, or a value is none that the flag takes',
    mend: 'keys are flags without their dashes, for all commands or below the name of one',
    exit: 2,
  },
  W502_NO_INPUT: {
    what: 'there is nothing to read',
    why: 'no path was given and standard input is a terminal',
    mend: 'name log files or a folder: why502 analyze /var/log/nginx',
    exit: 2,
  },
  W502_NOT_FOUND: {
    what: 'no such file or folder',
    why: 'the path, or the pattern, matches nothing',
    mend: 'check the spelling; quote patterns so that the shell leaves them alone',
    exit: 3,
  },
  W502_NOT_READABLE: {
    what: 'the file may not be read',
    why: 'its owner or mode keeps this user out',
    mend: 'run as a user of the group that owns the logs (often adm), or copy the file',
    exit: 3,
  },
  W502_READ_FAILED: {
    what: 'reading stopped before the end of the file',
    why: 'the operating system reported an error',
    mend: 'check the disk, or copy the file and try again; what was read before it counts',
    exit: 3,
  },
  W502_DAMAGED_ARCHIVE: {
    what: 'the compressed file is damaged or cut off',
    why: 'its data ends early or does not match its checksum',
    mend: 'fetch the file again; what could be unpacked before the damage counts',
    exit: 3,
  },
  W502_DAMAGED_JSON: {
    what: 'the JSON document is damaged or cut off',
    why: 'it ends early, or what stands in it is no JSON',
    mend: 'fetch the file again, or have the log written as one object a line; what was read before the damage counts',
    exit: 3,
  },
  W502_ARCHIVE_GROWS: {
    what: 'the compressed file unpacks to far more than a log would',
    why: 'it grows more than 200-fold, as files do that are made to fill memory or disks',
    mend: 'if it is a log all the same, unpack it first; what came out before counts',
    exit: 3,
  },
  W502_NO_LOGS: {
    what: 'the folder holds no log that is recognised',
    why: 'none of its files looks like an nginx access or error log',
    mend: 'name the files, and give their format with --log-format or --nginx-conf',
    exit: 3,
  },
  W502_EMPTY: {
    what: 'the file is empty',
    why: 'it holds no line at all',
    mend: 'if the log was just rotated, name the older file (access.log.1) as well',
    exit: 3,
  },
  W502_BINARY: {
    what: 'the file is not text',
    why: 'its first bytes hold NULs or are those of another kind of file',
    mend: 'name the log itself; gzip archives are read as they are',
    exit: 3,
  },
  W502_NOT_UNDERSTOOD: {
    what: 'nothing to explain was found',
    why: 'no line of the text is about a failed request, and it is no name that why502 knows',
    mend: 'paste the line of the error log as it is; why502 explain --help shows what else can be asked',
    exit: 2,
  },
  W502_FORMAT_UNKNOWN: {
    what: 'the log format is not recognised',
    why: 'too few of the first lines fit any known format',
    mend: 'pass yours: --nginx-conf /etc/nginx/nginx.conf, or --log-format with the directive',
    exit: 3,
  },
  W502_NO_COLUMN_NAMES: {
    what: 'the columns of the CSV have no names',
    why: 'Logpush writes no row of names, and the order of the columns is that of the job',
    mend: 'put a row of names in front, those of field_names of the job in their order, or have the job write ndjson',
    exit: 3,
  },
  W502_OTHER_BALANCER: {
    what: 'the log is of another kind of load balancer',
    why: 'Network and Classic Load Balancers write logs of their own kind, which say less or stand otherwise',
    mend: 'name the access logs of an Application Load Balancer, whose file names hold _app.',
    exit: 3,
  },
  W502_FORMAT_BAD: {
    what: 'the log_format cannot be used',
    why: 'it lacks what every line must have, or two variables stand without a separator',
    mend: 'it needs $status and one of $time_local, $time_iso8601, $msec, and text between variables',
    exit: 2,
  },
  W502_FORMAT_NOT_IN_CONF: {
    what: 'the configuration has no such log_format',
    why: 'the name is not defined in the file or in what it includes',
    mend: 'name one of those that are defined',
    exit: 2,
  },
  W502_CONF_BROKEN: {
    what: 'the configuration could not be understood whole',
    why: 'its braces or quotes do not match, or it is larger or deeper than any configuration should be',
    mend: 'run nginx -t on it; what was understood counts',
    exit: 3,
  },
  W502_CONF_INCOMPLETE: {
    what: 'the configuration includes files that are not there',
    why: 'only a part of it was copied, or this user may not read them',
    mend: 'print all of it with nginx -T > nginx.txt, and name that file; what was read counts',
    exit: 3,
  },
  W502_LINES_DO_NOT_FIT: {
    what: 'many lines do not fit the format of their file',
    why: 'the log changes its format on the way, or the format given is not that of this file',
    mend: 'pass the format of these lines with --log-format, or name the files apart',
    exit: 3,
  },
  W502_OUT_OF_ORDER: {
    what: 'many lines of the file are out of order',
    why: 'logs were joined in another order than that of their times, or the clock was set back',
    mend: 'name the files themselves, in any order, instead of joining them',
    exit: 3,
  },
  W502_POSSIBLE_GAP: {
    what: 'lines of the log may have been lost when it was rotated',
    why: 'it was copied and then truncated; what is written in between is in neither, and nobody can read it',
    mend: 'let logrotate rename the file and signal its writer (create and postrotate) instead of copytruncate',
    exit: 3,
  },
  W502_STORM: {
    what: 'failures came too thick for all of them to be judged by what happened around them',
    why: 'more than 20,000 within 100 seconds; the surplus was judged by its own lines alone, and counts in full',
    mend: 'nothing is lost; for surer verdicts on a part, give the log of fewer minutes or of one server',
    exit: 3,
  },
  W502_ZONE_UNKNOWN: {
    what: 'the time zone of the error log is not known',
    why: 'no access log states one, and at no offset do the lines stand beside the requests that they are about',
    mend: 'name the offset, --error-log-zone +02:00, and give the access log of the same time',
    exit: 3,
  },
  W502_ENGINE_FAILED: {
    what: 'the local store could not be opened',
    why: 'its engine did not start, or another program holds its data',
    mend: 'look at the message, end other programs that use the folder, or name another one',
    exit: 3,
  },
  W502_NO_ENGINE: {
    what: 'there is no engine for a local store',
    why: 'it is large, and so a package of its own',
    mend: 'npm install -g @why502/engine, or name a ClickHouse server: --store https://user@host:8443/why502',
    exit: 2,
  },
  W502_NO_AWS_SDK: {
    what: 'the AWS SDK, which reads buckets, is not installed',
    why: 'most people read files, and it is two dozen packages',
    mend: 'npm install -g @aws-sdk/client-s3, beside why502',
    exit: 2,
  },
  W502_BUCKET_REFUSED: {
    what: 'the bucket may not be read',
    why: 'credentials are absent, have expired, or do not allow s3:ListBucket of the bucket and s3:GetObject of its objects',
    mend: 'set AWS_PROFILE, or AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY, and AWS_REGION; of a server that is not AWS, AWS_ENDPOINT_URL_S3 as well',
    exit: 3,
  },
  W502_BUCKET_UNREACHABLE: {
    what: 'the bucket does not answer',
    why: 'there is no way to it from this machine, its name is misspelt, or the service is not well',
    mend: 'look at the message, at AWS_REGION and at AWS_ENDPOINT_URL_S3; a tail tries again by itself',
    exit: 3,
  },
  W502_NO_OTEL: {
    what: 'OpenTelemetry and Prometheus are not installed',
    why: 'their SDK is a dozen packages, and so a package of its own',
    mend: 'npm install -g @why502/otel, or leave --otel and --listen away',
    exit: 2,
  },
  W502_OTEL_SETTING: {
    what: 'a variable of OpenTelemetry asks for what why502 does not do',
    why: 'metrics and events are sent as protobuf over HTTP, and metrics as sums since the start',
    mend: 'unset the variable or set it to one of these, or leave --otel away',
    exit: 2,
  },
  W502_OTEL_UNREACHABLE: {
    what: 'the OpenTelemetry collector does not answer',
    why: 'nothing listens at that address, or it speaks another protocol',
    mend: 'set OTEL_EXPORTER_OTLP_ENDPOINT to its OTLP/HTTP address, which has port 4318 as a rule',
    exit: 3,
  },
  W502_OTEL_REFUSED: {
    what: 'the OpenTelemetry collector does not take what it is sent',
    why: 'it wants a login, has another path, or is too busy',
    mend: 'check OTEL_EXPORTER_OTLP_HEADERS and the path of OTEL_EXPORTER_OTLP_ENDPOINT, and the log of the collector',
    exit: 3,
  },
  W502_OTEL_PARTIAL: {
    what: 'the OpenTelemetry collector took only a part of what it was sent',
    why: 'it refuses some of it for good, such as what is too old or too large, and does not say what',
    mend: 'look at its message and its log; what it refused is counted and not sent again',
    exit: 3,
  },
  W502_LISTEN: {
    what: 'cannot listen at that address',
    why: 'another program listens there, or this machine has no such address',
    mend: 'choose another port with --listen, as in --listen 127.0.0.1:9503',
    exit: 2,
  },
  W502_LISTEN_OPEN: {
    what: 'other machines may reach what is served here, without TLS',
    why: '--listen asks nobody for a login, and what is pushed to --push crosses the network in the clear with its secret',
    mend: 'listen on loopback, behind a proxy with TLS; or let a firewall in only who should come',
    exit: 3,
  },
  W502_NO_PAGE: {
    what: 'the page of the dashboard was not built',
    why: 'this is a clone, and only its command was built',
    mend: 'run npm run build, or start it with npm run -s why502 -- dashboard, which does',
    exit: 3,
  },
  W502_STORE_UNREACHABLE: {
    what: 'the ClickHouse server does not answer',
    why: 'nothing listens at that address, or a network or firewall is between',
    mend: 'check host and port, which are 8123 for http and 8443 for https as a rule',
    exit: 3,
  },
  W502_STORE_REFUSED: {
    what: 'the ClickHouse server does not let this user in',
    why: 'user or password is wrong, or the user may not come from this machine',
    mend: 'set WHY502_CLICKHOUSE_USER and WHY502_CLICKHOUSE_PASSWORD, or the file that --clickhouse-password-file names',
    exit: 3,
  },
  W502_STORE_READ_ONLY: {
    what: 'the store takes no rows',
    why: 'the user, the server or its disk is read-only, or the user lacks a grant',
    mend: 'give the user INSERT, SELECT, CREATE TABLE, CREATE VIEW and ALTER on the database',
    exit: 3,
  },
  W502_STORE_FULL: {
    what: 'the store has no room',
    why: 'its disk or its memory is full',
    mend: 'free space on the disk of the server, or give its tables a shorter --keep',
    exit: 3,
  },
  W502_STORE_NEWER: {
    what: 'the store was made by a newer why502',
    why: 'its tables have a version that this program does not know',
    mend: 'update why502',
    exit: 3,
  },
  W502_STORE_DRIFTED: {
    what: 'the tables of the store are not as they should be',
    why: 'a table or column that why502 made was changed or is gone',
    mend: 'look at the message, and bring table or column back; why502 makes what is missing in an empty database',
    exit: 3,
  },
  W502_STATE_IN_USE: {
    what: 'another tail keeps its state there',
    why: 'two tails with one state would undo each other',
    mend: 'end the other one, or give this one a folder of its own with --state',
    exit: 2,
  },
  W502_STATE_FAILED: {
    what: 'where the tail stands could not be kept',
    why: 'the folder of its state may not be written, or its disk is full',
    mend: 'free space, let this user write the folder, or name another one with --state',
    exit: 3,
  },
  W502_SPOOL_FULL: {
    what: 'what waits on the disk has reached its limit',
    why: 'results or lines come faster than they are taken, or who takes them is down',
    mend: 'nothing is lost: reading waits. Mend what is down, or give more room with --spool',
    exit: 3,
  },
  W502_SPOOL_FAILED: {
    what: 'what has to wait could not be written to the disk',
    why: 'the disk is full or faulty, or the folder may not be written',
    mend: 'nothing is lost: reading waits and tries again. Free space, or name another folder with --state',
    exit: 3,
  },
  W502_SINK_FAILED: {
    what: 'results could not be handed over',
    why: 'where they go reports an error that is none of the known ones',
    mend: 'look at the message; the results stay on the disk, and it is tried again',
    exit: 3,
  },
  W502_RESULTS_WAIT: {
    what: 'not all results were taken before the end',
    why: 'where they go is down or slow',
    mend: 'they stay on the disk: start the same tail again when it is up',
    exit: 3,
  },
  W502_SQL_WRITES: {
    what: 'the statement would change the store',
    why: 'query only asks: what is stored is written by analyze --save and by tail',
    mend: 'ask with SELECT; to change a store, use a client of ClickHouse',
    exit: 2,
  },
  W502_SQL_BAD: {
    what: 'the statement is not understood',
    why: 'it names what is not there, or is no SQL of ClickHouse',
    mend: "look at the message; why502 query --sql 'SHOW TABLES' and 'DESCRIBE verdicts' show what there is",
    exit: 2,
  },
  W502_STORE_EMPTY: {
    what: 'there is no store yet',
    why: 'nothing was ever saved there',
    mend: 'save results first: why502 analyze --save /var/log/nginx',
    exit: 2,
  },
  W502_STORE_FAILED: {
    what: 'the ClickHouse server reports an error',
    why: 'the message tells more',
    mend: 'look at the log of the server',
    exit: 3,
  },
  W502_WRITE_FAILED: {
    what: 'the answer could not be written',
    why: 'the operating system reported an error',
    mend: 'check the disk and the path that output goes to',
    exit: 3,
  },
} as const satisfies Record<string, ProblemText>;
