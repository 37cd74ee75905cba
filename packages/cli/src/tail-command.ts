import { createHash } from 'node:crypto';
import { homedir, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { instant, millis, Problem, type Result, type Sink } from '@why502/model';
import type { TailFlags } from './flags.ts';
import { storeOf } from './store.ts';
import { colored, print, trace } from './terminal.ts';

/** When it is told to end, all that is judged is delivered within this, ms. */
const longestEndMs = 10_000;

/** How often incidents are looked at that have been quiet for long, ms. */
const tickEveryMs = 1_000;

/**
 * `why502 tail`. Resolves to the exit code when all inputs have ended or somebody has told it to end.
 * @throws Problem where the call is wrong or the answer cannot be written
 */
export async function tailCommand(paths: readonly string[], flags: TailFlags): Promise<number> {
  if (paths.length === 0 && process.stdin.isTTY === true) throw new Problem('W502_NO_INPUT');
  const t = await import('@why502/pipeline-tail');
  const isStdin = paths.length === 0 || (paths.length === 1 && paths[0] === '-');
  if (!isStdin && paths.includes('-'))
    throw new Problem('W502_USAGE', { where: '-', expected: 'standard input alone, or files' });
  const say = (problem: Problem) => {
    if (flags.quiet === true) return;
    process.stderr.write(`${t.problemText(problem, { color: colored('auto', process.stderr) })}\n`);
    if (flags.debug === true) process.stderr.write(`${trace(problem)}\n`);
  };
  const state = isStdin ? undefined : t.openState(flags.state ?? stateFolder(paths));
  const store = flags.save === true ? await storeOf(flags, false) : undefined;
  const sinks = store === undefined ? [] : [store.sink(hostname(), 0)].map((sink) => delivering(sink));
  const json = flags.format === 'json';
  const report = t.createLiveReport({
    color: colored(flags.color, process.stdout),
    titles: t.titles,
    zoneMin: () => 0,
  });
  const tell = (lines: readonly string[]) =>
    lines.length === 0 ? undefined : print(`${lines.join('\n')}\n`);
  const told = (result: Result) =>
    json
      ? result.kind === 'traffic' && flags.traffic !== true
        ? undefined
        : tell([t.resultLine(result)])
      : tell(report.add(result));

  /** Tries until a sink has taken it, and says why once for each reason. */
  function delivering(sink: Sink): Sink {
    let said: string | undefined;
    const onRetry = (cause: unknown) => {
      if (!(cause instanceof Problem) || cause.code === said) return;
      said = cause.code;
      say(cause);
    };
    const patient = t.patient(sink, { longest: millis(Number.MAX_SAFE_INTEGER), onRetry });
    return t.sparing(patient, async (result, cause) => state?.layAside(result, sink.name, cause));
  }

  const stop = new AbortController();
  const release = onSignals(() => {
    stop.abort();
    setTimeout(() => process.exit(3), longestEndMs).unref();
  });
  const ticking = setInterval(() => void tell(report.tick(instant(Date.now()))), tickEveryMs);
  ticking.unref();
  const from = flags.from === 'start' ? 'start' : 'end';
  const kept = flags.from === 'checkpoint' ? state?.load() : undefined;
  const stdin = isStdin ? new t.FollowedStream(process.stdin, '-') : undefined;
  const [judged, watched] = stdin === undefined ? [] : [stdin.reader(), stdin.reader()];
  const follow = t.followFiles({ paths, from });
  const watch = t.followFiles({ paths, from: kept === undefined ? from : 'end' });
  try {
    const hint = {
      ...(flags.nginxConf === undefined ? {} : { nginxConf: await t.readNginxConf(flags.nginxConf) }),
      ...(flags.logFormat === undefined ? {} : { logFormat: flags.logFormat }),
    };
    const summary = await t.tail({
      ...hint,
      discovery: await t.discover(
        stdin === undefined ? await thereNow(paths, t.expand) : [await stdin.begin()],
        new t.FormatChoice(hint),
      ),
      follow: judged === undefined ? follow : async () => judged,
      watch: watched === undefined ? () => watch() : async () => watched,
      ...(flags.errorLogZone === undefined ? {} : { errorLogZoneMin: flags.errorLogZone }),
      traffic: store !== undefined || (json && flags.traffic === true),
      onFirstLook: told,
      onFinal: async (results) => {
        for (const sink of sinks) await sink.deliver(t.batchOf(results));
        for (const result of results) await told(result);
      },
      onProblem: say,
      ...(kept === undefined ? {} : { resume: { from: kept, published: kept.progress } }),
      ...(state === undefined ? {} : { keep: async (checkpoint) => state.save(checkpoint) }),
      stop: stop.signal,
    });
    if (json) await print(`${t.summaryLine(summary)}\n`);
    return summary.problems.length > 0 ? 3 : 0;
  } finally {
    clearInterval(ticking);
    release();
    await store?.close();
    state?.close();
  }
}

/** Sources of the paths that are there by now; others may come. */
async function thereNow(paths: readonly string[], expand: typeof import('@why502/pipeline-tail')['expand']) {
  return (await expand(paths)).filter(({ path }) => path !== undefined);
}

/** The state belongs to what is followed (XDG Base Directory Specification). */
function stateFolder(paths: readonly string[]): string {
  const base = process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state');
  const names = paths.map((path) => resolve(path)).sort();
  const name = createHash('sha256').update(names.join('\0')).digest('hex').slice(0, 16);
  return join(base, 'why502', 'tail', name);
}

/** Ends in order when told to, and not because a terminal was closed. Files need no reopening: they are known by what they are. */
function onSignals(end: () => void): () => void {
  const own: Record<string, () => void> = { SIGINT: end, SIGTERM: end, SIGHUP: () => {} };
  const others = Object.keys(own).map(
    (signal) => [signal, process.listeners(signal as NodeJS.Signals)] as const,
  );
  for (const [signal] of others) process.removeAllListeners(signal);
  for (const [signal, listener] of Object.entries(own)) process.on(signal, listener);
  return () => {
    for (const [signal, listener] of Object.entries(own)) process.removeListener(signal, listener);
    for (const [signal, listeners] of others)
      for (const one of listeners) process.on(signal, one as () => void);
  };
}
