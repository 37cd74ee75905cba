import type { Tried } from '../parties/nginx-pass.ts';
import type { Trip } from '../world/trip.ts';
import type { NginxLine } from './nginx-log.ts';
import { common } from './times.ts';

/** When a line was written, and by which process. */
interface Moment {
  readonly date: number;
  readonly zone: number;
  readonly process: number;
}

const formats = {
  combined,
  /** What the nginx packages call `main`. */
  main: (moment: Moment, trip: Trip, line: NginxLine) =>
    `${combined(moment, trip, line)} "${forwarded(trip, line)}"`,
  /** Lists behind it, and no id. */
  lists: (moment: Moment, trip: Trip, line: NginxLine) =>
    `${formats.main(moment, trip, line)} ${took(line)} ua="${list(line, addresses)}" us="${list(line, statuses)}" ` +
    `uct="${list(line, connects)}" uht="${list(line, headers)}" urt="${list(line, responses)}"`,
  /** Lists, the ray and the balancer's id behind it. */
  traced: (moment: Moment, trip: Trip, line: NginxLine) =>
    `${formats.main(moment, trip, line)} rid=${line.id} host=${trip.ask.host} up="${list(line, addresses)}" ` +
    `ust="${list(line, statuses)}" rt=${seconds(line.ended - line.began)} uct="${list(line, connects)}" ` +
    `uht="${list(line, headers)}" urt="${list(line, responses)}" ray=${trip.headers.get('cf-ray') ?? '-'} ` +
    `amz="${trip.headers.get('x-amzn-trace-id') ?? '-'}"`,
  /** The format that why502 recommends. */
  why502: (moment: Moment, trip: Trip, line: NginxLine) => JSON.stringify(recommended(moment, trip, line)),
  /** Keys named after the variables, as many write it, without any id of the hops before. */
  json: (moment: Moment, trip: Trip, line: NginxLine) =>
    JSON.stringify({
      time_iso8601: iso(moment),
      remote_addr: line.caller,
      request_method: trip.ask.method,
      request_uri: trip.ask.path,
      status: `${line.status}`,
      body_bytes_sent: `${line.bytes}`,
      request_time: seconds(line.ended - line.began),
      host: trip.ask.host,
      upstream_addr: list(line, addresses, ''),
      upstream_status: list(line, statuses, ''),
      upstream_connect_time: list(line, connects, ''),
      upstream_header_time: list(line, headers, ''),
      upstream_response_time: list(line, responses, ''),
      http_user_agent: trip.ask.agent,
      http_x_forwarded_for: forwarded(trip, line, ''),
    }),
} as const;

export type AccessFormat = keyof typeof formats;

export function accessLine(format: AccessFormat, moment: Moment, trip: Trip, line: NginxLine): string {
  return formats[format](moment, trip, line);
}

function combined({ date, zone }: Moment, { ask }: Trip, line: NginxLine): string {
  const request = `${ask.method} ${ask.path} HTTP/1.1`;
  return `${line.caller} - - [${common(date, zone)}] "${request}" ${line.status} ${line.bytes} "${ask.referrer || '-'}" "${ask.agent || '-'}"`;
}

function recommended({ date, process }: Moment, trip: Trip, line: NginxLine) {
  return {
    t: (date / 1000).toFixed(3),
    id: line.id,
    h: trip.ask.host,
    m: trip.ask.method,
    u: trip.ask.path,
    p: 'HTTP/1.1',
    st: `${line.status}`,
    rt: seconds(line.ended - line.began),
    b: `${line.bytes}`,
    ua: list(line, addresses, ''),
    us: list(line, statuses, ''),
    uct: list(line, connects, ''),
    uht: list(line, headers, ''),
    urt: list(line, responses, ''),
    ubr: list(line, ({ received }) => `${received}`, ''),
    ubs: list(line, ({ sent }) => `${sent}`, ''),
    pn: line.group,
    pid: `${process}`,
    cn: `${line.connection}`,
    cr: `${line.turn}`,
    ca: line.caller,
    xff: forwarded(trip, line, ''),
    ray: trip.headers.get('cf-ray') ?? '',
    amz: trip.headers.get('x-amzn-trace-id') ?? '',
    tp: '',
  };
}

/** X-Forwarded-For as it came in. */
function forwarded({ forwarded }: Trip, { caller }: NginxLine, none = '-'): string {
  return forwarded.filter((address) => address !== caller).join(', ') || none;
}

function took({ ended, began }: NginxLine): string {
  return `rt=${seconds(ended - began)}`;
}

const addresses = ({ peer }: Tried) => peer;
const statuses = ({ status }: Tried) => `${status ?? '-'}`;
const connects = ({ connect }: Tried) => maybe(connect);
const headers = ({ header }: Tried) => maybe(header);
const responses = ({ response }: Tried) => seconds(response);

function list({ attempts }: NginxLine, text: (one: Tried) => string, none = '-'): string {
  return attempts.length === 0 ? none : attempts.map(text).join(', ');
}

function maybe(milliseconds: number | undefined): string {
  return milliseconds === undefined ? '-' : seconds(milliseconds);
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

function iso({ date, zone }: Moment): string {
  const sign = zone < 0 ? '-' : '+';
  const text = new Date(Math.abs(zone) * 60_000).toISOString().slice(11, 16);
  return `${new Date(date + zone * 60_000).toISOString().slice(0, 19)}${sign}${text}`;
}
