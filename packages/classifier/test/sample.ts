import {
  type Attempt,
  type Columns,
  columns,
  decibans,
  type ErrorRecord,
  httpStatus,
  instant,
  type LoggedField,
  type Mechanism,
  millis,
  type Names,
  type NameTable,
  type RequestRecord,
  statusGetsVerdict,
} from '@why502/model';

/** Everything an extended nginx log holds. */
const extended: ReadonlySet<LoggedField> = new Set([
  'attempts',
  'attempt_status',
  'attempt_connect',
  'attempt_header',
  'attempt_response',
  'duration',
  'host',
  'connection',
  'client',
  'method',
]);

const start = Date.UTC(2026, 10, 10, 10, 0, 0);

class Table implements NameTable {
  readonly #ids = new Map<string, number>();
  readonly #names = [''];

  idOfBytes(bytes: Uint8Array, from: number, to: number): number {
    return this.idOf(Buffer.from(bytes.subarray(from, to)).toString('latin1'));
  }

  idOf(name: string): number {
    let id = this.#ids.get(name);
    if (id === undefined) {
      id = this.#names.push(name) - 1;
      this.#ids.set(name, id);
    }
    return id;
  }

  nameOf(id: number): string {
    const name = this.#names[id];
    if (name === undefined) throw new RangeError(`no name has the id ${id}`);
    return name;
  }

  get size(): number {
    return this.#names.length;
  }
}

export function names(): Names {
  return {
    hosts: new Table(),
    services: new Table(),
    peers: new Table(),
    routes: new Table(),
    places: new Table(),
  };
}

let nextLine = 1;

export interface Asked {
  readonly at: number;
  readonly status?: number;
  readonly method?: string;
  readonly route?: string;
  readonly client?: string;
  readonly connection?: string;
  readonly duration?: number;
  readonly attempts?: readonly Partial<Omit<Attempt, 'pass'>>[];
}

/** A request `at` ms after the start, of an extended log, to one peer unless said otherwise. */
export function request(asked: Asked): RequestRecord {
  const {
    at,
    status = 200,
    method = 'GET',
    route = '/a',
    client = '203.0.113.7',
    connection,
    duration = 10,
  } = asked;
  const line = nextLine++;
  const attempts = asked.attempts ?? [
    {
      peer: '192.0.2.10:9000',
      status: httpStatus(status),
      connect: millis(0),
      header: millis(duration),
      response: millis(duration),
    },
  ];
  return {
    kind: 'request',
    row: { source: 'nginx', file: 'access.log', line },
    lineHash: String(line),
    end: instant(start + at),
    resolution: millis(1),
    zoneOffsetMin: 0,
    duration: millis(duration),
    start: undefined,
    status: httpStatus(status),
    method,
    target: route,
    requestLine: `${method} ${route} HTTP/1.1`,
    route,
    host: 'a.test',
    client,
    userAgent: 'x',
    requestId: undefined,
    connection,
    responseBytes: undefined,
    ownPage: undefined,
    service: undefined,
    said: undefined,
    place: undefined,
    asker: 'visitor',
    cached: false,
    trail: { ids: [], forwardedFor: undefined, egress: undefined },
    attempts: attempts.map((attempt) => ({
      pass: 0,
      peer: undefined,
      status: undefined,
      connect: undefined,
      header: undefined,
      response: undefined,
      bytesReceived: undefined,
      bytesSent: undefined,
      ...attempt,
    })),
    logged: extended,
  };
}

/** The line of the error log about a request. */
export function errorLine(
  about: RequestRecord,
  symptom: ErrorRecord['symptom'],
  connection?: string,
): ErrorRecord {
  const line = nextLine++;
  return {
    kind: 'error_line',
    row: { source: 'nginx_error', file: 'error.log', line },
    lineHash: String(line),
    wall: instant(Math.floor(about.end / 1_000) * 1_000),
    zoneOffsetMin: undefined,
    level: 'error',
    pid: 7,
    connection: connection ?? about.connection,
    symptom,
    message: '',
    action: undefined,
    client: about.client,
    server: 'a.test',
    requestLine: about.requestLine,
    subrequest: undefined,
    scheme: 'http',
    peer: about.attempts[0]?.peer,
    host: 'a.test',
    truncated: false,
  };
}

/** The columns that a decoder would make of the requests. */
export function columnsOf(requests: readonly RequestRecord[], table: Names): Columns {
  const rows = columns(Math.max(1, requests.length));
  rows.count = requests.length;
  requests.forEach((one, row) => {
    const peer = one.attempts.at(-1)?.peer;
    rows.at[row] = one.end;
    rows.status[row] = one.status;
    rows.host[row] = table.hosts.idOf(one.host ?? '');
    rows.service[row] = table.services.idOf(one.service ?? one.host ?? '');
    rows.peer[row] = peer === undefined ? 0 : table.peers.idOf(peer);
    rows.route[row] = table.routes.idOf(one.route ?? '');
    rows.place[row] = one.place === undefined ? 0 : table.places.idOf(one.place);
    rows.duration[row] = one.duration ?? -1;
    rows.connect[row] = one.attempts.at(-1)?.connect ?? -1;
    rows.flags[row] = statusGetsVerdict(one.status) ? 1 : 0;
  });
  return rows;
}

/** A mechanism with nothing but weights. */
export function mechanism(id: string, weigh: Mechanism['weigh'], rest: Partial<Mechanism> = {}): Mechanism {
  return {
    id,
    cause: 'upstream_fault',
    title: id,
    summary: '',
    status: 'stable',
    prior: decibans(-10),
    weigh,
    needs: [],
    remedy: [],
    success: '',
    mistakenFor: [],
    references: [],
    cases: () => [],
    ...rest,
  };
}
