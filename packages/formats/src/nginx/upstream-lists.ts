import {
  type Attempt,
  type Bytes,
  bytes as byteCount,
  type HttpStatus,
  httpStatus,
  type Millis,
  millis,
} from '@why502/model';

/** The `$upstream_*` values of one line as text; undefined where the format lacks the variable. */
export interface UpstreamLists {
  readonly peers: string | undefined;
  readonly statuses: string | undefined;
  readonly connects: string | undefined;
  readonly headers: string | undefined;
  readonly responses: string | undefined;
  readonly received: string | undefined;
  readonly sent: string | undefined;
}

/**
 * The attempts of a request. nginx writes all lists of a line in one shape, ", " between attempts and " : " between
 * passes (ngx_http_upstream_addr_variable), so they are split alike and zipped.
 */
export function attemptsOf(lists: UpstreamLists): readonly Attempt[] {
  if (!wasTried(lists)) return [];
  const passes = passesOf(lists.peers ?? lists.statuses ?? firstLogged(lists) ?? '');
  const columns = {
    peers: entriesOf(lists.peers),
    statuses: entriesOf(lists.statuses),
    connects: entriesOf(lists.connects),
    headers: entriesOf(lists.headers),
    responses: entriesOf(lists.responses),
    received: entriesOf(lists.received),
    sent: entriesOf(lists.sent),
  };
  return passes.map((pass, index) => ({
    pass,
    peer: presentText(columns.peers[index]),
    status: statusOf(columns.statuses[index]),
    connect: millisOf(columns.connects[index]),
    header: millisOf(columns.headers[index]),
    response: millisOf(columns.responses[index]),
    bytesReceived: bytesOf(columns.received[index]),
    bytesSent: bytesOf(columns.sent[index]),
  }));
}

/**
 * No attempt: `-` for everything, with `escape=json` an empty string. An empty address beside a status of `-` is an
 * attempt that failed before it had a peer, such as a socket that could not be opened.
 */
function wasTried(lists: UpstreamLists): boolean {
  const { peers, statuses } = lists;
  if (peers !== undefined && peers !== '') return peers !== '-';
  if (peers === '') return statuses !== undefined && statuses !== '';
  const list = statuses ?? firstLogged(lists);
  return list !== undefined && list !== '' && list !== '-';
}

function firstLogged(lists: UpstreamLists): string | undefined {
  return lists.connects ?? lists.headers ?? lists.responses ?? lists.received ?? lists.sent;
}

/** The pass of each attempt. */
function passesOf(list: string): readonly number[] {
  if (!list.includes(' ')) return onlyPass;
  return list.split(' : ').flatMap((pass, index) => pass.split(', ').map(() => index));
}

const onlyPass: readonly number[] = [0];

function entriesOf(list: string | undefined): readonly string[] {
  if (list === undefined) return [];
  // Most lists hold one attempt.
  return !list.includes(' ') ? [list] : list.split(' : ').flatMap((pass) => pass.split(', '));
}

function presentText(entry: string | undefined): string | undefined {
  return entry === undefined || entry === '' || entry === '-' ? undefined : entry;
}

function statusOf(entry: string | undefined): HttpStatus | undefined {
  return entry !== undefined && /^\d{3}$/.test(entry) ? httpStatus(Number(entry)) : undefined;
}

/** nginx writes seconds with three decimals. */
function millisOf(entry: string | undefined): Millis | undefined {
  return entry !== undefined && /^\d{1,9}(\.\d{1,9})?$/.test(entry)
    ? millis(Math.round(Number(entry) * 1e6) / 1e3)
    : undefined;
}

function bytesOf(entry: string | undefined): Bytes | undefined {
  return entry !== undefined && /^\d{1,15}$/.test(entry) ? byteCount(Number(entry)) : undefined;
}
