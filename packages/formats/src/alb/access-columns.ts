import { type Columns, type Names, ofInterest, statusGetsVerdict } from '@why502/model';
import { KnownNames } from '../known-names.ts';
import type { RowNames } from '../ordinary/ordinary-rows.ts';
import { RouteClasses } from '../route.ts';
import { ServicesByHost } from '../services-by-host.ts';
import { secondsToMs } from '../time.ts';
import type { AccessLine } from './access-line.ts';
import { RequestPlaces } from './request-line.ts';
import { targetGroupName } from './target-group.ts';

/** What every line gives: one row of the columns. */
export class AccessColumns {
  readonly request = new RequestPlaces();
  /** Where names are looked up, also by who fills rows in another way. */
  readonly names: RowNames;
  readonly #nodes: KnownNames;
  /** Of the file's node; 0 where its name does not tell. */
  readonly #node: number;

  /**
   * @param line decodes values
   * @param node that of the file, which its lines need not name
   */
  constructor(names: Names, line: AccessLine, node: string | undefined) {
    this.#node = node === undefined ? 0 : names.places.idOf(node);
    const decode = (bytes: Buffer, from: number, to: number) => line.decode(from, to, bytes);
    this.names = {
      hosts: new KnownNames(names.hosts, decode),
      services: new KnownNames(names.services, (...value) => targetGroupName(decode(...value))),
      peers: new KnownNames(names.peers, decode),
      hostServices: new ServicesByHost(names),
      routes: new RouteClasses(names.routes),
      place: this.#node,
    };
    this.#nodes = new KnownNames(names.places, decode);
  }

  /** Fills a row from a line that is placed as far as ordinary lines are. */
  fill(line: AccessLine, into: Columns, row: number): void {
    const { at } = line;
    const { names } = this;
    into.at[row] = line.time;
    into.status[row] = line.status;
    into.flags[row] = statusGetsVerdict(line.status) ? ofInterest : 0;
    const host = this.#hostOf(line);
    into.host[row] = host;
    into.route[row] = this.#routeOf(line);
    into.service[row] = line.has(at.target_group_arn)
      ? this.#idIn(names.services, line, at.target_group_arn)
      : names.hostServices.idOf(host);
    into.peer[row] = this.#idIn(names.peers, line, at.target_port);
    const isForwarded =
      into.peer[row] !== 0 || line.has(at.target_group_arn) || line.statusOf(at.target_status_code) > 0;
    into.connect[row] = isForwarded ? msOf(line, at.request_processing_time) : -1;
    into.duration[row] = durationOf(line);
    into.place[row] = this.#node === 0 ? this.#nodeOf(line) : this.#node;
  }

  /** The class of the line's target; undefined without one. */
  routeOf(line: AccessLine): string | undefined {
    const { request_line: request } = line.at;
    if (!this.#find(line) || this.request.targetFrom < 0) return undefined;
    return this.names.routes.textOf(line.bytes, this.request.targetFrom, line.spans[2 * request + 1]!);
  }

  #hostOf(line: AccessLine): number {
    if (this.#find(line)) {
      const { hostFrom, hostTo } = this.request;
      if (hostTo > hostFrom) return this.names.hosts.idOf(line, hostFrom, hostTo);
    }
    // The name that the client asked for when it set up TLS.
    line.placeRest();
    return this.#idIn(this.names.hosts, line, line.at.domain_name);
  }

  /** Of the target that was found with the host. */
  #routeOf(line: AccessLine): number {
    const { request_line: request } = line.at;
    if (!line.has(request) || this.request.targetFrom < 0) return 0;
    return this.names.routes.idOf(line.bytes, this.request.targetFrom, line.spans[2 * request + 1]!);
  }

  /** Of a line that names its node by itself. */
  #nodeOf(line: AccessLine): number {
    const { ip_address: field } = line.at;
    if (field < 0) return 0;
    line.placeRest();
    return this.#idIn(this.#nodes, line, field);
  }

  #find(line: AccessLine): boolean {
    const { request_line: request } = line.at;
    if (!line.has(request)) return false;
    this.request.find(line.bytes, line.spans[2 * request]!, line.spans[2 * request + 1]!);
    return true;
  }

  #idIn(names: KnownNames, line: AccessLine, field: number): number {
    if (!line.has(field)) return 0;
    return names.idOf(line, line.spans[2 * field]!, line.spans[2 * field + 1]!);
  }
}

/** The time in a field in seconds, as ms; -1 where the line has `-1`, `-` or no such field. */
export function msOf(line: AccessLine, field: number): number {
  if (!line.reaches(field)) return -1;
  return secondsToMs(line.bytes, line.spans[2 * field]!, line.spans[2 * field + 1]!);
}

/**
 * Of the whole request, ms: the three times together, or else from when the request was created to when the answer was
 * sent; -1 where the line does not tell.
 */
export function durationOf(line: AccessLine): number {
  const { at } = line;
  const before = msOf(line, at.request_processing_time);
  const target = msOf(line, at.target_processing_time);
  const after = msOf(line, at.response_processing_time);
  if (before >= 0 && target >= 0 && after >= 0) return before + target + after;
  line.placeRest();
  return elapsedOf(line);
}

/** From creation to answer, ms; -1 where the line does not tell or the clock was set back between. */
export function elapsedOf(line: AccessLine): number {
  const elapsed = line.time - line.timeOf(line.at.request_creation_time);
  // Times have microseconds, which doubles of this size hold only nearly.
  return elapsed >= 0 ? Math.round(elapsed * 1000) / 1000 : -1;
}
