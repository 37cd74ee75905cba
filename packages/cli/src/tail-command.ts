import { createHash } from 'node:crypto';
import { homedir, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { type LineCounts, Problem } from '@why502/model';
import type { DeliveryWatch, Dispatch, Fetching } from '@why502/pipeline-tail';
import type { TailFlags } from './flags.ts';
import { LiveOutput } from './live-output.ts';
import { openAddresses } from './open-addresses.ts';
import { pushesOf } from './pushes.ts';
import { onEndSignals } from './signals.ts';
import { storeOf } from './store.ts';
import { filesInput, pipeInput, type TailInput } from './tail-input.ts';
import { Deliveries, onceEach, onceEver, telemetryOf } from './telemetry.ts';
import { colored, print, trace } from './terminal.ts';

/** When it is told to end, what is judged is delivered within this, ms. */
const longestEndMs = 10_000;

/**
 * `why502 tail`. Resolves to the exit code when all inputs have ended or somebody has told it to end.
 * @throws Problem where the call is wrong or the answer cannot be written
 */
export async function tailCommand(given: readonly string[], flags: TailFlags): Promise<number> {
  if (given.length === 0 && flags.push === undefined && process.stdin.isTTY === true)
    throw new Problem('W502_NO_INPUT');
  const folder = flags.state ?? stateFolder(given, flags);
  const pushing = pushesOf(flags, folder);
  const buckets = given.filter(isBucket);
  const fetched = buckets.length === 0 ? undefined : join(folder, 'fetched');
  // Folders of this tail's own, in which files are whole.
  const inboxes = [pushing?.folder, fetched].filter((one) => one !== undefined);
  const paths = [...given.filter((path) => !isBucket(path)), ...inboxes];
  const isStdin = paths.every((path) => path === '-');
  if (!isStdin && paths.includes('-'))
    throw new Problem('W502_USAGE', { where: '-', expected: 'standard input alone, or files' });
  const t = await import('@why502/pipeline-tail');
  const json = flags.format === 'json';
  const report = t.createLiveReport({
    color: colored(flags.color, process.stdout),
    titles: t.titles,
    zoneMin: () => 0,
  });
  const hint = {
    ...(flags.nginxConf === undefined ? {} : { nginxConf: await t.readNginxConf(flags.nginxConf) }),
    ...(flags.logFormat === undefined ? {} : { logFormat: flags.logFormat }),
  };
  const stop = new AbortController();
  let failure: unknown;
  const fail = (cause: unknown) => {
    failure ??= cause;
    stop.abort();
  };
  const store = flags.save === true ? await storeOf(flags, false) : undefined;
  // What comes through a pipe is kept for those who say where.
  const state = isStdin && flags.state === undefined ? undefined : t.openState(folder);
  const pushes = pushing === undefined ? undefined : await t.receivePushes({ ...pushing, ...hint });
  const release = onEndSignals(() => {
    stop.abort();
    setTimeout(() => process.exit(3), longestEndMs).unref();
  });
  const output = json
    ? new LiveOutput((result) => (wanted(result.kind, flags) ? [t.resultLine(result)] : []), undefined, fail)
    : new LiveOutput((result) => report.add(result), report, fail);
  const deliveries = new Deliveries();
  const onPartly = onceEver(say);
  const telemetry = await telemetryOf(
    flags,
    deliveries,
    { onRetry: onceEach(say), onPartly },
    state !== undefined,
  );
  const saved = store?.sink(hostname(), 0);
  const events = telemetry?.events;
  // Without a state events wait in memory by themselves.
  const kept = [saved, state === undefined ? undefined : events].filter((sink) => sink !== undefined);
  if (flags.from !== 'checkpoint') state?.clear();
  const resume = state?.load();

  let resultsWait = false;
  function say(problem: Problem): void {
    resultsWait ||= problem.code === 'W502_RESULTS_WAIT';
    if (flags.quiet === true) return;
    process.stderr.write(`${t.problemText(problem, { color: colored('auto', process.stderr) })}\n`);
    if (flags.debug === true) process.stderr.write(`${trace(problem)}\n`);
  }

  for (const problem of openAddresses(flags)) say(problem);
  const sayOnce = new Map(kept.map(({ name }) => [name, onceEach(say)]));
  const watchDelivery: DeliveryWatch = {
    onRetry(problem, sink, results) {
      if (sink === saved?.name) deliveries.delayed(sink, problem.message);
      telemetry?.metrics.retried(sink, results);
      sayOnce.get(sink)!(problem);
    },
    onRefused(result, sink, cause) {
      state?.layAside(result, sink, cause);
      if (cause instanceof Problem) say(cause);
    },
    onPartlyRefused: onPartly,
    onStored: (sink) => deliveries.delivered(sink),
  };

  let fetching: Fetching | undefined;
  let input: TailInput | undefined;
  let dispatch: Dispatch | undefined;
  let lines: LineCounts | undefined;
  let isOver = false;
  try {
    dispatch = await t.openDispatch({
      sinks: kept,
      state,
      mostBytes: state === undefined ? 0 : (flags.spool ?? (await t.spoolRoom(state.folder))),
      stop: stop.signal,
      watch: watchDelivery,
      trouble: say,
    });
    if (fetched !== undefined)
      fetching = await t.fetchObjects({
        addresses: buckets,
        folder: fetched,
        from: flags.from ?? 'checkpoint',
        trouble: say,
        stop: stop.signal,
      });
    const handing = dispatch;
    telemetry?.metrics.follow(() => [...handing.counts, ...telemetry.waiting]);
    // A disk that is full is waited for.
    const persistence = { trouble: say, stop: stop.signal };
    const setting = { hint, state, kept: resume?.from, stop: stop.signal, say };
    input = isStdin
      ? await pipeInput(t, flags, setting)
      : await filesInput(t, paths, flags, { ...setting, inboxes });
    const { discovery, follow, watch } = input;
    const summary = await t.tail({
      ...hint,
      discovery,
      follow,
      watch,
      ...(flags.errorLogZone === undefined ? {} : { errorLogZoneMin: flags.errorLogZone }),
      traffic: store !== undefined || telemetry !== undefined || wanted('traffic', flags),
      onFirstLook: (result) => {
        if (result.kind === 'verdict') telemetry?.metrics.look(result.verdict);
        output.add(result);
      },
      onFinal: async (results, progress) => {
        // Counted first: a store that is away must not hide what fails meanwhile.
        for (const result of results) telemetry?.metrics.add(result);
        const place = await handing.add(results);
        if (state === undefined) await events?.deliver(t.batchOf(results));
        for (const result of results) output.add(result);
        await output.flush();
        if (state !== undefined) await t.untilDone(() => state.publish(progress, place), persistence);
        if (place !== undefined) handing.noted(place);
      },
      onAccount: (account) => {
        lines = account.lines;
        telemetry?.metrics.read(account);
      },
      onProblem: say,
      ...(resume === undefined ? {} : { resume }),
      counted: state?.counted(),
      ...(state === undefined
        ? {}
        : {
            keep: async (checkpoint) => {
              await t.untilDone(() => state.keep(checkpoint), persistence);
              input?.kept(checkpoint);
              pushes?.sweep(checkpoint);
              fetching?.sweep(checkpoint);
            },
          }),
      stop: stop.signal,
    });
    await output.close();
    if (failure !== undefined) throw failure;
    isOver = !stop.signal.aborted;
    await dispatch.close();
    dispatch = undefined;
    if (json) await print(`${t.summaryLine(summary)}\n`);
    return resultsWait || summary.problems.length > 0 ? 3 : 0;
  } finally {
    await output.close();
    await dispatch?.close();
    await input?.close();
    // All of it was judged: what comes through the pipe next time is something else.
    if (isOver && isStdin) state?.clear(lines);
    await pushes?.close();
    stop.abort();
    await fetching?.close();
    release();
    await store?.close();
    await telemetry?.close();
    state?.close();
  }
}

/** Known by its scheme: the package that reads buckets is loaded for them only. */
function isBucket(path: string): boolean {
  return /^s3:\/\//i.test(path);
}

/** Rows of traffic are many, and printed only for those who ask. */
function wanted(kind: string, { format, traffic }: TailFlags): boolean {
  return kind !== 'traffic' || (format === 'json' && traffic === true);
}

/** The state belongs to what is followed (XDG Base Directory Specification). */
function stateFolder(paths: readonly string[], { push }: TailFlags): string {
  const { XDG_STATE_HOME = join(homedir(), '.local', 'state') } = process.env;
  const names = paths.map((path) => resolve(path)).sort();
  if (push !== undefined) names.push(`push ${push.port}`);
  const name = createHash('sha256').update(names.join('\0')).digest('hex').slice(0, 16);
  return join(XDG_STATE_HOME, 'why502', 'tail', name);
}
