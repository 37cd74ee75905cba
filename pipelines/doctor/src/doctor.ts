import { mechanisms as known } from '@why502/mechanisms';
import {
  type ConfiguredLogging,
  type DiagnosedHop,
  type DiagnosedLog,
  type Diagnosis,
  type FileSummary,
  hopOf,
  type Logged,
  type LoggedField,
  type Mechanism,
  type MechanismId,
  type Reach,
  type Result,
  type Summary,
} from '@why502/model';
import { accessScopes } from './access-scopes.ts';
import { adviceFor } from './advice.ts';
import { albSamples } from './alb-samples.ts';
import { balancerAdvice } from './balancer-advice.ts';
import { edgeAdvice } from './edge-advice.ts';
import { edgeSamples } from './edge-samples.ts';
import { gainsOf, type Samples } from './gains.ts';
import { hopFields, hopOrder } from './hop-fields.ts';
import { nginxSamples } from './nginx-samples.ts';
import { type LoggedSet, SampleLogs, type Told } from './sample-logs.ts';
import { holdsLevel, settingFindings } from './setting-findings.ts';
import { TrafficOutlook } from './traffic-outlook.ts';

export interface Doctor {
  /** Takes the results of a run over the logs. */
  add(result: Result): void;
  /** One for each hop of which there are logs, the outermost first; without any, that of nginx. */
  diagnoses(summary: Summary | undefined, logging: ConfiguredLogging | undefined): readonly Diagnosis[];
}

/** Says what logs can tell, from the run of `analyze` over them, from the configuration that makes them, or from both. */
export function createDoctor(mechanisms: readonly Mechanism[] = known): Doctor {
  const traffic = new Map<DiagnosedHop, TrafficOutlook>(hopOrder.map((hop) => [hop, new TrafficOutlook()]));
  return {
    add(result) {
      if (result.kind !== 'verdict') return;
      const hops = new Set(result.verdict.rows.map(({ source }) => hopOf(source)));
      for (const hop of hops) if (hop !== 'other') traffic.get(hop)!.add(result);
    },
    diagnoses(summary, logging) {
      const hops = hopsOf(summary, logging);
      return hops.map((hop, index) => {
        const files = (summary?.files ?? []).filter(({ source }) =>
          source === undefined ? index === 0 : hopOf(source) === hop,
        );
        const given: Given = {
          hop,
          others: hops.filter((other) => other !== hop),
          files,
          logging: hop === 'nginx' ? logging : undefined,
          requests: hops.length === 1 ? (summary?.requests ?? 0) : 0,
          traffic: traffic.get(hop)!,
        };
        return diagnosis(given, mechanisms);
      });
    },
  };
}

/** What is at hand of one hop. */
interface Given {
  readonly hop: DiagnosedHop;
  readonly others: readonly DiagnosedHop[];
  readonly files: readonly FileSummary[];
  readonly logging: ConfiguredLogging | undefined;
  /** 0 where it is not known how many of all were this hop's. */
  readonly requests: number;
  readonly traffic: TrafficOutlook;
}

function hopsOf(
  summary: Summary | undefined,
  logging: ConfiguredLogging | undefined,
): readonly DiagnosedHop[] {
  const found = new Set<DiagnosedHop>(logging === undefined ? [] : ['nginx']);
  for (const { source } of summary?.files ?? []) {
    const hop = source === undefined ? 'other' : hopOf(source);
    if (hop !== 'other') found.add(hop);
  }
  const hops = hopOrder.filter((hop) => found.has(hop));
  return hops.length === 0 ? ['nginx'] : hops;
}

function diagnosis(given: Given, mechanisms: readonly Mechanism[]): Diagnosis {
  const { hop, files, logging, traffic } = given;
  const wanted = wantedOf(given);
  const logs = files.map((file) => diagnosed(file, wanted));
  const logged = loggedSet(given);
  const samples = samplesOf(hop, mechanisms, logged);
  const missing = wanted.filter((field) => !logged.fields.has(field));
  const lacking = hopFields[hop].measured.filter((field) => !logged.fields.has(field));
  return {
    hop,
    logs,
    missing,
    traffic: { requests: given.requests, failures: traffic.failures, unexplained: traffic.unexplained },
    basis: traffic.failures > 0 ? 'failures' : 'commonness',
    gains: gainsOf(samples, logged, lacking, traffic.outlook(mechanisms)),
    reach: reachOf(samples, logged, wanted, mechanisms, traffic),
    findings: logging === undefined ? [] : settingFindings(logging),
    advice: adviceOf(given, missing, logs),
  };
}

/** All that is worth logging: beside other hops' logs, also what ties requests to theirs. */
function wantedOf({ hop, others }: Given): readonly Logged[] {
  const { measured, others: more } = hopFields[hop];
  const isChained = hop === 'nginx' ? others.length > 0 : hop === 'alb' && others.includes('cloudflare');
  const tie: Logged = hop === 'nginx' ? 'trail' : 'request_id';
  return [...measured, ...more, ...(isChained ? [tie] : [])];
}

function samplesOf(hop: DiagnosedHop, mechanisms: readonly Mechanism[], { fields }: LoggedSet): Samples {
  if (hop === 'alb') return new SampleLogs(albSamples, mechanisms, fields.has('health_log'));
  if (hop === 'cloudflare') return new SampleLogs(edgeSamples, mechanisms, false);
  return new SampleLogs(nginxSamples, mechanisms, fields.has('error_log'));
}

function adviceOf(given: Given, missing: readonly Logged[], logs: readonly DiagnosedLog[]) {
  if (given.hop === 'alb') return balancerAdvice(missing, logs);
  if (given.hop === 'cloudflare') return edgeAdvice(missing);
  return adviceFor(given.logging, missing, logs);
}

function diagnosed(
  { file, format, source, lines, faults, logged }: FileSummary,
  wanted: readonly Logged[],
): DiagnosedLog {
  const missing =
    logged === undefined
      ? undefined
      : wanted.filter((field): field is LoggedField => isField(field) && !logged.has(field));
  return { file, format, source, lines, faults, missing };
}

function isField(field: Logged): field is LoggedField {
  return field !== 'error_log' && field !== 'warnings' && field !== 'health_log';
}

/** What some log holds; the configuration says it where no log was given. */
function loggedSet({ hop, files: all, logging }: Given): LoggedSet {
  const files = all.filter(({ readInstead }) => readInstead === undefined);
  const fields = new Set<Logged>();
  for (const { logged } of files) for (const field of logged ?? []) fields.add(field);
  let access = files.some(({ logged }) => logged !== undefined);
  let errors = files.some(({ source }) => source === 'nginx_error');
  if (files.length === 0 && logging !== undefined) {
    const scopes = accessScopes(logging);
    access = scopes.length > 0;
    const { measured, others } = hopFields[hop];
    for (const field of [...measured, ...others]) {
      if (access && isField(field) && scopes.every(({ logged }) => logged.has(field))) fields.add(field);
    }
    errors = holdsLevel(logging.errorLogs, 'error');
  }
  if (errors) fields.add('error_log');
  // Whether a log holds warnings cannot be seen where there was nothing to warn of.
  if (errors && (logging === undefined || holdsLevel(logging.errorLogs, 'warn'))) fields.add('warnings');
  if (files.some(({ source }) => source === 'alb_health')) fields.add('health_log');
  return { fields, access };
}

function reachOf(
  samples: Samples,
  logged: LoggedSet,
  wanted: readonly Logged[],
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
