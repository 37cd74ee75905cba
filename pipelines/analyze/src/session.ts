import {
  type Calibration,
  createClassifier,
  type Mark,
  type Memory,
  type Resumption,
} from '@why502/classifier';
import { type Input, Repeats } from '@why502/flow';
import { createNames } from '@why502/formats';
import { mechanisms } from '@why502/mechanisms';
import {
  type AdvanceReason,
  type Columns,
  type ErrorRecord,
  type HopJoins,
  type HopSource,
  hopOf,
  type Instant,
  instant,
  isOfRequests,
  type LogRecord,
  type Mechanism,
  type Millis,
  millis,
  type Names,
  ofErrorLog,
  ofInterest,
  ofRepeat,
  type ProxyConfiguration,
  type Result,
  type RowRef,
  type SourceKind,
} from '@why502/model';
import { isBesideRequests, isErrorLog, type Log, mayRepeat } from './log.ts';
import { clocksFor, latestZone, type Zone } from './zone.ts';

/**
 * Rows of one log may come this much later than a later row. nginx: write buffers and several workers. A load balancer
 * writes a file per node and five minutes, in no order that is promised; an edge sends batches in the order in which it
 * was done with them.
 */
const disorders: Readonly<Record<SourceKind, Millis>> = {
  nginx: millis(60_000),
  nginx_error: millis(60_000),
  alb: millis(300_000),
  alb_health: millis(300_000),
  alb_connection: millis(300_000),
  cloudflare: millis(300_000),
  other: millis(60_000),
  cloudflared: millis(60_000),
};

/** The lines up to which an earlier session had read a log when it wrote its memory, and when it handed out its last verdict. */
export interface ReadTo {
  readonly remembered: number;
  readonly published: number;
}

/** Where an earlier session left off, see `Resumption`. */
export interface SessionResumption {
  readonly memory: Memory;
  readonly remembered: Mark['last'];
  readonly published: Mark['last'];
  readonly watermark: Instant | undefined;
}

/** What the verdicts of a run depend on besides the bytes of its logs. */
export interface SessionOptions {
  /** All logs of which rows will come, as far as they tell what kinds there are. */
  readonly logs: readonly Log[];
  /** Of every log; unused where `errorLogZoneMin` is given. */
  readonly zones: ReadonlyMap<Log, Zone>;
  /** An error log is there that has not said anything. */
  readonly quietErrorLog: boolean;
  readonly errorLogZoneMin?: number | undefined;
  readonly configuration?: readonly ProxyConfiguration[];
  /** Default: all that why502 knows. */
  readonly mechanisms?: readonly Mechanism[] | undefined;
  /** Default: as fitted. */
  readonly calibration?: Calibration | undefined;
  readonly traffic?: boolean | undefined;
  /** See `ClassifierOptions`. */
  readonly absorbed?: boolean | undefined;
  /** See `ClassifierOptions`. */
  readonly growing?: boolean | undefined;
  /** Where an earlier session left off. */
  readonly resume?: SessionResumption | undefined;
  readonly emit: (result: Result) => void;
}

/** A log and how its bytes are read. */
export interface LogReading extends Pick<Input, 'decoder' | 'chunks' | 'scan' | 'whole'> {
  readonly log: Log;
  readonly readTo?: ReadTo;
  /** Its reading begins somewhere else than the log does, so that nobody knows from when its first row will be. */
  readonly midway?: true;
}

/** A log whose rows are taken, and what its lines told of its zone. */
export interface SessionInput extends Input {
  readonly log: Log;
  readonly readTo?: ReadTo;
  readonly zone: Zone;
  /** The inputs whose requests tell the zone. */
  clocks: readonly SessionInput[];
  /** That of the latest request that told one, minutes. */
  toldMin: number | undefined;
  ended: boolean;
  shift: Millis;
  /** Lines that were there before. */
  repeated: number;
}

/**
 * The rows of all logs into one classifier, whoever reads them: archives or files that grow. Given the same rows and the
 * same watermarks, the same results come out.
 */
export class Session {
  readonly names: Names = createNames();
  /** Offset of the error logs' local time from UTC, minutes, where lines do not tell their own. */
  readonly errorLogZoneMin: number;
  readonly #options: SessionOptions;
  #inputs: SessionInput[] = [];
  readonly #classifier: ReturnType<typeof createClassifier>;
  readonly #repeats = new Repeats();
  /** Rows that an earlier session had not read when it wrote its memory, and when it handed out its last verdict. */
  readonly #newRows = { remembered: new WeakSet<RowRef>(), published: new WeakSet<RowRef>() } as const;
  /** By the hop whose log told of them. */
  readonly #requests = new Map<HopSource, number>();

  constructor(options: SessionOptions) {
    this.#options = options;
    const { logs, mechanisms: own = mechanisms, calibration } = options;
    this.errorLogZoneMin = zoneMinOf(
      logs.filter(({ holdsErrors }) => holdsErrors).map((log) => this.#zoneOf(log)),
    );
    const isUsable = (log: Log) => log.holdsErrors && this.#zoneOf(log).kind !== 'unknown';
    this.#classifier = createClassifier({
      mechanisms: own,
      names: this.names,
      emit: options.emit,
      traffic: options.traffic ?? false,
      absorbed: options.absorbed ?? false,
      growing: options.growing ?? false,
      resume: this.#resumption(),
      errorLogZoneMin: this.errorLogZoneMin,
      ...(calibration === undefined ? {} : { calibration }),
      configuration: options.configuration ?? [],
      errorLogAlone: logs.every(isBesideRequests),
      errorLog: options.quietErrorLog || logs.some(isUsable),
      hops: hopsOf(logs),
    });
  }

  /** Logs to be read: what their reading needs besides what the caller knows of it. */
  open<Reading extends LogReading>(readings: readonly Reading[]): readonly (SessionInput & Reading)[] {
    const opened = readings.map((reading) => {
      const { log, midway } = reading;
      const zone = this.#zoneOf(log);
      const shift = millis(-zone.zoneMin * 60_000);
      const first = midway === true ? undefined : log.first;
      return {
        ...reading,
        zone,
        clocks: [] as readonly SessionInput[],
        toldMin: log.zoneMin,
        ended: false,
        start: first === undefined ? undefined : isErrorLog(log) ? shifted(first, shift) : first,
        disorder: disorders[log.format.source],
        ahead: aheadOf(log),
        repeated: 0,
        shift,
      };
    });
    this.#inputs.push(...opened);
    this.#assignClocks();
    return opened;
  }

  /** What a later session resumes with. */
  remember(): Memory {
    return this.#classifier.remember();
  }

  /** No row of this log will come any more, nor does it tell the zone of others. */
  close(input: SessionInput): void {
    input.ended = true;
    this.#inputs = this.#inputs.filter((other) => other !== input);
  }

  /** Failures that came so thick that they were judged by their own lines alone. */
  get hurried(): number {
    return this.#classifier.joins.hurried;
  }

  get joins(): { readonly errorLines: number; readonly joined: number; readonly suspect: number } {
    return this.#classifier.joins;
  }

  get hopJoins(): readonly HopJoins[] {
    return this.#classifier.hopJoins;
  }

  /** Requests counted; where hops logged the same ones, those of the hop that saw most of them count. */
  get requests(): number {
    const counts = [...this.#requests.values()];
    const isSame = this.#classifier.hopJoins.some(({ joined }) => joined > 0);
    return isSame ? Math.max(...counts) : counts.reduce((sum, count) => sum + count, 0);
  }

  /** The zone of the logs' local times, minutes, for times that people compare with the lines. */
  get zoneMin(): number {
    return latestZone(this.#inputs.flatMap(({ log }) => log.zoneMin ?? [])) ?? this.errorLogZoneMin;
  }

  /** Takes `rows[from, to)` of one input, whose byte ranges lie in `bytes`. */
  rows(input: SessionInput, rows: Columns, from: number, to: number, bytes: Buffer): void {
    const { decoder, log } = input;
    const { source } = log.format;
    if (mayRepeat(log)) input.repeated += this.#repeats.mark(rows, from, to, bytes);
    if (isOfRequests(source)) this.#count(rows, from, to, source);
    for (let row = from; row < to; row++) {
      if ((rows.flags[row]! & ofRepeat) !== 0) continue;
      const flagged = (rows.flags[row]! & ofInterest) !== 0;
      if (!flagged && !(this.#classifier.seeking && this.#classifier.seeks(instant(rows.at[row]!)))) continue;
      const record = decoder.read(bytes, rows.from[row]!, rows.to[row]!, rows.line[row]!);
      if ('reason' in record) continue;
      this.#take(input, record);
    }
  }

  /** No row older than the watermark will come, save late ones. */
  advance(watermark: Instant, reason: AdvanceReason): void {
    this.#classifier.advance(watermark, reason);
    if (reason !== 'end_of_input') this.#repeats.forgetBefore(watermark);
  }

  #take(input: SessionInput, record: LogRecord): void {
    this.#noteNew(input, record.row);
    if (record.kind === 'request') {
      this.#hear(input, record.zoneOffsetMin);
      this.#classifier.take(record);
    } else if (input.zone.kind !== 'unknown') this.#classifier.take(this.#placed(record, input.zone));
  }

  #noteNew({ readTo }: SessionInput, row: RowRef): void {
    if (readTo === undefined) return;
    for (const when of ['remembered', 'published'] as const)
      if (row.line > readTo[when]) this.#newRows[when].add(row);
  }

  #resumption(): Resumption | undefined {
    const { resume } = this.#options;
    if (resume === undefined) return undefined;
    const mark = (when: 'remembered' | 'published'): Mark => ({
      last: resume[when],
      isNew: (row) => this.#newRows[when].has(row),
    });
    const { memory, watermark } = resume;
    return { memory, watermark, remembered: mark('remembered'), published: mark('published') };
  }

  #zoneOf(log: Log): Zone {
    const { errorLogZoneMin: given, zones } = this.#options;
    return given === undefined ? zones.get(log)! : { kind: 'stated', zoneMin: given };
  }

  #assignClocks(): void {
    if (this.#options.errorLogZoneMin !== undefined) return;
    const logs = this.#inputs.map(({ log }) => log);
    for (const input of this.#inputs) {
      const clocks = clocksFor(input.log, logs);
      input.clocks = this.#inputs.filter(({ log }) => clocks.includes(log));
    }
  }

  /** The requests tell when the zone changes, as daylight saving time begins or ends. */
  #hear(clock: SessionInput, zoneMin: number | undefined): void {
    if (zoneMin === undefined || zoneMin === clock.toldMin) return;
    clock.toldMin = zoneMin;
    for (const input of this.#inputs) {
      if (input.zone.kind !== 'stated' || !input.clocks.includes(clock)) continue;
      const running = input.clocks.filter((other) => !other.ended);
      const told = latestZone(running.flatMap(({ toldMin }) => toldMin ?? []));
      if (told !== undefined) input.shift = millis(-told * 60_000);
    }
  }

  /** An error line of a log in another zone than most. */
  #placed(record: ErrorRecord, { kind, zoneMin }: Zone): ErrorRecord {
    const isPlain =
      kind !== 'found' || zoneMin === this.errorLogZoneMin || record.zoneOffsetMin !== undefined;
    return isPlain ? record : { ...record, zoneOffsetMin: zoneMin };
  }

  /** The requests among the rows: between them may stand lines of the error log, and lines that were there before. */
  #count(rows: Columns, from: number, to: number, source: SourceKind): void {
    const { flags } = rows;
    let seen = 0;
    for (let row = from; row < to; row++) {
      let end = row;
      while (end < to && (flags[end]! & (ofErrorLog | ofRepeat)) === 0) end++;
      if (end > row) this.#classifier.count(rows, row, end, source);
      seen += end - row;
      row = end;
    }
    const hop = hopOf(source);
    this.#requests.set(hop, (this.#requests.get(hop) ?? 0) + seen);
  }
}

/**
 * An answer that breaks off is in the error log before its request is in the access log. A failure at the edge is known
 * before the rows of the hop behind it, so that they are looked at.
 */
function aheadOf(log: Log): Millis {
  return millis(isBesideRequests(log) || log.format.source === 'cloudflare' ? 60_000 : 0);
}

/** The hops whose requests are logged. */
function hopsOf(logs: readonly Log[]): ReadonlySet<HopSource> {
  return new Set(logs.filter((log) => log.logged !== undefined).map(({ format }) => hopOf(format.source)));
}

function shifted(time: Instant, by: Millis): Instant {
  return instant(time + by);
}

/** The zone of most of the logs: lines of the others tell their own. */
function zoneMinOf(zones: readonly Zone[]): number {
  const counts = new Map<number, number>();
  for (const { kind, zoneMin } of zones)
    if (kind !== 'unknown') counts.set(zoneMin, (counts.get(zoneMin) ?? 0) + 1);
  return [...counts].sort(([a, x], [b, y]) => y - x || b - a)[0]?.[0] ?? 0;
}
