import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Nginx } from './nginx.ts';
import { type Answer, type Label, label, type Phase, type Scenario, type Seen } from './scenario.ts';
import type { Stage } from './stage.ts';

/** Longer logs are packed. */
const packFrom = 64_000;
/** Who leaves within so many seconds leaves for reasons of his own. */
const hasty = 0.1;
const abort = label('client/client_abort');
const labLine =
  /^n=(\S+) id=(\S+) t=(\S+) rt=(\S+) st=(\d+) m=(\S+) u=(\S+) h=(\S+) g=(\S*) ua="([^"]*)" us="([^"]*)" \| (.*)$/;

interface Line {
  readonly seen: Seen;
  readonly time: Date;
  readonly combined: string;
}

/** What the clients saw, by the numbers of their requests. */
export interface Clients {
  /** Gave up on. */
  readonly left: Set<string>;
  /** Got an answer whose body broke off. */
  readonly broken: Set<string>;
}

/** What came of a play, in figures. */
export interface Counts {
  readonly requests: number;
  readonly errors: number;
  readonly by_cause: Readonly<Record<string, number>>;
  readonly by_status: Readonly<Record<string, number>>;
  /** Answered in the end, after an attempt that failed. */
  readonly masked: number;
  /** Broken off after their status. */
  readonly truncated: number;
}

/**
 * Writes the logs of a play with their labels. Throws where a request failed that nobody made fail, so that no
 * recording holds a label that was guessed.
 */
export function writeRecording(
  folder: string,
  scenario: Scenario,
  stage: Stage,
  proxy: Nginx,
  clients: Clients,
): Counts {
  const lines = read(proxy.log('access.log'), stage, clients);
  const places = combinedPlaces(proxy.log('access.combined.log'), lines);
  const truths = lines
    .filter(({ seen }) => isFailure(seen.status))
    .map((line) => truth(line, places.get(line)!, scenario));
  const broken = lines
    .filter(({ seen }) => !isFailure(seen.status) && seen.broken)
    .map((line) => truth(line, places.get(line)!, scenario));
  const counts = count(lines, truths, broken.length);
  const text = (value: readonly unknown[]) => value.map((one) => `${JSON.stringify(one)}\n`).join('');
  rmSync(folder, { recursive: true, force: true });
  write(folder, 'logs/access.extended.log', proxy.log('access.extended.log'));
  write(folder, 'logs/error.log', proxy.log('error.log'));
  write(folder, 'same-traffic/access.combined.log', proxy.log('access.combined.log'), 0);
  write(folder, 'same-traffic/access.json.log', proxy.log('access.json.log'), 0);
  for (const [name, content] of proxy.configurations())
    write(folder, name, content, Number.POSITIVE_INFINITY);
  write(folder, 'truth.jsonl', text(truths), Number.POSITIVE_INFINITY);
  if (broken.length > 0) write(folder, 'truncated.jsonl', text(broken), Number.POSITIVE_INFINITY);
  write(folder, 'scenario.json', description(scenario, stage, counts), Number.POSITIVE_INFINITY);
  return counts;
}

function write(folder: string, name: string, text: string, pack = packFrom): void {
  const packed = text.length > pack;
  const path = join(folder, packed ? `${name}.gz` : name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, packed ? gzipSync(text, { level: 9 }) : text);
}

function read(log: string, stage: Stage, clients: Clients): readonly Line[] {
  return log.split('\n').flatMap((line) => {
    if (line === '') return [];
    const parts = labLine.exec(line);
    if (parts === null) throw new Error(`not a line of ours: ${line}`);
    const [
      ,
      n = '',
      id = '',
      t,
      rt,
      st,
      method = '',
      path = '',
      host = '',
      group = '',
      ua,
      us,
      combined = '',
    ] = parts;
    const time = new Date(Number(t) * 1000);
    const ended = (time.getTime() - stage.started) / 1000;
    return {
      time,
      combined,
      seen: {
        id,
        started: ended - Number(rt),
        ended,
        status: Number(st),
        method,
        path,
        host,
        group,
        peers: list(ua),
        statuses: list(us),
        gaveUp: clients.left.has(n),
        broken: clients.broken.has(n),
        did: stage.did.get(n) ?? [],
        phase: phaseAt(stage, time),
      },
    };
  });
}

function list(text: string | undefined): readonly string[] {
  return text === undefined || text === '-' || text === '' ? [] : text.split(/, | : /);
}

function phaseAt({ phases }: Stage, time: Date): Phase {
  return phases.findLast((one) => one.time.getTime() <= time.getTime())?.phase ?? phases[0]!.phase;
}

function isFailure(status: number): boolean {
  return status === 499 || status >= 500;
}

/** The line of each request in the combined log, from 1. With two workers the order of the logs can differ. */
function combinedPlaces(log: string, lines: readonly Line[]): ReadonlyMap<Line, number> {
  const places = new Map<string, number[]>();
  log.split('\n').forEach((line, index) => {
    const known = places.get(line);
    if (known === undefined) places.set(line, [index + 1]);
    else known.push(index + 1);
  });
  return new Map(lines.map((line) => [line, places.get(line.combined)!.shift()!]));
}

function truth({ seen, time }: Line, place: number, scenario: Scenario) {
  const found = labelOf(seen, scenario);
  const last = seen.peers.at(-1);
  return {
    request_id: seen.id,
    time: `${time.toISOString().slice(0, 19)}+00:00`,
    line: place,
    status: seen.status,
    cause: found.cause,
    mechanism: found.mechanism,
    upstream: ['-', ''].includes(seen.group) ? null : seen.group,
    phase: seen.phase,
    accept: found.accept,
    ...(seen.status === 499 && found !== abort
      ? { alt: { cause: abort.cause, mechanism: abort.mechanism } }
      : {}),
    ...(last !== undefined && last === seen.group && !last.includes(':') ? { collateral: true } : {}),
  };
}

/** What the application answered by itself is its own, whatever else went on. */
function labelOf(seen: Seen, scenario: Scenario): Label {
  if (seen.status === 499 && seen.gaveUp && seen.ended - seen.started < hasty) return abort;
  const found = scenario.label(seen);
  if (found !== undefined) {
    if (seen.status !== 499 || !seen.gaveUp || found.mechanism === abort.mechanism) return found;
    return { ...found, accept: [...found.accept, { cause: abort.cause, mechanism: abort.mechanism }] };
  }
  if (seen.did.at(-1) === `answer ${seen.status}`) return label('upstream_fault/application_error');
  if (seen.status === 499 && seen.gaveUp) return abort;
  throw new Error(`${scenario.name}: a failure that nobody caused: ${JSON.stringify(seen)}`);
}

function count(lines: readonly Line[], truths: readonly Answer[], truncated: number): Counts {
  return {
    requests: lines.length,
    errors: truths.length,
    by_cause: tally(truths.map(({ cause, mechanism }) => `${cause}/${mechanism}`)),
    by_status: tally(lines.map(({ seen }) => `${seen.status}`)),
    masked: lines.filter(({ seen }) => !isFailure(seen.status) && seen.statuses.length > 1).length,
    truncated,
  };
}

function tally(values: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const value of [...values].sort()) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

function description(scenario: Scenario, stage: Stage, counts: Counts): string {
  const { name, topology, text, json, zone = 'UTC', errorLevel = 'error' } = scenario;
  const causes = Object.keys(counts.by_cause);
  const facts = {
    name,
    description: scenario.description,
    causes: [...new Set(causes.map((one) => one.split('/')[0]))],
    mechanisms: [...new Set(causes.map((one) => one.split('/')[1]))],
    started: new Date(stage.started).toISOString(),
    ended: new Date().toISOString(),
    topology,
    format_variant: { extended: text, json },
    zone,
    error_log_level: errorLevel,
    phases: stage.phases,
    ...counts,
  };
  return `${JSON.stringify(facts, undefined, 2)}\n`;
}
