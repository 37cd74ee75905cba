import {
  type AdvanceReason,
  type Classifier,
  type Columns,
  type ErrorRecord,
  type Evidence,
  type HopJoins,
  hopOf,
  type Instant,
  instant,
  type LogRecord,
  type RequestRecord,
  type SourceKind,
  trafficBucketMs,
} from '@why502/model';
import { Chain } from './chain/chain.ts';
import { Events, type Settled } from './chain/events.ts';
import { type Failure, failure, leaves, showsFailure } from './failure.ts';
import { HopViews } from './hop-views.ts';
import { Ordinals, verdictId } from './ids.ts';
import { Incidents } from './incident/incidents.ts';
import { BrokenBodies, saysBodyBroke } from './join/broken-bodies.ts';
import { companyBuckets } from './join/company.ts';
import { Configured } from './join/configured.ts';
import { ConnectorLines, isAboutRequest } from './join/connector-lines.ts';
import { ErrorLines } from './join/error-lines.ts';
import { Forgeries } from './join/forgeries.ts';
import { type Judgement, judge } from './judge.ts';
import { isMeant, type Memory } from './memory.ts';
import { type Coverage, evidence, observeAttempt, refused } from './observe/attempt.ts';
import { configuredRepeats, observeConfiguration } from './observe/configuration.ts';
import { observeLoneLine, observeSightings, ofItself } from './observe/lone-line.ts';
import { observeNeighbourhood } from './observe/neighbourhood.ts';
import { observeOutage } from './observe/outage.ts';
import { observeRegisteredPeer } from './observe/registered-peer.ts';
import { observeRepetition } from './observe/repetition.ts';
import type { ClassifierOptions, JoinCounts } from './options.ts';
import { WaitingRoom } from './waiting-room.ts';
import { Scales } from './weigh/posterior.ts';
import { type Rules, rulesOf } from './weigh/ruleset.ts';
import { Standings } from './weigh/standings.ts';
import { bucketOf, bucketsAfter, bucketsBefore } from './window/windows.ts';

/** Error lines of a request may be this much older than its access line, which is written at its end. */
const longestRequestMs = 150_000;

/** Identical lines of one second may come this far apart, out of files that overlap. */
const latestTwinMs = 900_000;

/** With so many lines joined the error log is known to be that of these requests. */
const coveredFrom = 3;

/** Records in, verdicts and incidents out; mechanisms and names are handed in. Synchronous, and reads no clock. */
export function createClassifier(options: ClassifierOptions): Classifier & {
  readonly joins: JoinCounts;
  readonly hopJoins: readonly HopJoins[];
  /** What cannot be read again from the logs, for a later run to resume with. */
  remember(): Memory;
} {
  return new WindowedClassifier(options);
}

class WindowedClassifier implements Classifier {
  readonly #options: ClassifierOptions;
  readonly #rules: Rules;
  readonly #views: HopViews;
  readonly #configured: Configured;
  readonly #forgeries = new Forgeries();
  readonly #errorLines: ErrorLines;
  readonly #connectorLines = new ConnectorLines();
  readonly #brokenBodies = new BrokenBodies();
  readonly #ordinals = new Ordinals();
  readonly #incidents: Incidents;
  readonly #scales: Scales;
  /** Only where requests are logged at several hops. */
  readonly #chain: Chain | undefined;
  readonly #events: Events | undefined;
  readonly #waiting = new WaitingRoom();
  #hurried = 0;
  /** Up to this bucket, peers that refuse are known. */
  #refusalsNoted = Number.NEGATIVE_INFINITY;
  readonly #zoneMs: number;

  constructor(options: ClassifierOptions) {
    this.#options = options;
    this.#rules = rulesOf(options);
    const { emit } = options;
    const closed = options.resume?.watermark ?? Number.NEGATIVE_INFINITY;
    this.#views = new HopViews(
      options.names,
      // Of what is read again the first bucket is a part, and all of them were handed out whole.
      options.traffic
        ? (rows, attempts) =>
            rows[0] !== undefined && rows[0].bucket >= closed && emit({ kind: 'traffic', rows, attempts })
        : undefined,
    );
    this.#configured = new Configured(options.configuration ?? []);
    this.#zoneMs = (options.errorLogZoneMin ?? 0) * 60_000;
    this.#errorLines = new ErrorLines(options.errorLogZoneMin ?? 0, this.#forgeries);
    this.#incidents = new Incidents(options.names, this.#views);
    this.#scales = new Scales(options.mechanisms);
    if (options.resume !== undefined) this.#resume(options.resume.memory);
    if (options.hops === undefined || options.hops.size < 2) return;
    this.#chain = new Chain(options.hops);
    this.#events = new Events(
      this.#chain,
      (seen) => this.#scales.weigh(seen),
      ({ request: { row, lineHash, end } }) => this.#idOf(row.source, lineHash, end),
    );
  }

  get joins(): JoinCounts {
    const { lines, joined } = this.#errorLines;
    const { late } = this.#views;
    return { errorLines: lines, joined, suspect: this.#forgeries.count, late, hurried: this.#hurried };
  }

  get hopJoins(): readonly HopJoins[] {
    return this.#chain?.joins ?? [];
  }

  remember(): Memory {
    const { lines, joined } = this.#errorLines;
    return {
      incidents: this.#incidents.remember(),
      hops: this.#views.remember(),
      errorLines: { lines, joined },
    };
  }

  #resume({ incidents, hops, errorLines }: Memory): void {
    this.#incidents.resume(incidents, this.#options.mechanisms);
    this.#views.resume(hops);
    this.#errorLines.resume(errorLines);
  }

  count(rows: Columns, from: number, to: number, source: SourceKind): void {
    this.#views.of(source).windows.count(rows, from, to, source);
    this.#chain?.count(to - from);
  }

  get seeking(): boolean {
    return this.#chain !== undefined || this.#brokenBodies.any;
  }

  seeks(at: Instant): boolean {
    return this.#brokenBodies.near(at) || this.#chain?.wants(at) === true;
  }

  take(record: LogRecord): void {
    if (record.kind === 'error_line') this.#takeError(record);
    else this.#takeRequest(record);
    while (this.#waiting.isOverfull) this.#hurry(this.#waiting.oldest);
  }

  advance(watermark: Instant, reason: AdvanceReason): void {
    const now = bucketOf(watermark);
    for (const { windows } of this.#views.all) windows.close(watermark, Number.NEGATIVE_INFINITY);
    this.#chain?.advance(now);
    for (const bucket of this.#waiting.closedAt(now)) this.#settle(bucket);
    for (const settled of this.#events?.take(now) ?? []) this.#publishEvent(settled);
    const oldestOpen = Math.min(now - bucketsAfter - 1, this.#waiting.oldest);
    const oldest = oldestOpen * trafficBucketMs;
    for (const { windows, company, primaries, scattered, health } of this.#views.all) {
      windows.close(watermark, oldestOpen - bucketsBefore);
      company.forgetBefore(oldestOpen - companyBuckets);
      primaries.forgetBefore(oldest);
      scattered.forgetBefore(oldestOpen - bucketsBefore);
      health.forgetBefore(oldestOpen - bucketsBefore);
    }
    this.#brokenBodies.forgetBefore(oldestOpen);
    for (const lines of [this.#errorLines, this.#connectorLines])
      lines.forgetBefore(oldest - longestRequestMs);
    this.#ordinals.forgetBefore((oldest - latestTwinMs) / 1_000);
    this.#chain?.forgetBefore(oldestOpen);
    this.#events?.forgetBefore(oldestOpen);
    const unpublished = this.#events === undefined ? oldest : this.#events.oldest(now) * trafficBucketMs;
    const closedBy = reason === 'end_of_input' ? Number.POSITIVE_INFINITY : unpublished;
    for (const incident of this.#incidents.close(closedBy))
      this.#options.emit({ kind: 'incident', incident });
    if (this.#options.growing !== true) return;
    for (const incident of this.#incidents.grown(unpublished))
      this.#options.emit({ kind: 'incident', incident });
  }

  #takeRequest(request: RequestRecord): void {
    const isCounted = request.asker === 'visitor' || request.asker === 'subrequest';
    if (isCounted) this.#views.of(request.row.source).windows.countAttempts(request);
    if (!showsFailure(request) && !saysBodyBroke(this.#linesAbout(request).peek(request))) {
      this.#chain?.take(request, undefined);
      return;
    }
    const id = this.#idOf(request.row.source, request.lineHash, request.end);
    const row = this.#chain?.take(request, id);
    if (row !== undefined) this.#events!.expect(id, row);
    const open = this.#failure(id, request.end, request, []);
    this.#waiting.enter(open);
    const { company, scattered } = this.#views.of(open.source);
    if (refused(open)) company.addRefusal(open.peerId, request.end);
    company.add(open);
    scattered.add(open);
  }

  #takeHealthCheck({ row, peer, symptom, wall }: ErrorRecord): void {
    if (peer === undefined) return;
    const { health } = this.#views.of(row.source);
    const failure = symptom === 'other' ? undefined : symptom;
    health.add(this.#options.names.peers.idOf(peer), wall, failure);
  }

  #takeError(error: ErrorRecord): void {
    // About a peer or a client's connection and no request, so that nothing is to be joined to it.
    if (hopOf(error.row.source) === 'alb') {
      if (error.row.source === 'alb_health') this.#takeHealthCheck(error);
      return;
    }
    const at = this.#instantOf(error);
    if (error.row.source === 'cloudflared') this.#connectorLines.add(error, at);
    else if (!this.#believes(error, at)) return;
    if (!this.#options.errorLogAlone) return;
    this.#noteRefusal(error);
    if (!this.#isFailure(error)) return;
    const id = this.#idOf(error.row.source, error.lineHash, error.wall);
    const open = this.#failure(id, at, undefined, [error]);
    this.#waiting.enter(open);
    this.#views.of(open.source).company.add(open);
  }

  /** Takes a line of nginx; false where a client may have written it. */
  #believes(error: ErrorRecord, at: Instant): boolean {
    this.#forgeries.take(error);
    this.#errorLines.add(error);
    if (this.#forgeries.has(error)) return false;
    this.#brokenBodies.add(error, at);
    if (error.symptom === 'configuration_reloaded') this.#configured.addReload(at);
    return true;
  }

  /** Where the lines about a request wait: each log of lines tells of one hop's requests. */
  #linesAbout({ row }: RequestRecord): ConnectorLines | ErrorLines {
    return hopOf(row.source) === 'cloudflare' ? this.#connectorLines : this.#errorLines;
  }

  #instantOf({ wall, zoneOffsetMin }: ErrorRecord): Instant {
    return instant(wall - (zoneOffsetMin === undefined ? this.#zoneMs : zoneOffsetMin * 60_000));
  }

  #noteRefusal(error: ErrorRecord): void {
    if (error.peer === undefined || !refused({ imprint: undefined, errors: [error], request: undefined }))
      return;
    const { company } = this.#views.of(error.row.source);
    company.addRefusal(this.#options.names.peers.idOf(error.peer), this.#instantOf(error));
  }

  /**
   * Peers that refuse by the error log are company of the failures up to ten seconds before. A line that finds no failed
   * request proves nothing, so that requests are asked for their lines before their own turn comes.
   */
  #noteRefusals(bucket: number): void {
    if (bucket <= this.#refusalsNoted) return;
    this.#refusalsNoted = bucket;
    for (const { request } of this.#waiting.in(bucket)) {
      for (const error of request === undefined ? [] : this.#linesAbout(request).peek(request))
        this.#noteRefusal(error);
    }
  }

  /** Of the hop's error log: only nginx has one that ought to tell of every failure. */
  #coverageOf(source: SourceKind): Coverage {
    if (hopOf(source) !== 'nginx' || !this.#errorLines.isWhole) return 'no_log';
    if (this.#errorLines.joined >= coveredFrom) return 'covered';
    return this.#options.errorLog === true || this.#errorLines.lines > 0 ? 'given' : 'no_log';
  }

  #isFailure(error: ErrorRecord): boolean {
    const { connection, symptom, row } = error;
    if (this.#options.picked !== undefined) return true;
    const hasRequest = row.source === 'cloudflared' ? isAboutRequest(error) : connection !== undefined;
    return hasRequest && symptom !== 'other';
  }

  #idOf(source: SourceKind, lineHash: string, time: number): string {
    return verdictId(source, lineHash, this.#ordinals.next(source, lineHash, Math.floor(time / 1_000)));
  }

  /** Final verdicts for one bucket, in order of (time, id). */
  #settle(bucket: number): void {
    for (const near of [bucket, bucket + 1]) this.#noteRefusals(near);
    const open = this.#open(bucket);
    // Effects are judged last: stamps of a second do not tell which of two failures came first.
    const judgements = new Map<string, Judgement>();
    for (const { failed, own } of open)
      if (!isEffect(own)) judgements.set(failed.id, this.#weigh(failed, own));
    for (const { failed, own } of open)
      if (isEffect(own)) judgements.set(failed.id, this.#inherit(failed, own));
    for (const { failed } of open) this.#handOut(judgements.get(failed.id)!);
  }

  /** Of a request that other hops may have seen there is one verdict, when all of them are judged. */
  #handOut(judgement: Judgement): void {
    if (this.#events === undefined) this.#publish(judgement);
    else this.#events.add(judgement);
  }

  /**
   * Verdicts of a storm, by what the failures' own lines show: what happens around so many needs no witness, and to keep
   * them until their context closes would need more memory the longer it lasts.
   */
  #hurry(bucket: number): void {
    for (const { failed, own } of this.#open(bucket)) {
      this.#hurried++;
      this.#handOut(this.#judgement(failed, own, this.#scales.weigh(own)));
    }
  }

  /** The failures of a bucket, which wait no longer, with the lines about them and what these show. */
  #open(bucket: number): readonly { readonly failed: Failure; readonly own: readonly Evidence[] }[] {
    return this.#waiting.leave(bucket).flatMap((waited) => {
      const failed = this.#withErrors(waited);
      if (failed === undefined) this.#events?.drop(waited.id);
      return failed === undefined
        ? []
        : { failed, own: observeAttempt(failed, this.#coverageOf(failed.source)) };
    });
  }

  /** The failure with the error lines about it; undefined where a line that spoke for it was about another request. */
  #withErrors(waited: Failure): Failure | undefined {
    const { id, time, request } = waited;
    if (request === undefined) return waited;
    const errors = this.#linesAbout(request).claim(request);
    if (!showsFailure(request) && !saysBodyBroke(errors)) return undefined;
    return errors.length === 0 ? waited : this.#failure(id, time, request, errors);
  }

  #weigh(failed: Failure, own: readonly Evidence[]): Judgement {
    const told = (this.#options.picked?.sightings.length ?? 0) > 0;
    const seen = own.length > 0 || leaves(failed.request) || told;
    const evidence = seen ? [...own, ...this.#around(failed)] : [];
    const standings = this.#scales.weigh(evidence);
    this.#views.of(failed.source).primaries.add(failed, standings);
    return this.#judgement(failed, evidence, standings);
  }

  #around(failed: Failure): readonly Evidence[] {
    const { picked } = this.#options;
    const isLone = picked !== undefined || failed.request === undefined;
    const taken = this.#configured.taken(failed);
    const repeats = configuredRepeats(taken);
    const view = this.#views.of(failed.source);
    const { company } = view;
    const neighbourhood = [
      ...observeNeighbourhood(failed, view.context, company, repeats),
      ...observeRepetition(failed, view),
      ...observeRegisteredPeer(failed, view, this.#options.names),
      ...observeOutage(failed, view),
    ];
    return [
      ...(picked === undefined ? neighbourhood : ofItself(neighbourhood)),
      ...(isLone ? observeLoneLine(failed, company) : []),
      ...observeConfiguration(failed, taken),
      ...observeSightings(picked?.sightings ?? []),
    ];
  }

  /** A failure that only repeats others is what they were found to be. */
  #inherit(failed: Failure, own: readonly Evidence[]): Judgement {
    const { context, primaries } = this.#views.of(failed.source);
    const { routes } = context.at(failed.bucket);
    const { okAround } = routes.record(failed.serviceId, failed.routeId, false);
    const settled = primaries.of(failed, okAround > 0);
    const first = settled[0];
    if (first === undefined) {
      const seen = [...own, ...this.#around(failed)];
      return this.#judgement(failed, seen, this.#scales.weigh(seen));
    }
    const count = settled.length === 1 ? 'an earlier failure' : `${settled.length} earlier failures`;
    const text = `the proxy had put the peers aside after ${count}`;
    const link = evidence({ kind: 'effect', primary: first.id }, 'effect', text, first.row);
    const standings = Standings.mean(settled.map((one) => one.standings));
    return { ...this.#judgement(failed, [link, ...own], standings), primary: first.id };
  }

  #judgement(failed: Failure, seen: readonly Evidence[], standings: Standings): Judgement {
    return { failure: failed, evidence: seen, standings, primary: undefined, final: true, revision: 0 };
  }

  #publish(judgement: Judgement): void {
    const { resume } = this.#options;
    const { failure, seen } = judgement;
    const identity = seen?.identity ?? failure;
    const row = seen?.identity.rows[0] ?? failure.request?.row ?? failure.errors[0]?.row;
    if (resume !== undefined && isMeant(resume.remembered, identity, row)) return;
    const { verdict, mechanism } = judge(judgement, this.#rules);
    verdict.incident = this.#incidents.add(verdict, failure, mechanism, seen?.request ?? failure.request);
    if (resume !== undefined && isMeant(resume.published, identity, row)) return;
    this.#options.emit({ kind: 'verdict', verdict: Object.freeze(verdict) });
  }

  /** One verdict for all hops. What was said of the others before is taken back. */
  #publishEvent({ judgement, absorbed }: Settled): void {
    this.#publish(judgement);
    if (this.#options.absorbed !== true) return;
    const mergedInto = judgement.seen?.identity.id;
    for (const one of absorbed) {
      const { verdict } = judge(one, this.#rules);
      verdict.mergedInto = mergedInto;
      this.#options.emit({ kind: 'verdict', verdict: Object.freeze(verdict) });
    }
  }

  #failure(
    id: string,
    time: Instant,
    request: RequestRecord | undefined,
    errors: readonly ErrorRecord[],
  ): Failure {
    const { names } = this.#options;
    const route = request?.route;
    const routeId = route === undefined ? 0 : names.routes.idOf(route);
    return failure(id, request, errors, time, routeId, names);
  }
}

/** The failure repeats earlier ones: no peer was free, and the request's own attempts do not tell more. */
function isEffect(own: readonly { readonly fact: { readonly kind: string } }[]): boolean {
  const words = own.filter(({ fact }) => fact.kind !== 'no_words');
  return words.length > 0 && words.every(({ fact }) => saysNoPeer(fact));
}

function saysNoPeer(fact: {
  readonly kind: string;
  readonly symptom?: string;
  readonly phase?: string;
}): boolean {
  return fact.symptom === 'no_live_peer' || fact.symptom === 'peer_disabled' || fact.phase === 'unpicked';
}
