import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromCloudGov, fromCollector } from './origins-alb.ts';
import { fromReceiver } from './origins-cloudflare.ts';
import { samplesFolder } from './samples.ts';
import { present, type Values } from './values.ts';

/** What the project that a log comes from reads in it, by the number of the line. */
export function expectedBy(name: string): ReadonlyMap<number, Values> {
  const path = join(samplesFolder!, name);
  if (name.endsWith('.toml')) return new Map([[1, angleGrinder(readFileSync(path, 'utf8'))]]);
  if (name.includes('cg-elb-log-ingestor')) return fromCloudGov(path);
  if (name.includes('alb_al_valid')) return fromCollector(path);
  if (name.endsWith('all_fields.txt')) return fromReceiver(path);
  const asserted = path.replace(/\.log$/, '.parser.assert');
  if (existsSync(asserted)) return crowdSec(readFileSync(asserted, 'utf8'), readFileSync(path, 'utf8'));
  const objects = path.replace('.samples.log', '.expected.ndjson');
  if (objects !== path && existsSync(objects)) {
    const lines = readFileSync(objects, 'utf8').trim().split('\n');
    return new Map(lines.map((line, index) => [index + 1, datadog(JSON.parse(line))]));
  }
  const preview = path.replace('error.log', 'error.expected.PREVIEW.md');
  if (preview !== path && existsSync(preview)) {
    return aasaam(readFileSync(preview, 'utf8'), readFileSync(path, 'utf8'));
  }
  return new Map();
}

const ofCrowdSec: Readonly<Record<string, string>> = {
  ...{ status: 'status', verb: 'method', request: 'target', remote_addr: 'client', target_fqdn: 'host' },
  ...{ http_user_agent: 'userAgent', request_id: 'requestId', body_bytes_sent: 'bytes' },
  ...{ elb_status_code: 'status', http_method: 'method', sent_bytes: 'bytes', target_list: 'peer' },
  ...{ target_status_code: 'peerStatus' },
  ...{ loglevel: 'level', pid: 'pid', cid: 'connection' },
};

/**
 * Assertions of the form `results["s01-parse"][parser][i].Evt.Parsed[key] == value`. The number counts the lines that the
 * parser took, so that the line is told by its text.
 */
function crowdSec(asserts: string, log: string): ReadonlyMap<number, Values> {
  const lines = log.split('\n');
  const parsed = new Map<string, Record<string, string>>();
  const pattern =
    /^results\["s01-parse"\]\["([^"]+)"\]\[(\d+)\]\.Evt\.Parsed\["(\w+)"\] == ("(?:[^"\\]|\\.)*")$/gm;
  for (const [, parser, index, key, value] of asserts.matchAll(pattern)) {
    const values = parsed.get(`${parser} ${index}`) ?? {};
    values[key!] = fromGo(value!);
    parsed.set(`${parser} ${index}`, values);
  }
  const found = new Map<number, Values>();
  const used = new Set<number>();
  for (const values of parsed.values()) {
    const at = lines.findIndex(
      (line, index) =>
        !used.has(index) && line !== '' && (line === values.message || line.endsWith(values.message ?? '\n')),
    );
    if (at < 0) continue;
    used.add(at);
    found.set(
      at + 1,
      present(
        Object.fromEntries(
          Object.entries(values).flatMap(([key, value]) =>
            key in ofCrowdSec ? [[ofCrowdSec[key]!, value]] : [],
          ),
        ),
      ),
    );
  }
  return found;
}

/** A quoted string of Go. */
function fromGo(quoted: string): string {
  return quoted
    .slice(1, -1)
    .replaceAll(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))/g, (_, byte, unit, char) => {
      const code = byte ?? unit;
      return code === undefined ? (goControls[char] ?? char) : String.fromCharCode(Number.parseInt(code, 16));
    });
}

const goControls: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function datadog(theirs: Readonly<Record<string, string | number>>): Values {
  const nanoseconds = theirs.duration_ns;
  const destination = theirs['network.destination.ip'];
  const seconds = theirs['http.upstream_duration'];
  return present({
    client: theirs['network.client.ip'],
    method: theirs['http.method'],
    status: theirs['http.status_code'],
    target: theirs['http.url'],
    time: theirs.date_access,
    bytes: theirs['network.bytes_written'],
    requestId: theirs['http.request_id'],
    service: theirs['proxy.name'],
    duration: nanoseconds === undefined ? undefined : Number(nanoseconds) / 1e6,
    peer: destination === undefined ? undefined : `${destination}:${theirs['network.destination.port']}`,
    peerStatus: theirs['http.upstream_status_code'],
    peerTime: seconds === undefined ? undefined : Number(seconds) * 1e3,
    level: theirs.level,
    server: theirs.server,
    host: theirs.host,
    requestLine: theirs.request,
  });
}

function angleGrinder(text: string): Values {
  const output = /^output = """\n(.*?)"""/ms.exec(text)?.[1] ?? '';
  const theirs = Object.fromEntries(
    [...output.matchAll(/\[(\w+)=([^\]]*)\]/g)].map(([, key = '', value = '']) => [key, value]),
  );
  return present({
    client: theirs.remote_addr ?? theirs.addr,
    status: theirs.status,
    method: theirs.method,
    target: theirs.url,
    userAgent: theirs.http_user_agent,
    bytes: theirs.body_bytes_sent ?? theirs.bytes_sent,
    requestId: theirs.req_id,
    service: theirs.proxy_upstream_name,
    peer: theirs.upstream_addr,
    peerStatus: theirs.upstream_status,
  });
}

/** Pairs of a line and an object, in fences. */
function aasaam(markdown: string, log: string): ReadonlyMap<number, Values> {
  const lines = log.split('\n');
  const found = new Map<number, Values>();
  for (const [, line = '', json = ''] of markdown.matchAll(/```txt\n(.*?)\n```\s*```json\n(.*?)\n```/gs)) {
    const theirs = JSON.parse(json);
    const { client, host, level, pid, server } = theirs;
    const time = Date.parse(theirs.time);
    found.set(
      lines.indexOf(line) + 1,
      present({ client, host, level, pid, server, connection: theirs.cid, time }),
    );
  }
  return found;
}
