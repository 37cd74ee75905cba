import type { ConfiguredTimer, RuledAnswer } from './configuration.ts';
import type { RowRef, SourceKind, Symptom } from './record.ts';
import type { Bytes, HttpStatus, Millis, Probability } from './units.ts';

/**
 * What was observed, without judgement: a closed union that observers state and mechanisms weigh. Facts with the same
 * `group` restate each other, and of one group only the strongest counts for a mechanism.
 */
export type Fact =
  | {
      /** The proxy's own words in its error log. */
      readonly kind: 'symptom';
      readonly symptom: Symptom;
      readonly scheme: string | undefined;
      /** The code that says so in the request's own line; undefined for words of an error log. */
      readonly code: string | undefined;
      /** Whose words they are. */
      readonly source: SourceKind;
    }
  | {
      /** What the times and statuses of the last failed attempt say: the imprint that it left in the access line. */
      readonly kind: 'imprint';
      /** Whose log shows it. */
      readonly source: SourceKind;
      /** How far the attempt came. `unpicked`: no peer of the group was free; `none`: no attempt was made. */
      readonly phase: 'none' | 'unpicked' | 'connecting' | 'waiting' | 'answering';
      readonly status: HttpStatus;
      readonly after: Millis | undefined;
      /** Connect time; 0 may mean a reused connection or a peer nearby. */
      readonly connect: Millis | undefined;
      readonly bytesReceived: Bytes | undefined;
      /** It went to no address: to a function, or the log does not tell where. */
      readonly unaddressed: boolean;
    }
  | {
      /** The peer sent this status itself. */
      readonly kind: 'relayed';
      readonly source: SourceKind;
      readonly status: HttpStatus;
    }
  | {
      /** All that the log says of the failure is its status: it holds no attempts, or none was logged. */
      readonly kind: 'bare_status';
      readonly source: SourceKind;
      readonly status: HttpStatus;
      /** The body is as long as the page that the proxy itself makes for this status; undefined without a size. */
      readonly ownPage: boolean | undefined;
    }
  | {
      /** The proxy's error log is at hand, and says nothing about this request. */
      readonly kind: 'no_words';
      /** Other requests were found in it, so that its silence means something. */
      readonly covered: boolean;
    }
  | {
      /** What the address of the peer that was tried shows by itself. */
      readonly kind: 'endpoint';
      readonly address: PeerAddress;
      /** `http`, `https`, `fastcgi`, …; undefined where the log does not say. */
      readonly scheme: string | undefined;
      /** The port is by custom not one for the scheme: `http` to 443, `https` to 8080. */
      readonly portContradictsScheme: boolean;
    }
  | {
      /** The same peer was tried again at once on a new connection, and answered. */
      readonly kind: 'fresh_retry_answered';
    }
  | {
      /** Requests of one peer around the failure: 15 min before to 90 s after. */
      readonly kind: 'peer_record';
      readonly okBefore: number;
      readonly okAfter: number;
      /** Successes and failures within about 10 s. */
      readonly okNear: number;
      readonly failedNear: number;
      /** Share of the seconds while this attempt waited in which the peer answered others; undefined if it was short. */
      readonly answeredMeanwhile: Probability | undefined;
      /** Whether the peer answered anything in all the log up to 90 s after. */
      readonly everOk: boolean;
      /** Since the last answer of the peer before this attempt; undefined without one in the 15 min before. */
      readonly silentFor: Millis | undefined;
      /** Failures of the peer in the whole context. */
      readonly failedAround: number;
      /** Times in the context that the peer began to fail after it had answered everything for at least 10 s. */
      readonly episodes: number;
      /** How much of the log lies before the failure. */
      readonly watched: Millis;
    }
  | {
      /** The peers of the service within about 10 s of the failure. */
      readonly kind: 'peers_scope';
      readonly peers: number;
      /** Those with failures, and of these those without any success. */
      readonly failing: number;
      readonly silent: number;
    }
  | {
      /** How the addresses of the service change around the failure of one. */
      readonly kind: 'succession';
      /** Peers of the service whose first answer ever came in the minute before or the 90 s after. */
      readonly newcomers: number;
      /** This peer is tried no more later on, while the service goes on. */
      readonly gone: boolean;
      /** It is tried later on. Neither is known where the log ends. */
      readonly stillAsked: boolean;
      /** This peer answered later on. */
      readonly returned: boolean;
    }
  | {
      /** The service as a whole, where no peer could be picked or none is named. */
      readonly kind: 'service_record';
      readonly okBefore: number;
      readonly okNear: number;
      readonly okAfter: number;
      readonly failedNear: number;
    }
  | {
      /** The log does not tell which peers answered before. */
      readonly kind: 'peer_unlogged';
    }
  | {
      /** Where the failures fall: this route class against the other routes of the same service. */
      readonly kind: 'route_scope';
      readonly failedHere: number;
      readonly okHere: number;
      readonly failedElsewhere: number;
      readonly okElsewhere: number;
      /** Successes of this route in the whole context, 15 min before to 90 s after. */
      readonly okAround: number;
      /** Successes of this route in the same 10 s, where it goes on to be answered; 0 where it stops. */
      readonly okNear: number;
      /** A timer of the proxy ended this failure: its words or its status say so. */
      readonly timedOut: boolean;
      /** Slowest success of this route in the context, over the wait of this failure; undefined for short waits. */
      readonly slowestOkOverFailure: number | undefined;
    }
  | {
      /** Requests in flight and answer times now, over the same before the failures began. */
      readonly kind: 'load';
      /** Mean requests in flight at the service during the failure's 10 s, and over before; undefined without durations. */
      readonly inFlight: number | undefined;
      readonly inFlightRatio: number | undefined;
      readonly rateRatio: number;
      /** Median duration of successes now over before; undefined without successes. */
      readonly slowdown: number | undefined;
      /** Share of the routes in use that fail. */
      readonly routesFailing: Probability;
      readonly routes: number;
    }
  | {
      /** Durations of like failures: a sharp one is a timer. */
      readonly kind: 'timer';
      readonly source: SourceKind;
      readonly after: Millis;
      /** Largest share of like failures whose durations lie within 10 %, at least 50 ms, of each other. */
      readonly sharp: Probability;
      readonly count: number;
    }
  | {
      /** Whether the proxy may repeat such a request by itself. */
      readonly kind: 'repeatable';
      readonly method: string;
      readonly repeatable: boolean;
    }
  | {
      /** Connects that took as long as a repeated SYN, on an otherwise fast peer. */
      readonly kind: 'slow_connects';
      readonly count: number;
      readonly share: Probability;
    }
  | {
      /** Failures of the same peer in the second of this one and the two beside it. */
      readonly kind: 'burst';
      readonly count: number;
      /** The peer refused connections within seconds: its process was going down or coming up. */
      readonly refusedNear: boolean;
    }
  | {
      /** The client went away before an answer (nginx 499, ALB 460). */
      readonly kind: 'client_left';
      readonly source: SourceKind;
      readonly after: Millis | undefined;
      /** What the proxy was waiting for when the client left; undefined where the log does not say. */
      readonly awaited: 'peer' | 'connection' | 'answer' | undefined;
      /** Requests of the same service that ended in a timeout within about 10 s. */
      readonly timeoutsNear: number;
      /** Others had to wait, too: some timed out, many more were in flight than usual, or answers took several times as long. */
      readonly stuck: boolean;
      /** Largest share of those who left near this one after about as long a wait: a timer of the caller. */
      readonly sharp: Probability;
      readonly count: number;
      /** Slowest success of the same route in the context, over the wait; undefined without one. */
      readonly slowestOkOverWait: number | undefined;
    }
  | {
      /** What the hop says, by codes, of most other failures of the same service, from 30 s before to 90 s after. */
      readonly kind: 'meanwhile';
      readonly said: Symptom;
      readonly count: number;
    }
  | {
      /** How a route fared before its requests ran into a timer: a crowd shows only when the timers end. */
      readonly kind: 'route_pace';
      /** Its requests that end about now, over those of the same time before. */
      readonly ratio: number;
      /** Those in 10 s. */
      readonly count: number;
      /** Slowest success in quiet times before, over the wait of this failure; undefined without one. */
      readonly usual: number | undefined;
    }
  | {
      /** A line of the error log without an access line that tells more: nothing around the failure is known. */
      readonly kind: 'lone_line';
      /** Whose line it is, or whose code in a request of which nothing else is known. */
      readonly source: SourceKind;
      readonly symptom: Symptom;
      readonly scheme: string | undefined;
    }
  | {
      /** A failure that somebody picked, of which no words are known, nor what stood around it. */
      readonly kind: 'lone_status';
      /** At whose hop. */
      readonly source: SourceKind;
      readonly status: HttpStatus;
      /** How far the attempt came, and how long that took; undefined where nothing but the status is known. */
      readonly phase: 'none' | 'unpicked' | 'connecting' | 'waiting' | 'answering' | undefined;
      readonly after: Millis | undefined;
    }
  | {
      /** What the request is by the look of it. Stated for lone lines only. */
      readonly kind: 'lone_request';
      readonly symptom: Symptom;
      readonly protocol: 'websocket' | 'grpc' | 'http';
      /** The client is the host itself, as where another proxy in front hides who asks. */
      readonly fromSelf: boolean;
    }
  | {
      /** What another program wrote about the same time, pasted along with the proxy's lines. */
      readonly kind: 'witness';
      readonly saw: Sighting;
    }
  | {
      /** How the configuration names the peer that was tried. Stated only where all that it may mean agree. */
      readonly kind: 'configured_peer';
      /**
       * `address`: as it stands. `once`: by a name that is looked up when the proxy starts. `again`: by one that is kept up
       * to date, or looked up for each request. `unlisted`: not at all, so the configuration is of another time.
       */
      readonly lookup: 'address' | 'once' | 'again' | 'unlisted';
      /** Another version of the configuration sends such requests to other peers. */
      readonly moved: boolean;
      /** Servers that the group may choose from: neither down nor backup. */
      readonly choices: number;
    }
  | {
      /** The group of which no peer was free, as configured. */
      readonly kind: 'configured_group';
      readonly choices: number;
      /** Servers marked down. */
      readonly down: number;
      /** Most connections at once to all of them together; undefined where one of them has no bound. */
      readonly maxConnections: number | undefined;
    }
  | {
      /** The try took as long as a timer of the configuration allows, or, without durations, versions of it differ. */
      readonly kind: 'configured_timer';
      readonly timer: ConfiguredTimer;
      readonly limit: Millis;
      /** Written down, not the proxy's own default. */
      readonly written: boolean;
      /** What another version of the configuration allows, where that is more. */
      readonly elsewhere: Millis | undefined;
    }
  | {
      /** Whether connections to the peers are kept and used again. */
      readonly kind: 'configured_reuse';
      readonly reuse: boolean;
      /** After so long without use the proxy gives a connection up. */
      readonly idle: Millis;
    }
  | {
      /** A rule of the configuration that gives such an answer without asking a peer. */
      readonly kind: 'configured_answer';
      /** Undefined where there is none for this status. */
      readonly rule: RuledAnswer['rule'] | undefined;
      readonly status: HttpStatus;
      /** False where every request of the route is answered so. */
      readonly conditional: boolean;
    }
  | {
      /** How the name of the peers is found, where no peer was tried. */
      readonly kind: 'configured_lookup';
      /** A variable holds the name, so that it is looked up for each request. */
      readonly perRequest: boolean;
      /** There is a resolver to ask. */
      readonly resolver: boolean;
    }
  | {
      /** What the response header must fit into, of a peer that had begun to answer. */
      readonly kind: 'configured_buffer';
      readonly size: Bytes;
      /** As much was received. */
      readonly filled: boolean;
    }
  | {
      /** What the proxy is told to speak with the peers. */
      readonly kind: 'configured_protocol';
      /** `http`, `https`, `fastcgi`, …; undefined where versions differ and the log does not tell which it was. */
      readonly scheme: string | undefined;
      /** Versions of the configuration speak different things with the same peer. */
      readonly changed: boolean;
      /** Undefined without TLS. */
      readonly verifies: boolean | undefined;
      readonly sendsName: boolean | undefined;
    }
  | {
      /** Who met failures of this route for which a peer was connected: 15 min before to 90 s after. */
      readonly kind: 'client_scope';
      readonly failures: number;
      /** Different clients that met them. */
      readonly clients: number;
      /** How many of them this client met. */
      readonly again: number;
    }
  | {
      /** Peers of the service close connections that were idle for so long, as what broke at once has in common. */
      readonly kind: 'idle_gap';
      readonly idle: Millis;
      /** Of so many failures the share that came so long after an answer of the peer. */
      readonly count: number;
      readonly share: Probability;
      /** This failure is one of them. */
      readonly fits: boolean;
    }
  | {
      /** Every peer of the service that was asked within about 10 s fails, and none of them answers around this failure. */
      readonly kind: 'outage';
      /** From the last answer of any of them to the next; undefined where the context holds one of the two only. */
      readonly lasts: Millis | undefined;
      /** In the 15 min before. */
      readonly answeredBefore: boolean;
      readonly peers: number;
      readonly routes: number;
      readonly routesFailing: Probability;
    }
  | {
      /** What the load balancer's own checks of this peer found within about 40 s; absent where none is logged. */
      readonly kind: 'health';
      readonly passed: number;
      readonly failed: number;
      /** What most of those that failed said. */
      readonly symptom: Symptom | undefined;
    }
  | {
      /** The peer beside the others of its service within about 10 s, where each was registered by its address. */
      readonly kind: 'registration';
      /** Its port is by custom one of TLS. */
      readonly tlsPort: boolean;
      /** Others that answer at the same port. */
      readonly samePort: number;
      /** Others of the same network, that answer and that do not; networks by the first parts of the address. */
      readonly sameNetwork: number;
      readonly silentInNetwork: number;
      /** Those in other networks that answer. */
      readonly otherNetworks: number;
    }
  | {
      /** Where at the hop the failures fall: this place of it against the others, for the same service within about 10 s. */
      readonly kind: 'place_scope';
      readonly places: number;
      readonly failingPlaces: number;
      readonly failedHere: number;
      readonly okHere: number;
      readonly failedElsewhere: number;
      readonly okElsewhere: number;
    }
  | {
      /** The addresses that a name led to, where the hop finds its peers by names: this one against the others. */
      readonly kind: 'addresses';
      /** This one has answered, in all the log up to 90 s after. */
      readonly everAnswered: boolean;
      /** Others of the service that answered within about 10 s. */
      readonly others: number;
      /** Of these, those that first answered when this one was about to cease, or later. */
      readonly successors: number;
    }
  | {
      /** No visitor waited for the answer: the hop asked for itself. */
      readonly kind: 'own_request';
      readonly asker: 'probe' | 'internal';
      readonly status: HttpStatus;
    }
  | {
      /** How long names were looked up by this failure and its like, of which none came to a peer, within about 10 s. */
      readonly kind: 'lookup';
      readonly took: Millis | undefined;
      readonly count: number;
      /** Those whose look-up took any time: a name that is remembered takes none, and neither does what has no name. */
      readonly timed: number;
      /** Those whose look-up took a second or more. */
      readonly slow: number;
    }
  | {
      /** Where a failure came to no peer: whether answers of the same route, in the whole context, name theirs. */
      readonly kind: 'naming';
      readonly named: number;
      /** Out of a store, by the hop itself, or by way of something that has no address. */
      readonly unnamed: number;
    }
  | {
      /** What the next hop behind this one logged of the same request. */
      readonly kind: 'inner_hop';
      readonly source: SourceKind;
      /** `nothing`: no row of it, though the log of that hop is at hand. */
      readonly saw: 'nothing' | 'answered' | 'broke_off' | 'client_left' | 'failed';
      /** Share of requests that pass both hops and are found in that log; undefined where too few tell. */
      readonly coverage: Probability | undefined;
      readonly status: HttpStatus | undefined;
      /** Since the inner hop had it; undefined without a row. */
      readonly after: Millis | undefined;
    }
  | {
      /** This failure repeats an earlier one: the proxy had put the peers aside. */
      readonly kind: 'effect';
      readonly primary: string;
    };

/**
 * What a peer's address is, by its text. `keyword`: a word of the `server` directive stands where an address belongs.
 * `localhost`: the name, which stands for two addresses where the host has IPv6.
 */
export type PeerAddress =
  | 'loopback_v4'
  | 'loopback_v6'
  | 'localhost'
  | 'unspecified'
  | 'address_v4'
  | 'address_v6'
  | 'bare_name'
  | 'full_name'
  | 'keyword'
  | 'socket';

/** What a line of another program's log says happened. */
export type Sighting =
  | 'process_crashed'
  | 'process_killed_for_memory'
  | 'workers_all_busy'
  | 'accept_queue_full'
  | 'worker_ran_out_of_time'
  | 'request_header_refused';

export type FactKind = Fact['kind'];
export type FactOf<K extends FactKind> = Extract<Fact, { kind: K }>;

/** A fact and where it was seen. */
export interface Evidence {
  readonly fact: Fact;
  /** Facts of one group restate each other. */
  readonly group: EvidenceGroup;
  /** Short stable name, for `evidence[].fact` and for queries: the symptom, or the kind of the fact. */
  readonly name: string;
  /** One clause for people, built from numbers, closed words, and directives of the user's own configuration. */
  readonly text: string;
  readonly rows: readonly RowRef[];
}

export type EvidenceGroup =
  | 'attempt'
  | 'words'
  | 'endpoint'
  | 'peers'
  | 'succession'
  | 'service'
  | 'peer'
  | 'route'
  | 'load'
  | 'timer'
  | 'method'
  | 'connects'
  | 'burst'
  | 'client'
  | 'place'
  | 'asker'
  | 'lookup'
  | 'naming'
  | 'addresses'
  | 'route_pace'
  | 'meanwhile'
  | 'inner_hop'
  | 'clients'
  | 'idle'
  | 'health'
  | 'registration'
  | 'outage'
  | 'effect'
  | 'configured_peer'
  | 'configured_reuse'
  | 'configured_answer'
  | 'configured_buffer'
  | 'retry'
  | 'lone_line'
  | 'lone_request'
  | 'witness';
