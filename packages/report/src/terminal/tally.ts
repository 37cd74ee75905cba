import {
  type Cause,
  type HopSource,
  hopOf,
  type Incident,
  type Instant,
  type MechanismId,
  type Result,
  type Verdict,
} from '@why502/model';

/** Incidents that are kept, the largest. */
const mostIncidents = 10;

/** All verdicts of one mechanism, or of none. */
export interface Share {
  readonly mechanism: MechanismId | undefined;
  readonly cause: Cause;
  failures: number;
  masked: number;
  /** Sum of the confidence of all of them. */
  confidence: number;
  /** The surest verdict. */
  example: Verdict;
}

interface WishCount {
  readonly text: string;
  /** Whose log it is that lacks the field. */
  readonly hop: HopSource;
  verdicts: number;
}

/**
 * What a report needs of the results, in memory that does not grow with them: a share per mechanism, a count per
 * missing field, and the largest incidents. Takes final verdicts only, each once.
 */
export class Tally {
  readonly #shares = new Map<MechanismId | undefined, Share>();
  /** By their texts: two hops log one field in two ways. */
  readonly #wishes = new Map<string, WishCount>();
  readonly #titles: Map<MechanismId | undefined, string>;
  readonly #grouped = new Set<MechanismId | undefined>();
  #incidents: Incident[] = [];
  ambiguous = 0;
  firstFailure: Instant | undefined;
  lastFailure: Instant | undefined;

  /** @param titles of mechanisms; those of incidents are learned */
  constructor(titles: ReadonlyMap<MechanismId, string> = new Map()) {
    this.#titles = new Map(titles);
  }

  add(result: Result): void {
    if (result.kind === 'verdict') this.#addVerdict(result.verdict);
    else if (result.kind === 'incident') this.#addIncident(result.incident);
  }

  /** Most failures first; of equals, the unexplained last. */
  get shares(): readonly Share[] {
    return [...this.#shares.values()].sort(
      (a, b) => b.failures - a.failures || b.masked - a.masked || (rank(a) < rank(b) ? -1 : 1),
    );
  }

  /** Largest first. */
  get incidents(): readonly Incident[] {
    return this.#incidents;
  }

  /** Most wanted first. */
  get wishes(): readonly WishCount[] {
    return [...this.#wishes.values()].sort((a, b) => b.verdicts - a.verdicts);
  }

  /** Shares of the mechanisms that failed too seldom for an incident. */
  get single(): readonly Share[] {
    return this.shares.filter(({ mechanism }) => !this.#grouped.has(mechanism));
  }

  /** What a mechanism does, as a sentence; undefined where neither the caller nor an incident told. */
  titleOf(mechanism: MechanismId | undefined): string | undefined {
    return this.#titles.get(mechanism);
  }

  #addVerdict(verdict: Verdict): void {
    if (!verdict.final || verdict.mergedInto !== undefined || verdict.outcome === 'not_an_error') return;
    let share = this.#shares.get(verdict.mechanism);
    if (share === undefined) {
      const { mechanism, cause } = verdict;
      share = { mechanism, cause, failures: 0, masked: 0, confidence: 0, example: verdict };
      this.#shares.set(mechanism, share);
    }
    share.confidence += verdict.confidence;
    if (verdict.confidence > share.example.confidence) share.example = verdict;
    for (const { text } of verdict.wouldSettle) {
      const known = this.#wishes.get(text);
      if (known === undefined) this.#wishes.set(text, { text, hop: askedHop(verdict), verdicts: 1 });
      else known.verdicts++;
    }
    if (verdict.decision === 'ambiguous') this.ambiguous++;
    if (verdict.outcome === 'masked') share.masked++;
    else {
      share.failures++;
      if (this.firstFailure === undefined || verdict.time < this.firstFailure)
        this.firstFailure = verdict.time;
      if (this.lastFailure === undefined || verdict.time > this.lastFailure) this.lastFailure = verdict.time;
    }
  }

  #addIncident(incident: Incident): void {
    this.#titles.set(incident.mechanism, incident.title);
    this.#grouped.add(incident.mechanism);
    this.#incidents = [...this.#incidents.filter(({ id }) => id !== incident.id), incident]
      .sort((a, b) => b.requests - a.requests || a.started - b.started)
      .slice(0, mostIncidents);
  }
}

/** The hop whose log is to say more: the one that made the status, or that told of it where what made it has no log here. */
function askedHop({ hop, rows }: Verdict): HopSource {
  if (hop === 'nginx' || hop === 'alb' || hop === 'cloudflare') return hop;
  return rows[0] === undefined ? 'nginx' : hopOf(rows[0].source);
}

/** For sorting: the id, or what comes after every id. */
function rank({ mechanism }: Share): string {
  return mechanism ?? '~';
}
