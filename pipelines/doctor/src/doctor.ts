import { mechanisms as known } from '@why502/mechanisms';
import type {
  ConfiguredLogging,
  DiagnosedLog,
  Diagnosis,
  FileSummary,
  Logged,
  LoggedField,
  Mechanism,
  MechanismId,
  Reach,
  Result,
  Summary,
} from '@why502/model';
import { accessScopes } from './access-scopes.ts';
import { adviceFor } from './advice.ts';
import { gainsOf } from './gains.ts';
import { type LoggedSet, SampleLogs, type Told } from './sample-logs.ts';
import { holdsLevel, settingFindings } from './setting-findings.ts';
import { TrafficOutlook } from './traffic-outlook.ts';

/** Fields that tell mechanisms apart; the others join logs, or say who was hit. */
const measured: readonly Logged[] = [
  'error_log',
  'warnings',
  'attempts',
  'attempt_status',
  'attempt_connect',
  'attempt_header',
  'attempt_response',
  'attempt_bytes_received',
  'duration',
  'host',
];

/** All that is worth logging. */
const wanted: readonly Logged[] = [
  ...measured,
  'service',
  'request_id',
  'connection',
  'client',
  'method',
  'user_agent',
];

export interface Doctor {
  /** Takes the results of a run over the logs. */
  add(result: Result): void;
  diagnosis(summary: Summary | undefined, logging: ConfiguredLogging | undefined): Diagnosis;
}

/** Says what logs can tell, from the run of `analyze` over them, from the configuration that makes them, or from both. */
export function createDoctor(mechanisms: readonly Mechanism[] = known): Doctor {
  const traffic = new TrafficOutlook();
  return {
    add: (result) => traffic.add(result),
    diagnosis(summary, logging) {
      const logs = (summary?.files ?? []).map(diagnosed);
      const logged = loggedSet(summary, logging);
      const samples = new SampleLogs(mechanisms, logged.fields.has('error_log'));
      const missing = wanted.filter((field) => !logged.fields.has(field));
      const outlook = traffic.outlook(mechanisms);
      return {
        logs,
        missing,
        traffic: {
          requests: summary?.requests ?? 0,
          failures: traffic.failures,
          unexplained: traffic.unexplained,
        },
        basis: traffic.failures > 0 ? 'failures' : 'commonness',
        gains: gainsOf(
          samples,
          logged,
          measured.filter((field) => !logged.fields.has(field)),
          outlook,
        ),
        reach: reachOf(samples, logged, mechanisms, traffic),
        findings: logging === undefined ? [] : settingFindings(logging),
        advice: adviceFor(logging, missing, logs),
      };
    },
  };
}

function diagnosed({ file, format, source, lines, faults, logged }: FileSummary): DiagnosedLog {
  const missing =
    logged === undefined
      ? undefined
      : wanted.filter((field): field is LoggedField => isField(field) && !logged.has(field));
  return { file, format, source, lines, faults, missing };
}

function isField(field: Logged): field is LoggedField {
  return field !== 'error_log' && field !== 'warnings';
}

/** What some log holds; the configuration says it where no log was given. */
function loggedSet(summary: Summary | undefined, logging: ConfiguredLogging | undefined): LoggedSet {
  const files = summary?.files.filter(({ readInstead }) => readInstead === undefined) ?? [];
  const fields = new Set<Logged>();
  for (const { logged } of files) for (const field of logged ?? []) fields.add(field);
  let access = files.some(({ logged }) => logged !== undefined);
  let errors = files.some(({ source }) => source === 'nginx_error');
  if (files.length === 0 && logging !== undefined) {
    const scopes = accessScopes(logging);
    access = scopes.length > 0;
    for (const field of wanted) {
      if (access && isField(field) && scopes.every(({ logged }) => logged.has(field))) fields.add(field);
    }
    errors = holdsLevel(logging.errorLogs, 'error');
  }
  if (errors) fields.add('error_log');
  // Whether a log holds warnings cannot be seen where there was nothing to warn of.
  if (errors && (logging === undefined || holdsLevel(logging.errorLogs, 'warn'))) fields.add('warnings');
  return { fields, access };
}

function reachOf(
  samples: SampleLogs,
  logged: LoggedSet,
  mechanisms: readonly Mechanism[],
  traffic: TrafficOutlook,
): readonly Reach[] {
  const now = byMechanism(samples.told(logged));
  const advised = byMechanism(samples.told({ fields: new Set(wanted), access: true }));
  return mechanisms
    .filter(({ id }) => now.has(id))
    .map(({ id, cause, title, needs }) => ({
      mechanism: id,
      cause,
      title,
      now: now.get(id)!,
      advised: advised.get(id)!,
      needs: advised.get(id)! > now.get(id)! ? needs.find((field) => !logged.fields.has(field)) : undefined,
      named: traffic.named(id),
    }));
}

/** Mean share of samples that name it. */
function byMechanism(told: readonly Told[]): ReadonlyMap<MechanismId, number> {
  const sums = new Map<MechanismId, { named: number; samples: number }>();
  for (const { mechanism, named } of told) {
    const { named: sofar, samples } = sums.get(mechanism) ?? { named: 0, samples: 0 };
    sums.set(mechanism, { named: sofar + named, samples: samples + 1 });
  }
  return new Map([...sums].map(([id, { named, samples }]) => [id, named / samples]));
}
