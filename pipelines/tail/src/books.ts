import type { LiveInput, LiveReading } from '@why502/flow';
import { type FileSummary, type HopSource, hopOf, type Instant } from '@why502/model';
import { isBesideRequests, type Log } from '@why502/pipeline-analyze';

type LogReading = LiveReading<LiveInput & { readonly log: Log; readonly repeated: number }>;

interface Entry {
  readonly file: FileSummary;
  readonly setAside: number;
  readonly from: Instant | undefined;
  readonly to: Instant | undefined;
}

/** Keeps what was read of each log, also of generations that nobody remembers otherwise. */
export class Books {
  /** By the names of files: one name may have been that of several generations. */
  readonly #closed = new Map<string, Entry>();
  readonly #open = new Map<LogReading, Entry>();

  /** What was read of it so far. */
  enter(reading: LogReading): void {
    this.#open.set(reading, entryOf(reading));
  }

  /** Nothing more will be read of it. */
  close(reading: LogReading): void {
    this.#open.delete(reading);
    const entry = entryOf(reading);
    const { file } = entry.file;
    const before = this.#closed.get(file);
    this.#closed.set(file, before === undefined ? entry : joined(before, entry));
  }

  get sum(): {
    files: readonly FileSummary[];
    setAside: number;
    from: Instant | undefined;
    to: Instant | undefined;
    latest: ReadonlyMap<HopSource, Instant>;
  } {
    const byFile = new Map(this.#closed);
    for (const entry of this.#open.values()) {
      const before = byFile.get(entry.file.file);
      byFile.set(entry.file.file, before === undefined ? entry : joined(before, entry));
    }
    const entries = [...byFile.values()];
    return {
      files: entries.map(({ file }) => file).sort((a, b) => (a.file < b.file ? -1 : 1)),
      setAside: entries.reduce((total, one) => total + one.setAside, 0),
      from: least(entries.map(({ from }) => from)),
      to: most(entries.map(({ to }) => to)),
      latest: latestByHop(entries),
    };
  }
}

function entryOf({ input: { log, decoder, repeated }, reading }: LogReading): Entry {
  const { lines, faults, setAside } = decoder;
  const times = isBesideRequests(log) ? undefined : reading;
  return {
    file: {
      file: log.source.name,
      format: log.format.name,
      source: log.format.source,
      sureness: log.sureness,
      lines,
      faults: faults.count,
      faultSamples: faults.samples,
      ...(repeated === 0 ? {} : { repeated }),
      unescaped: log.format.unescaped === true,
      readInstead: undefined,
      ...(log.logged === undefined ? {} : { logged: log.logged }),
    },
    setAside,
    from: times?.from,
    to: times?.to,
  };
}

function joined(a: Entry, b: Entry): Entry {
  const repeated = (a.file.repeated ?? 0) + (b.file.repeated ?? 0);
  return {
    file: {
      ...b.file,
      lines: a.file.lines + b.file.lines,
      faults: a.file.faults + b.file.faults,
      faultSamples: a.file.faultSamples.length > 0 ? a.file.faultSamples : b.file.faultSamples,
      ...(repeated === 0 ? {} : { repeated }),
    },
    setAside: a.setAside + b.setAside,
    from: least([a.from, b.from]),
    to: most([a.to, b.to]),
  };
}

/** The last request in the logs of each hop. */
function latestByHop(entries: readonly Entry[]): ReadonlyMap<HopSource, Instant> {
  const latest = new Map<HopSource, Instant>();
  for (const { file, to } of entries) {
    if (to === undefined || file.source === undefined) continue;
    const hop = hopOf(file.source);
    latest.set(hop, most([latest.get(hop), to])!);
  }
  return latest;
}

function least(times: readonly (Instant | undefined)[]): Instant | undefined {
  return times.reduce(
    (best, time) => (best === undefined || (time !== undefined && time < best) ? time : best),
    undefined,
  );
}

function most(times: readonly (Instant | undefined)[]): Instant | undefined {
  return times.reduce(
    (best, time) => (best === undefined || (time !== undefined && time > best) ? time : best),
    undefined,
  );
}
